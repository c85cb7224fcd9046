"""What we want to reach, as ratios within one run."""

from statistics import median
from typing import Any

from benchmarks.measure import OURS


def reach_rows(found: dict[str, Any]) -> list[list[str]]:
    """Return a row for each aim: what, measured, wanted, whether it was reached."""
    rows = [row for model in ("1.0", "0.25") for row in _latency_rows(found, model)]
    rows += _visit_rows(found)
    rows += [row for model in ("1.0", "0.25") for row in _click_rows(found, model)]
    rows += _batch_rows(found["batches"])
    return rows


def _latency_rows(found: dict[str, Any], model: str) -> list[list[str]]:
    rows = []
    for threads in (1, 2):
        ours = _latency(found, model, OURS, threads)
        for peer, name, limit in (
            ("litert", "LiteRT.js float32", 1.05),
            ("onnx", "ONNX Runtime Web", 0.8),
        ):
            theirs = _latency(found, model, peer, threads)
            what = f"latency, alpha {model}, threads: {threads}, against {name}"
            rows.append(_at_most(what, ours and theirs and ours / theirs, limit))
    return rows


def _latency(found: dict[str, Any], model: str, engine: str, threads: int) -> float | None:
    rounds = found["latencies"].get(f"{model}|{engine}|{threads}")
    return median(median(times) for times in rounds) if rounds else None


def _visit_rows(found: dict[str, Any]) -> list[list[str]]:
    rows = []
    for model, profile, network in (
        ("0.25", "none", "loopback"),
        ("0.25", "4g", "9 Mbit/s, 150 ms"),
        ("1.0", "none", "loopback"),
    ):
        ours = _visit(found, model, OURS, profile)
        for peer, name, limit in (
            ("tfjs", "the stock TensorFlow.js page", 0.6),
            ("onnx", "ONNX Runtime Web", 0.5),
        ):
            what = f"first visit, alpha {model}, {network}, against {name}"
            rows.append(_at_most(what, ours / _visit(found, model, peer, profile), limit))
    for model in ("0.25", "1.0"):
        second = _visit(found, model, OURS, "offline") / _visit(found, model, OURS, "none")
        rows.append(
            _at_most(f"second visit offline, alpha {model}, against our first", second, 0.5)
        )
    return rows


def _visit(found: dict[str, Any], model: str, engine: str, profile: str) -> float:
    return median(visit["answer"] for visit in found["visits"][f"{model}|{engine}|{profile}"])


def _click_rows(found: dict[str, Any], model: str) -> list[list[str]]:
    theirs = median(time for one in found["clicks"][model] for time in one["times"])
    rows = []
    for threads, least in ((1, 8.0), (2, 14.0)):
        ours = _latency(found, model, f"{OURS}, from file", threads)
        what = f"a click, alpha {model}, threads: {threads}, times faster than loading at each"
        rows.append(_at_least(what, ours and theirs / ours, least))
    return rows


def _batch_rows(batches: list[Any]) -> list[list[str]]:
    one, all_cores = batches[0], batches[-1]
    before, after = all_cores["memories"]
    rows = [
        _at_least(
            "batch, one worker a core against one worker", all_cores["rate"] / one["rate"], 1.7
        ),
        _at_most(
            "tensors after all photos against after a tenth",
            after["tensors"] / before["tensors"],
            1,
        ),
    ]
    if before["process"] and after["process"]:
        growth = after["process"] / before["process"]
        rows.append(_at_most("memory after all photos against after a tenth", growth, 1.1))
    return rows


def _at_most(what: str, measured: float | None, limit: float) -> list[str]:
    if measured is None:
        return [what, "–", f"≤ {limit:g}", "not measured"]
    return [what, f"{measured:.2f}", f"≤ {limit:g}", "yes" if measured <= limit else "**no**"]


def _at_least(what: str, measured: float | None, limit: float) -> list[str]:
    if measured is None:
        return [what, "–", f"≥ {limit:g}", "not measured"]
    return [what, f"{measured:.2f}", f"≥ {limit:g}", "yes" if measured >= limit else "**no**"]
