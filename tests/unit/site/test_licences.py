"""Whose the weights are: the text beside the model, and the links in the About panel."""

import json
import re
from dataclasses import replace
from pathlib import Path

from builder.build import build_site
from builder.config import SiteConfig
from builder.model.metadata_json import Metadata
from builder.resources import apache_licence
from builder.site.licences import is_licences, model_licences
from tests.unit.sites import metadata, prepared

ORIGIN = "https://example.org/weights"


def described(**changes: object) -> Metadata:
    """Return the metadata of a model whose origin is known so far."""
    return metadata(source=replace(metadata().source, **changes))


def text_of(model: Metadata) -> str:
    ((name, content),) = model_licences(model).items()
    assert name == "LICENSES.txt"
    return content.decode()


def test_the_text_has_licence_origin_notice_and_what_was_changed() -> None:
    text = text_of(described(licence="MIT", origin=ORIGIN, notice="By Ash & Oak, 1999"))
    assert text == (
        f"Trees 0.25, 96 px\nLicence: MIT\nFrom: {ORIGIN}\n\nBy Ash & Oak, 1999\n\n"
        "Changed since: made into a graph model of TensorFlow.js, its weights stored anew "
        "(float16).\n"
    )


def test_apache_s_licence_is_there_in_full() -> None:
    text = text_of(described(licence="Apache-2.0"))
    assert text.endswith(apache_licence().read_text("utf-8").strip("\n") + "\n")
    assert "END OF TERMS AND CONDITIONS" in text


def test_there_is_no_text_where_nothing_is_known() -> None:
    assert model_licences(metadata()) == {}


def built(folder: Path, model: Metadata) -> Path:
    config = SiteConfig(output=folder / "dist")
    build_site(config, prepare=lambda *_: prepared(model))
    return config.output


def test_a_site_carries_the_text_and_links_to_it(tmp_path: Path) -> None:
    site = built(tmp_path, described(licence="MIT", origin=ORIGIN, accuracy={"source": ORIGIN}))
    page = (site / "index.html").read_text(encoding="utf-8")
    (path,) = (file.relative_to(site).as_posix() for file in site.glob("model/*/LICENSES.txt"))
    assert is_licences(path)
    assert f'<a href="{path}" target="_blank">MIT</a>' in page
    assert f'<a href="{ORIGIN}" target="_blank" rel="noreferrer" dir="ltr">' in page
    assert f'<a id="about-accuracy" href="{ORIGIN}"' in page
    preloaded = re.findall(r'rel="preload"[^>]*href="(model/[^"]+)"', page)
    assert preloaded
    assert path not in preloaded, "no answer waits for it"
    found = re.search(r"^const manifest = (\{.*\});$", (site / "sw.js").read_text("utf-8"), re.M)
    assert found
    (entry,) = (one for one in json.loads(found[1])["entries"] if one["url"] == path)
    assert entry["groups"] == ["extras"]


def test_an_address_that_is_none_becomes_no_link(tmp_path: Path) -> None:
    script = "javascript:alert(1)"
    site = built(tmp_path, described(origin=script, accuracy={"top1": 0.5, "source": script}))
    page = (site / "index.html").read_text(encoding="utf-8")
    assert '<span id="about-accuracy">' in page
    assert f'href="{script}' not in page
