"""The folder of converted models: found whole or not at all, and never larger than it may be."""

import os
from pathlib import Path

import pytest

from builder.errors import OutputError
from builder.hashing import file_sha256
from builder.model.cache.entry import Entry, pack, unpack
from builder.model.cache.store import ConversionCache, cache_folder
from builder.model.dependencies import FileRead, Unavailable

ENTRY = Entry(
    {"model.json": b"{}", "group1-shard1of1.bin": bytes(range(256)), "metadata.json": b"{}"},
    ("Names are missing.",),
    (),
)


def only_file(folder: Path) -> Path:
    (file,) = (folder / "conversions").iterdir()
    return file


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    cache = ConversionCache(tmp_path)
    assert cache.find("a") is None
    cache.keep("a", ENTRY)
    assert cache.find("a") == ENTRY
    assert cache.find("b") is None


@pytest.mark.parametrize("place", [0, 31, 33, 45, -1])
def test_a_damaged_entry_is_ignored_and_replaced(tmp_path: Path, place: int) -> None:
    cache = ConversionCache(tmp_path)
    cache.keep("a", ENTRY)
    content = bytearray(only_file(tmp_path).read_bytes())
    content[place] ^= 1
    only_file(tmp_path).write_bytes(content)
    assert cache.find("a") is None
    cache.keep("a", ENTRY)
    assert cache.find("a") == ENTRY


def test_an_entry_that_ends_early_is_none() -> None:
    packed = pack(ENTRY)
    assert unpack(packed) == ENTRY
    assert all(unpack(packed[:length]) is None for length in range(len(packed)))


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    size = len(pack(ENTRY))
    cache = ConversionCache(tmp_path, limit=2 * size)
    for number, key in enumerate("abc"):
        cache.keep(key, ENTRY)
        if key == "c":
            break
        path = tmp_path / "conversions" / f"{key}.model"
        os.utime(path, ns=(number, number))
        if key == "b":
            assert cache.find("a") == ENTRY  # used: now younger than b
    assert [key for key in "abc" if cache.find(key)] == ["a", "c"]


def test_what_is_larger_than_the_whole_cache_is_not_kept(tmp_path: Path) -> None:
    cache = ConversionCache(tmp_path, limit=10)
    cache.keep("a", ENTRY)
    assert cache.find("a") is None


def test_a_folder_that_cannot_be_written_is_as_good_as_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = ConversionCache(tmp_path / "file")
    cache.keep("a", ENTRY)
    assert cache.find("a") is None


def test_an_entry_falls_with_what_it_depends_on(tmp_path: Path) -> None:
    weights = tmp_path / "weights.h5"
    weights.write_bytes(b"weights")
    read = FileRead(str(weights), file_sha256(weights))
    missing = Unavailable(str(tmp_path / "gone.h5"), "http://127.0.0.1:9/gone.h5")
    cache = ConversionCache(tmp_path / "cache")
    cache.keep("a", Entry({}, (), (read, missing)))
    found = cache.find("a")
    assert found is not None
    assert found.dependencies == (read, missing)
    (tmp_path / "gone.h5").write_bytes(b"there")
    assert cache.find("a") is None
    (tmp_path / "gone.h5").unlink()
    assert cache.find("a") is not None
    weights.write_bytes(b"others")
    assert cache.find("a") is None


def test_files_of_others_are_never_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "conversions"
    folder.mkdir()
    names = ("thesis.txt", "notes.model", "tmp123.new", "conversion-.txt")
    for name in names:
        (folder / name).write_bytes(bytes(10_000))
        os.utime(folder / name, ns=(0, 0))
    (folder / "conversion-a1b2.new").write_bytes(bytes(10_000))
    os.utime(folder / "conversion-a1b2.new", ns=(1, 1))
    cache = ConversionCache(tmp_path, limit=len(pack(ENTRY)))
    for key in "abc":
        cache.keep(key, ENTRY)
    assert {path.name for path in folder.iterdir()} == {*names, "c.model"}


def test_a_place_of_the_systems_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLASSIFIER_PWA_CACHE", "/etc")
    with pytest.raises(OutputError, match="CLASSIFIER_PWA_CACHE names /etc, and what"):
        cache_folder()
    monkeypatch.setenv("CLASSIFIER_PWA_CACHE", "/var/cache/classifier-pwa")
    assert cache_folder() == Path("/var/cache/classifier-pwa")


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLASSIFIER_PWA_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("CLASSIFIER_PWA_CACHE")
    assert cache_folder().name in ("classifier-pwa", "Cache")
