"""Puts the figures into docs/performance.md, between two marks; the prose around them stays."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.measure import OURS
from benchmarks.reach import reach_rows
from benchmarks.staging import HERE

START, END = "<!-- figures: written by python -m benchmarks run -->", "<!-- end of figures -->"
NAMES = {
    OURS: "**classifier-pwa**",
    f"{OURS}, from file": "classifier-pwa, from file to answer",
    "tfjs": "TensorFlow.js, union bundle, converter's graph",
    "onnx": "ONNX Runtime Web",
    "litert": "LiteRT.js, float32",
    "litert int8": "LiteRT.js, int8",
    "mediapipe": "MediaPipe Tasks Vision",
}


def write_report(found: dict[str, Any], path: Path) -> None:
    """Replace the figures in the report. Raises ValueError where it lacks the marks."""
    text = path.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{path} lacks the line {START} or {END}")
    tables = "\n\n".join(_sections(found))
    path.write_text(f"{before}{START}\n\n{tables}\n\n{END}{after}", encoding="utf-8")


def _sections(found: dict[str, Any]) -> list[str]:
    machine = found["machine"]
    packages = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(packages.items()))
    return [
        f"{machine['processor']}, {machine['cores']} cores, {machine['browser']}, headless, no "
        f"GPU; medians of {found['rounds']} interleaved rounds. Peers: {versions}.",
        "### Reach",
        _table(["", "measured", "wanted", ""], reach_rows(found)),
        "### One answer on an open page, ms",
        "From pixels of the input size to probabilities, WebAssembly, after 30 answers of warm-up: "
        "median (95th percentile).",
        _latency_table(found["latencies"]),
        "### First visit: navigation to first answer, ms",
        _visit_table(found["visits"]),
        "### A click, where the model is loaded anew each time",
        _click_table(found["clicks"]),
        "### Many photos in a row, MobileNet 0.25",
        _batch_table(found["batches"]),
        "### int8, MobileNet 0.25",
        _int8_table(found["int8"]),
    ]


def _latency_table(latencies: dict[str, Any]) -> str:
    keys = [key.split("|") for key in latencies]
    columns = sorted({(model, int(threads)) for model, _, threads in keys})
    head = ["", *(f"alpha {model}, {_threads(threads)}" for model, threads in columns)]
    rows = []
    for engine in dict.fromkeys(engine for _, engine, _ in keys):
        cells = [latencies.get(f"{model}|{engine}|{threads}") for model, threads in columns]
        rows.append([NAMES[engine], *(_spread(rounds) if rounds else "–" for rounds in cells)])
    return _table(head, rows)


def _threads(number: int) -> str:
    return "1 thread" if number == 1 else f"{number} threads"


def _spread(rounds: Sequence[Sequence[float]]) -> str:
    typical = median(median(times) for times in rounds)
    slowest = median(quantiles(times, n=20, method="inclusive")[-1] for times in rounds)
    return f"{typical:.1f} ({slowest:.1f})"


def _visit_table(visits: dict[str, Any]) -> str:
    keys = [key.split("|") for key in visits]
    columns = list(dict.fromkeys((model, profile) for model, _, profile in keys))
    head = ["", *(f"alpha {model}, {_network(profile)}" for model, profile in columns), "KB sent"]
    rows = []
    for engine in dict.fromkeys(engine for _, engine, _ in keys):
        cells = [visits.get(f"{model}|{engine}|{profile}") for model, profile in columns]
        sent = [visits[f"{columns[0][0]}|{engine}|none"][0]["sent"]]
        rows.append(
            [
                NAMES[engine],
                *(f"{median(v['answer'] for v in cell):.0f}" if cell else "–" for cell in cells),
                f"{median(sent) / 1000:.0f}",
            ]
        )
    return _table(head, rows)


def _network(profile: str) -> str:
    return {"none": "loopback", "4g": "9 Mbit/s, 150 ms", "offline": "second visit, offline"}[
        profile
    ]


def _click_table(clicks: dict[str, Any]) -> str:
    rows = [
        [
            f"@tensorflow-models/mobilenet, alpha {model}",
            f"{median(time for one in rounds for time in one['times']):.0f}",
            f"{rounds[0]['tensors']:.0f}",
        ]
        for model, rounds in clicks.items()
    ]
    return _table(["", "ms", "tensors left behind by each"], rows)


def _batch_table(batches: Sequence[Any]) -> str:
    rows = []
    for batch in batches:
        before, after = batch["memories"]
        rows.append(
            [
                str(batch["workers"]),
                f"{batch['rate']:.1f}",
                *(
                    f"{before[key] / unit:.{digits}f} → {after[key] / unit:.{digits}f}"
                    for key, unit, digits in (
                        ("process", 1e6, 1),
                        ("scripts", 1e6, 1),
                        ("tensors", 1, 0),
                    )
                ),
            ]
        )
    photos = f"{before['photos']} → {after['photos']} photos"
    head = ["workers", "photos a second", f"process, MB ({photos})", "scripts, MB", "tensors"]
    return _table(head, rows)


def _int8_table(int8: dict[str, Any]) -> str:
    names = {"model": "float32", "model-int8": "int8, calibrated on the same photos"}
    rows = [
        [
            names[name],
            f"{one['bytes'] / 1e3:.0f}",
            f"{one['brotli'] / 1e3:.0f}",
            f"{one['top1']:.1%}",
            f"{one['top5']:.1%}",
            f"{one['agreement']:.1%}",
        ]
        for name, one in int8["models"].items()
    ]
    head = ["weights", "KB", "KB, brotli", "top 1", "top 5", "same first answer as float32"]
    return f"On {int8['photos']} ImageNet photos.\n\n{_table(head, rows)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
