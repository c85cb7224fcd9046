"""The parts of `bench` that need no browser; tests/e2e/test_bench.py runs the whole."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from werkzeug.test import Client

from builder.bench.bench_site import Report
from builder.bench.host import BenchApp
from builder.bench.inference import Batch, Latency, Memory, summarized
from builder.bench.memory import proportional_set_size
from builder.bench.profiles import PROFILES
from builder.bench.table import table
from builder.bench.visits import Visit, phase_ends
from builder.cli.bench import bench


def test_profiles_are_told_in_the_browsers_units() -> None:
    assert PROFILES["none"].conditions()["downloadThroughput"] == -1
    assert PROFILES["4g"].conditions() == {
        "offline": False,
        "latency": 150,
        "downloadThroughput": 1_125_000,
        "uploadThroughput": 187_500,
    }


def test_the_command_line_offers_every_profile() -> None:
    option = next(option for option in bench.params if option.name == "profiles")
    assert set(option.type.choices) == set(PROFILES)  # type: ignore[attr-defined]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("home " * 100)
    (tmp_path / "shard.bin").write_bytes(bytes(1000))
    return tmp_path


def test_the_host_compresses_text_and_counts_what_it_sends(site: Path) -> None:
    app = BenchApp(site)
    client = Client(app)
    page = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert page.headers["Content-Encoding"] == "br"
    assert brotli.decompress(page.data) == b"home " * 100
    shard = client.get("/shard.bin", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in shard.headers
    assert app.sent == len(page.data) + 1000
    assert client.get("/").data == b"home " * 100


def test_the_host_isolates_pages_only_when_told_to(site: Path) -> None:
    header = "Cross-Origin-Embedder-Policy"
    assert header not in Client(BenchApp(site)).get("/").headers
    assert Client(BenchApp(site, isolated=True)).get("/").headers[header] == "require-corp"


def request(url: str, start: float, end: float) -> Any:
    return SimpleNamespace(url=url, timing={"startTime": start, "responseEnd": end})


def test_a_phase_ends_with_its_last_file_before_the_answer() -> None:
    root = "http://127.0.0.1/x/"
    requests = [
        request(root, 1000, 5),
        request(f"{root}app/1/page/app.js", 1010, 10),
        request(f"{root}app/1/page/view.js", 1010, 40),
        request(f"{root}runtime/1/tf.wasm", 1050, 30),
        request(f"{root}runtime/1/tf.js", 1050, 20),
        request(f"{root}model/1/shard.bin", 1050, -1),
        request(f"{root}model/1/late.bin", 1300, 20),
        request(f"{root}favicon.ico", 1000, 20),
    ]
    ends = phase_ends(requests, origin=1000, answer=200)
    assert ends == {"page": 5, "app": 50, "runtime": 70, "wasm": 80}


def test_the_95th_percentile_is_near_the_slowest() -> None:
    assert summarized([float(value) for value in range(1, 101)]) == (50.5, 95.05)
    assert summarized([7.0]) == (7.0, 7.0)


def test_memory_is_read_as_the_kernel_writes_it() -> None:
    rollup = "00400000-7fff ---p 00000000 00:00 0 [rollup]\nRss: 99 kB\nPss:   12 kB\n"
    assert proportional_set_size(rollup) == 12 * 1024


def test_the_table_shows_medians_and_what_is_unknown() -> None:
    steps = dict.fromkeys(("decode", "preprocess", "inference", "total"), (1.25, 9.0))
    memories = (Memory(10, 61, 5_000_000, None), Memory(100, 61, 6_000_000, None))
    report = Report(
        site={"title": "Trees", "modelInfo": {"name": "MobileNet"}},
        machine={"processor": "A chip", "cores": 2, "browser": "Chromium 1"},
        visits=(
            Visit("none", 1, 300.0, {"page": 10.0}, 2_000_000),
            Visit("none", 1, 100.0, {}, 2_000_000),
            Visit("none", 1, 200.0, {"page": 30.0}, 2_000_000),
            Visit("offline", 2, 50.0, {}, 0),
        ),
        latencies=(Latency("wasm", 1, steps, 100),),
        camera=None,
        batches=(Batch(2, 100, 25.44, memories),),
    )
    rows = [line.split() for line in table(report).splitlines()]
    assert ["none", "first", "200", "20", "-", "-", "-", "-", "2000"] in rows
    assert ["offline", "second", "50", "-", "-", "-", "-", "-", "0"] in rows
    assert ["wasm", "1", *["1.2", "(9.0)"] * 4] in rows
    assert ["2", "25.4", "?", "→", "?", "5.0", "→", "6.0", "61", "→", "61"] in rows
