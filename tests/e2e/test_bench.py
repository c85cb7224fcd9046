"""`classifier-pwa bench` on the small site, with counts as small as they go."""

import json
from pathlib import Path

from click.testing import CliRunner

from builder.bench.profiles import PROFILES
from builder.cli.main import main
from tests.conftest import Apart


def test_a_site_is_measured_from_cold_start_to_a_batch(trees_site: Path, apart: Apart) -> None:
    options = ["--profile", "none", "--profile", "4g", "--rounds", "1"]
    options += ["--backend", "wasm"]
    arguments = ["bench", str(trees_site), *options, "--answers", "2", "--photos", "40", "--json"]
    result = apart(CliRunner().invoke, main, arguments)
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)

    visits = {(visit["profile"], visit["number"]): visit for visit in report["visits"]}
    assert list(visits) == [("none", 1), ("none", 2), ("offline", 2), ("4g", 1), ("4g", 2)]
    assert all(visit["answer"] > 0 for visit in visits.values())
    first = visits["none", 1]
    assert set(first["phases"]) >= {"page", "app", "runtime", "model"}
    assert all(end <= first["answer"] for end in first["phases"].values())
    assert first["sent"] > 100_000
    assert visits["offline", 2]["sent"] == 0
    # Page, then what the page names: none comes before the network lets it.
    slow = visits["4g", 1]
    latency = PROFILES["4g"].latency
    assert slow["phases"]["page"] >= latency
    assert min(slow["phases"][kind] for kind in ("app", "model")) >= 2 * latency

    wasm = report["latencies"][0]
    assert (wasm["backend"], wasm["threads"], wasm["answers"]) == ("wasm", 1, 2)
    assert set(wasm["steps"]) == {"decode", "preprocess", "inference", "total"}
    assert all(0 < median <= p95 for median, p95 in wasm["steps"].values())
    assert report["camera"]["steps"]["decode"][0] > 0

    cores = report["machine"]["cores"]
    assert [batch["workers"] for batch in report["batches"]] == sorted({1, cores})
    for batch in report["batches"]:
        assert batch["rate"] > 0
        before, after = batch["memories"]
        assert (before["photos"], after["photos"]) == (4, 40)
        assert before["tensors"] == after["tensors"] > 0
        # What a photo leaves behind would show: 36 of them decoded are 60 MB.
        assert after["scripts"] < before["scripts"] + 5_000_000
