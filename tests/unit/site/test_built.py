"""Reading what a built site says of itself, whoever changed it since."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.errors import BrowserError
from builder.site.built import read_site, read_site_metadata
from builder.site.report import REPORT, read_report, report_file
from builder.typed_json import to_json
from tests.unit.sites import metadata, report

SITE: dict[str, Any] = to_json(report())
METADATA: dict[str, Any] = to_json(metadata())


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object, object], Path]:
    """Return a function that writes a site of these two files, as JSON or bytes."""

    def written(site: object, model: object = METADATA) -> Path:
        folder = tmp_path / SITE["model"]
        folder.mkdir(parents=True)
        for path, value in ((tmp_path / REPORT, site), (folder / "metadata.json", model)):
            content = value if isinstance(value, bytes) else json.dumps(value).encode()
            path.write_bytes(content)
        return tmp_path

    return written  # type: ignore[return-value]


def test_a_site_says_what_was_written(write: Callable[..., Path]) -> None:
    folder = write(SITE)
    assert read_site(folder) == read_report(folder) == report()
    assert read_site_metadata(folder) == metadata()
    (folder / REPORT).write_bytes(report_file(report()).content)
    assert read_site(folder) == report()


def without(name: str, members: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}


@pytest.mark.parametrize(
    ("site", "reason"),
    [
        (b"", "its site.json is not JSON"),
        (b"[" * 100_000, "its site.json is not JSON"),
        ([], "its site.json does not name classifier-pwa"),
        ({}, "its site.json does not name classifier-pwa"),
        (SITE | {"files": None}, "its site.json has no object in files"),
        (
            SITE | {"files": {"../x": {}}},
            "its site.json has a path in files that leads out",
        ),
        (SITE | {"withdrawn": True}, "its site.json is that of a withdrawn app"),
        (SITE | {"title": 1}, "its site.json has no text in title"),
        (SITE | {"modelInfo": []}, "its site.json has no object in modelInfo"),
        (
            SITE | {"modelInfo": without("name", SITE["modelInfo"])},
            "its site.json has no text in modelInfo.name",
        ),
        (without("topK", SITE), "its site.json has no whole number in topK"),
        (SITE | {"excluded": [True]}, r"its site.json has no whole number in excluded\[0\]"),
        (SITE | {"threshold": float("nan")}, "its site.json has no number in threshold"),
        (SITE | {"grayscale": 1}, "its site.json has neither true nor false in grayscale"),
        (SITE | {"activation": "tanh"}, 'has no "softmax" or "sigmoid" or "none" in activation'),
        (SITE | {"model": "model/../../etc/"}, "its site.json has no folder in model"),
        (SITE | {"app": ["app/0123456789abcdef/"]}, "its site.json has no text in app"),
    ],
)
def test_what_is_wrong_with_a_report_is_told(
    write: Callable[..., Path], site: object, reason: str
) -> None:
    with pytest.raises(BrowserError, match=f"no site that classifier-pwa has built, .*{reason}"):
        read_site(write(site))


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (b"\xff", "metadata.json is not JSON"),
        ([], "metadata.json is no object"),
        (without("name", METADATA), "metadata.json has no text in name"),
        (METADATA | {"labels": "oak"}, "metadata.json has no list in labels"),
        (METADATA | {"labels": ["oak", None]}, r"metadata.json has no text in labels\[1\]"),
        (METADATA | {"inputSize": [96]}, "metadata.json has no pair in inputSize"),
        (
            METADATA | {"temperature": 0},
            "metadata.json has no number greater than 0 in temp",
        ),
        (
            METADATA | {"familiarity": {"limit": "5"}},
            "metadata.json has no number in familiarity.limit",
        ),
    ],
)
def test_what_is_wrong_with_metadata_is_told(
    write: Callable[..., Path], model: object, reason: str
) -> None:
    with pytest.raises(BrowserError, match=rf"model/0123456789abcdef/{reason}.*Run classifier-pwa"):
        read_site_metadata(write(SITE, model))


def test_a_folder_that_is_no_site_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match=r"its site\.json cannot be read: No such file"):
        read_site_metadata(tmp_path)
    os.mkfifo(tmp_path / "site.json")
    with pytest.raises(BrowserError, match=r"its site\.json is not a file"):
        read_site_metadata(tmp_path)
