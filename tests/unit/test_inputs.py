"""What a build reads: nothing that a setting names is forgotten."""

from dataclasses import replace
from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.config.field_docs import settings
from builder.inputs import inputs_of

NAMING_INPUTS = [
    setting.field
    for setting in settings()
    if setting.kind.metavar in ("FILE", "FOLDER", "NAME|PATH")
]


def test_there_are_such_settings() -> None:
    assert {"model", "weights", "labels", "templates", "parity_images"} <= set(NAMING_INPUTS)


@pytest.mark.parametrize("field", NAMING_INPUTS)
def test_every_setting_that_names_a_file_or_folder_names_an_input(
    field: str, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    value: object = given
    if field in ("model", "weights"):
        value = str(given)
    elif isinstance(getattr(SiteConfig(), field), tuple):
        value = (given,)
    assert inputs_of(replace(SiteConfig(), **{field: value})) == (given,)  # type: ignore[arg-type]


def test_what_is_read_beside_a_model_is_an_input(tmp_path: Path) -> None:
    for name in ("keras_model.h5", "labels.txt", "notes.md"):
        (tmp_path / name).write_text("")
    inputs = inputs_of(SiteConfig(model=str(tmp_path / "keras_model.h5")))
    assert inputs == (tmp_path / "keras_model.h5", tmp_path / "labels.txt")
    (tmp_path / "model.json").write_text('{"weightsManifest": [{"paths": ["a.bin"]}]}')
    (tmp_path / "a.bin").write_text("")
    inputs = inputs_of(SiteConfig(model=str(tmp_path / "model.json")))
    assert {path.name for path in inputs} == {"a.bin", "labels.txt", "model.json"}


def test_names_are_no_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("auto", "demo", "mobilenet", "imagenet"):
        (tmp_path / name).mkdir()
    for model in ("auto", "demo", "mobilenet"):
        assert inputs_of(SiteConfig(model=model)) == ()
