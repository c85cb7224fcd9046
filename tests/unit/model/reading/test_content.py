import json
from pathlib import Path

from builder.model.reading.content import content_files, content_sha256


def tfjs(folder: Path) -> Path:
    """Return the model.json of a model with a shard beside it and one in a folder."""
    (folder / "shards").mkdir(parents=True)
    (folder / "shards" / "two.bin").write_bytes(b"2")
    (folder / "one.bin").write_bytes(b"1")
    manifest = [{"paths": ["one.bin", "shards/two.bin", "../secret.bin", "gone.bin"]}]
    (folder / "model.json").write_text(json.dumps({"weightsManifest": manifest}))
    return folder / "model.json"


def test_a_model_json_has_its_shards_and_no_site_that_lies_beside_it(tmp_path: Path) -> None:
    model = tfjs(tmp_path / "trees")
    (tmp_path / "secret.bin").write_bytes(b"secret")
    before = content_sha256(model)
    (model.parent / "dist").mkdir()
    (model.parent / "dist" / "index.html").write_bytes(b"site")
    names = {file.relative_to(model.parent).as_posix() for file in content_files(model)}
    assert names == {"model.json", "one.bin", "shards/two.bin"}
    assert content_sha256(model) == before
    (model.parent / "shards" / "two.bin").write_bytes(b"3")
    assert content_sha256(model) != before


def test_teachable_machines_keras_model_has_its_labels(tmp_path: Path) -> None:
    model = tmp_path / "keras_model.h5"
    for name in ("keras_model.h5", "other.h5", "notes.txt"):
        (tmp_path / name).write_bytes(b"1")
    alone = content_sha256(model)
    assert alone == content_sha256(tmp_path / "other.h5")
    (tmp_path / "labels.txt").write_bytes(b"0 ash")
    assert content_files(model) == [model, tmp_path / "labels.txt"]
    assert content_sha256(model) != alone
    assert content_sha256(tmp_path / "other.h5") == alone


def test_teachable_machines_saved_model_has_its_labels(tmp_path: Path) -> None:
    folder = tmp_path / "model.savedmodel"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"1")
    alone = content_sha256(folder)
    (tmp_path / "labels.txt").write_bytes(b"0 ash")
    assert content_files(folder) == [tmp_path / "labels.txt", folder / "saved_model.pb"]
    assert content_sha256(folder) == content_sha256(folder / "saved_model.pb") != alone


def test_a_model_json_that_cannot_be_read_is_a_file_like_others(tmp_path: Path) -> None:
    for content in (
        b"[",
        b"[]",
        b'{"weightsManifest": 1}',
        b'{"weightsManifest": [{"paths": [1]}]}',
    ):
        (tmp_path / "model.json").write_bytes(content)
        assert content_files(tmp_path / "model.json") == [tmp_path / "model.json"]
