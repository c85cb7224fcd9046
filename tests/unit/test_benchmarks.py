"""The report of the benchmark against the peers; measuring itself is `python -m benchmarks`."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import models_page
from benchmarks.measure import OURS
from benchmarks.reach import reach_rows
from benchmarks.report import END, START, write_report
from benchmarks.teachable_machine import Agreement

ANSWER = {
    (OURS, "none"): 400,
    (OURS, "4g"): 3000,
    (OURS, "offline"): 250,
    ("tfjs", "none"): 800,
    ("tfjs", "4g"): 4000,
    ("onnx", "none"): 1000,
    ("onnx", "4g"): 9000,
}


def figures() -> dict[str, Any]:
    models = ("0.25", "1.0")
    memories = [{"photos": 10, "process": 100, "scripts": 1, "tensors": 5}] * 2
    return {
        "machine": {"processor": "A chip", "cores": 2, "browser": "Chromium 1"},
        "rounds": 2,
        "latencies": {
            f"{model}|{engine}|1": [[time, time], [time, time]]
            for model in models
            for engine, time in (
                (OURS, 20.0),
                (f"{OURS}, from file", 30.0),
                ("litert", 10.0),
                ("onnx", 40.0),
            )
        },
        "visits": {
            f"{model}|{engine}|{profile}": [{"answer": answer, "sent": 1000}]
            for model in models
            for (engine, profile), answer in ANSWER.items()
        },
        "clicks": {model: [{"times": [300.0, 300.0], "tensors": 78.0}] for model in models},
        "batches": [
            {"workers": 1, "rate": 10.0, "memories": memories},
            {"workers": 2, "rate": 18.0, "memories": memories},
        ],
        "int8": {"photos": 200, "models": {}},
    }


def test_each_aim_is_a_ratio_with_a_verdict() -> None:
    rows = {row[0]: row[1:] for row in reach_rows(figures())}
    latency = "latency, alpha 1.0, threads: {}, against {}"
    assert rows[latency.format(1, "LiteRT.js float32")] == ["2.00", "≤ 1.05", "**no**"]
    assert rows[latency.format(1, "ONNX Runtime Web")] == ["0.50", "≤ 0.8", "yes"]
    assert rows[latency.format(2, "ONNX Runtime Web")] == ["–", "≤ 0.8", "not measured"]
    visit = "first visit, alpha 0.25, {}, against {}"
    stock = "the stock TensorFlow.js page"
    assert rows[visit.format("loopback", stock)] == ["0.50", "≤ 0.6", "yes"]
    assert rows[visit.format("9 Mbit/s, 150 ms", stock)] == ["0.75", "≤ 0.6", "**no**"]
    assert rows["second visit offline, alpha 0.25, against our first"][0] == "0.62"
    clicks = "a click, alpha 1.0, threads: 1, times faster than loading at each"
    assert rows[clicks] == ["10.00", "≥ 8", "yes"]
    assert rows["batch, one worker a core against one worker"] == ["1.80", "≥ 1.7", "yes"]
    assert rows["memory after all photos against after a tenth"] == ["1.00", "≤ 1.1", "yes"]


def test_the_report_keeps_the_prose_around_the_figures(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"# Before\n{START}\nold\n{END}\nAfter\n", encoding="utf-8")
    write_report(figures(), page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n{START}\n")
    assert text.endswith(f"{END}\nAfter\n")
    assert "old" not in text
    assert "| ONNX Runtime Web | 40.0 (40.0) |" in text
    page.write_text("# No marks\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the line"):
        write_report(figures(), page)


def test_the_models_page_has_measured_figures_only(tmp_path: Path) -> None:
    half = {"bytes": 5_100_000, "agreement": 1.0, "difference": 7e-3, "milliseconds": 62.4}
    mixed = {"bytes": 2_600_000, "agreement": 5 / 6, "difference": 2e-2}
    results = tmp_path / "results.jsonl"
    entries = [
        {"name": "mobilenetv3small", "size": 224, "float16": half},
        {"name": "vgg16", "error": "not finished in 1500 s"},
        {"name": "mobilenetv3small", "size": 224, "mixed": mixed},
    ]
    results.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    page = tmp_path / "models.md"
    page.write_text(f"before\n{models_page.START}\nold\n{models_page.END}\nafter\n")
    models_page.write_page(results, page)
    before, *table, after = page.read_text().splitlines()
    assert (before, after) == ("before", "after")
    rows = {row.split("`")[1]: row for row in table if "`" in row and "--model" not in row}
    assert "old" not in table
    assert rows["mobilenetv3small"] == (
        "| MobileNet v3 small | `mobilenetv3small` | 224 px | – | 5.1 MB | – | 2.6 MB"
        " | –, 100%, –, 83% | –, 7e-03, –, 2e-02 | 62 |"
    )
    assert "| not finished in 1500 s |" in rows["vgg16"]
    assert "| not measured |" in rows["resnet50"]
    assert {row.count("|") for row in rows.values()} == {11}


def test_two_ways_agree_where_their_first_answers_do() -> None:
    ours = np.array([[0.6, 0.4], [0.5, 0.5], [0.1, 0.9], [0.7, 0.3]])
    theirs = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.4, 0.6]])
    agreement = Agreement.of(ours, theirs)
    assert agreement.same == 0.75
    assert agreement.largest == pytest.approx(0.3)
