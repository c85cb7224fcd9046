"""What visits cost over the wire, and the copies for hosts that send them as they are."""

import gzip
import json
import random
from pathlib import Path

import brotli
import pytest

from builder.build import build_site
from builder.config import SiteConfig
from builder.site.files import SiteFile, addressed_folder
from builder.site.report import TransferCost
from builder.site.transfer import precompressed, transfer_costs
from builder.typed_json import to_json
from tests.unit.sites import prepare_trees

NOISE = random.Random(1).randbytes(5000)
PROSE = b"the same words again " * 200


def test_a_first_visit_is_what_every_device_fetches_and_an_update_what_changes() -> None:
    runtime = addressed_folder("runtime", {"tf.js": PROSE, "webgl.js": PROSE, "simd.wasm": NOISE})
    model = addressed_folder("model", {"shard.bin": PROSE})
    app = addressed_folder("app", {"page.js": PROSE})
    needed = {"tf.js", "simd.wasm"}
    costs = transfer_costs([*app.files, *model.files], runtime, needed, [runtime, model])

    text = len(brotli.compress(PROSE, quality=5))
    noise = len(brotli.compress(NOISE, quality=5))
    assert costs.first_visit == TransferCost(
        files=4,
        bytes=3 * len(PROSE) + len(NOISE),
        # Octet streams go over the wire as they are.
        brotli=2 * text + noise + len(PROSE),
    )
    assert costs.app_update == TransferCost(files=1, bytes=len(PROSE), brotli=text)


def test_copies_lie_beside_files_that_get_smaller_and_hold_the_same() -> None:
    copies = precompressed([SiteFile("a.js", PROSE), SiteFile("b.png", NOISE)])
    contents = {copy.path: copy.content for copy in copies}
    assert set(contents) == {"a.js.br", "a.js.gz"}
    assert brotli.decompress(contents["a.js.br"]) == PROSE
    assert gzip.decompress(contents["a.js.gz"]) == PROSE


@pytest.mark.slow
def test_a_site_may_have_copies_which_its_report_knows_and_its_worker_does_not_keep(
    tmp_path: Path,
) -> None:
    config = SiteConfig(output=tmp_path / "dist", precompress=True)
    result = build_site(config, prepare=prepare_trees)
    page = (tmp_path / "dist/index.html").read_bytes()
    assert brotli.decompress((tmp_path / "dist/index.html.br").read_bytes()) == page
    report = json.loads((tmp_path / "dist/site.json").read_bytes())
    assert "sw.js.gz" in report["files"]
    worker = (tmp_path / "dist/sw.js").read_text(encoding="utf-8")
    assert '.js"' in worker
    assert '.js.br"' not in worker
    assert report["transfer"] == to_json(result.report.transfer)
    first, update = report["transfer"]["firstVisit"], report["transfer"]["appUpdate"]
    assert 0 < update["brotli"] < first["brotli"] < first["bytes"]
    # A second build finds its own copies and replaces them.
    build_site(config, prepare=prepare_trees)
