"""The result of a measurement as people read it."""

from collections.abc import Sequence
from statistics import median

from builder.bench.bench_site import Report
from builder.bench.inference import Latency
from builder.bench.visits import Visit

_PHASES = ("page", "app", "runtime", "wasm", "model")


def table(report: Report) -> str:
    """Return the report as text of a few aligned tables."""
    model = report.site["modelInfo"]["name"]
    machine = report.machine
    lines = [
        f"Site:     {report.site['title']}, {model}",
        f"Machine:  {machine['processor']}, {machine['cores']} cores, {machine['browser']}",
        "",
        "Navigation to first answer, and until the last file of each kind, ms",
        *_aligned(_visit_rows(report.visits)),
        "",
        "One answer on an open page, ms: median (95th percentile)",
        *_aligned(_latency_rows(report)),
        "",
        "Many photos in a row, on the backend that the app tries first",
        *_aligned(_batch_rows(report)),
    ]
    return "\n".join(lines)


def _visit_rows(visits: Sequence[Visit]) -> list[list[str]]:
    rows = [["network", "visit", "answer", *_PHASES, "KB over the wire"]]
    for key in dict.fromkeys((visit.profile, visit.number) for visit in visits):
        same = [visit for visit in visits if (visit.profile, visit.number) == key]
        phases = [[visit.phases.get(name) for visit in same] for name in _PHASES]
        rows.append(
            [
                key[0],
                "first" if key[1] == 1 else "second",
                f"{median(visit.answer for visit in same):.0f}",
                *(_median_or_dash(values) for values in phases),
                f"{median(visit.sent for visit in same) / 1000:.0f}",
            ]
        )
    return rows


def _median_or_dash(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{median(known):.0f}" if known else "-"


def _latency_rows(report: Report) -> list[list[str]]:
    rows = [["backend", "threads", "decode", "preprocess", "inference", "total"]]
    rows += [_latency_row(latency, "") for latency in report.latencies]
    if report.camera:
        rows.append(_latency_row(report.camera, ", 12 MP photos"))
    return rows


def _latency_row(latency: Latency, note: str) -> list[str]:
    steps = ("decode", "preprocess", "inference", "total")
    return [
        f"{latency.backend}{note}",
        str(latency.threads),
        *("{:.1f} ({:.1f})".format(*latency.steps[step]) for step in steps),
    ]


def _batch_rows(report: Report) -> list[list[str]]:
    rows = [["workers", "photos/s", "process, MB", "scripts, MB", "tensors"]]
    for batch in report.batches:
        memories = batch.memories
        rows.append(
            [
                str(batch.workers),
                f"{batch.rate:.1f}",
                " → ".join(_megabytes(memory.process) for memory in memories),
                " → ".join(_megabytes(memory.scripts) for memory in memories),
                " → ".join(str(memory.tensors) for memory in memories),
            ]
        )
    return rows


def _megabytes(size: int | None) -> str:
    return "?" if size is None else f"{size / 1e6:.1f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with the first column flush left and the others flush right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
