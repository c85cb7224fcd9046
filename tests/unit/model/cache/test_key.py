"""The key changes with all that a converted model depends on, and with nothing else."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from builder.config import SiteConfig
from builder.config.field_docs import Setting, settings
from builder.model.cache.key import conversion_key


def other(name: str, folder: Path) -> Any:
    """Return another value of a setting than its default, of the same kind."""
    [kind] = [field.type for field in fields(SiteConfig) if field.name == name]
    value = getattr(SiteConfig(), name)
    if value is None and str not in get_args(kind):
        value = folder.parent if Path in get_args(kind) else 0
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if isinstance(value, tuple):
        return (folder,)
    return folder if isinstance(value, Path) else f"{value}1"


@pytest.mark.parametrize("setting", settings(), ids=lambda setting: setting.field)
def test_settings_of_the_model_count_and_those_of_the_site_do_not(
    setting: Setting, tmp_path: Path
) -> None:
    config, name = SiteConfig(), setting.field
    changed = replace(config)
    # Not by its constructor, which takes only what makes sense.
    object.__setattr__(changed, name, other(name, tmp_path))
    assert (conversion_key(changed) == conversion_key(config)) == setting.site_only


def test_where_the_settings_were_read_does_not_count(tmp_path: Path) -> None:
    read = SiteConfig(config_file=tmp_path / "classifier-pwa.toml")
    assert conversion_key(read) == conversion_key(SiteConfig())


def test_files_count_by_content(tmp_path: Path) -> None:
    model, labels = tmp_path / "trees.keras", tmp_path / "trees.txt"
    model.write_bytes(b"model")
    labels.write_text("oak\n")
    config = SiteConfig(model=str(model), labels=labels)
    keys = [conversion_key(config)]
    model.write_bytes(b"other")
    keys.append(conversion_key(config))
    labels.write_text("elm\n")
    keys.append(conversion_key(config))
    labels.write_text("oak\n")
    model.write_bytes(b"model")
    assert conversion_key(config) == keys[0]
    assert len(set(keys)) == 3


def test_folders_count_by_all_that_lies_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "variables").mkdir(parents=True)
    (folder / "variables" / "data").write_bytes(b"1")
    config = SiteConfig(model=f"{folder}/")
    before = conversion_key(config)
    (folder / "variables" / "data").write_bytes(b"2")
    assert conversion_key(config) != before


def test_a_folder_counts_also_without_a_slash_and_by_its_saved_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variables = tmp_path / "saved" / "variables" / "data"
    variables.parent.mkdir(parents=True)
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"graph")
    for model in ("saved", "saved/saved_model.pb"):
        variables.write_bytes(b"1")
        before = conversion_key(SiteConfig(model=model))
        variables.write_bytes(b"2")
        assert conversion_key(SiteConfig(model=model)) != before


def test_a_name_counts_as_such_beside_a_site_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = conversion_key(SiteConfig(model="mobilenet"))
    (tmp_path / "mobilenet").mkdir()
    (tmp_path / "mobilenet" / "index.html").write_bytes(b"")
    assert conversion_key(SiteConfig(model="mobilenet")) == before


def test_a_model_json_counts_with_the_shards_beside_it(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    (tmp_path / "weights.bin").write_bytes(b"1")
    config = SiteConfig(model=str(tmp_path / "model.json"))
    before = conversion_key(config)
    (tmp_path / "weights.bin").write_bytes(b"2")
    assert conversion_key(config) != before


@pytest.mark.parametrize("variable", ["KERAS_BACKEND", "KERAS_HOME"])
def test_the_environment_counts(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "one")
    before = conversion_key(SiteConfig())
    monkeypatch.setenv(variable, "two")
    assert conversion_key(SiteConfig()) != before
