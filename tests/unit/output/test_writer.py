"""The output folder: whose it is, and that it survives whatever happens."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from builder.errors import OutputError
from builder.hashing import sha256_hex
from builder.output.exchange import exchange
from builder.output.ownership import check_output as check_any_output
from builder.output.records import record_of
from builder.output.staging import clear_abandoned, stage_beside
from builder.output.writer import write_folder
from builder.site.files import SiteFile

write_site = partial(write_folder, record="site.json")
check_output = partial(check_any_output, record="site.json")


def site(*files: SiteFile) -> list[SiteFile]:
    report = record_of({file.path: file.content for file in files})
    return [SiteFile("site.json", json.dumps(report).encode()), *files]


OLD = site(SiteFile("index.html", b"old"), SiteFile("app/0/old.js", b"old"))
NEW = site(SiteFile("index.html", b"new"), SiteFile("app/1/new.js", b"new"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder with an old site in it."""
    output = tmp_path / "dist"
    write_site(OLD, output, force=False)
    return output


def cannot(_first: Path, _second: Path) -> bool:
    """Exchange nothing, as on a system that has no such call."""
    return False


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def expected(files: list[SiteFile]) -> dict[str, bytes]:
    return {file.path: file.content for file in files}


def test_a_site_is_written_into_folders_that_do_not_exist_yet(tmp_path: Path) -> None:
    output = tmp_path / "a" / "b" / "dist"
    write_site(NEW, output, force=False)
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


def test_an_old_site_is_replaced_as_a_whole(output: Path) -> None:
    write_site(NEW, output, force=False)
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("name", [".gitkeep", ".gitignore"])
def test_an_empty_folder_is_ours_and_what_git_needs_stays(tmp_path: Path, name: str) -> None:
    output = tmp_path / "dist"
    output.mkdir()
    (output / name).write_bytes(b"kept")
    write_site(OLD, output, force=False)
    write_site(NEW, output, force=False)
    assert content(output) == {**expected(NEW), name: b"kept"}


def test_the_folder_can_be_read_by_a_web_server(output: Path) -> None:
    made = output.parent / "made"
    made.mkdir()
    assert output.stat().st_mode == made.stat().st_mode


def forged(**changes: object) -> str:
    """Return a report that claims a file that nobody's build wrote, or is no report."""
    told = {"size": 13, "sha256": sha256_hex(b"years of work")}
    report = {"generator": "classifier-pwa", "files": {"thesis.txt": told}}
    return json.dumps({**report, **changes})


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (None, r"Choose another --output"),
        *((text, "is not JSON") for text in ("", "{", "1" * 5000, "[" * 100_000, "\udcff")),
        ("[]", "does not name classifier-pwa as its generator"),
        ('{"generator": "hugo"}', "does not name classifier-pwa as its generator"),
        (forged(files=None), "has no object in files"),
        (forged(files=["thesis.txt"]), "has no object in files"),
        (forged(files={"thesis.txt": None}), r"has no size of thesis\.txt in files"),
        (forged(files={"thesis.txt": {"size": 13}}), r"has no SHA-256 of thesis\.txt in files"),
        (forged(files={"thesis.txt": {"size": True, "sha256": "0" * 64}}), "has no size of"),
        (forged(files={"a": {"size": 13, "sha256": "0" * 63 + "\n"}}), "has no SHA-256 of a"),
        (forged(files={"../a": {"size": 13, "sha256": "0" * 64}}), "has a path in files that"),
        (forged(previous={"files": {}}), "has no list in previous"),
        (forged(previous=[None]), r"has no object in previous\[0\]"),
        (forged(previous=[{"files": {"/etc/x": {}}}]), r"has a path in previous\[0\]\.files"),
    ],
)
def test_somebody_elses_folder_is_moved_aside_and_only_by_force(
    tmp_path: Path, report: str | None, words: str
) -> None:
    output = tmp_path / "dist"
    output.mkdir()
    (output / "thesis.txt").write_text("years of work")
    if report is not None:
        (output / "site.json").write_bytes(report.encode(errors="surrogateescape"))
    before = content(output)
    with pytest.raises(
        OutputError, match=rf"did not write it.*{words}.*--force" if report else words
    ):
        write_site(NEW, output, force=False)
    assert content(output) == before
    aside = tmp_path / "dist.replaced-1"
    assert write_site(NEW, output, force=True) == [aside]
    assert content(output) == expected(NEW)
    assert content(aside) == before
    assert set(tmp_path.iterdir()) == {output, aside}


@pytest.mark.parametrize("swap", [exchange, cannot])
@pytest.mark.parametrize("name", ["CNAME", "app/0/mine.js", "app/.gitignore", "empty/.gitkeep"])
def test_what_others_put_into_a_site_is_never_deleted(
    output: Path, name: str, swap: Callable[[Path, Path], bool]
) -> None:
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text("mine")
    before = content(output)
    with pytest.raises(OutputError, match=rf"did not write, such as {name}.*--force"):
        write_site(NEW, output, force=False)
    assert content(output) == before
    aside = output.with_name("dist.replaced-1")
    assert write_site(NEW, output, force=True, exchange=swap) == [aside]
    assert (content(output), content(aside)) == (expected(NEW), before)
    assert write_site(OLD, output, force=True) == [], "what a build wrote is not kept"
    assert set(output.parent.iterdir()) == {output, aside}


@pytest.mark.parametrize("path", ["index.html", "app/0/old.js"])
def test_what_somebody_changed_in_a_site_is_moved_aside(output: Path, path: str) -> None:
    (output / path).write_text("old and mine")
    before = content(output)
    aside = output.with_name("dist.replaced-1")
    assert write_site(NEW, output, force=False) == [aside]
    assert (content(output), content(aside)) == (expected(NEW), before)


def test_a_link_in_a_site_is_not_followed(output: Path) -> None:
    precious = output.parent / "precious"
    precious.mkdir()
    (precious / "file").write_text("mine")
    (output / "link").symlink_to(precious)
    with pytest.raises(OutputError, match="such as link"):
        write_site(NEW, output, force=False)
    (aside,) = write_site(NEW, output, force=True)
    assert (aside / "link").readlink() == precious
    assert content(precious) == {"file": b"mine"}


def test_every_folder_that_is_moved_aside_gets_a_name_of_its_own(output: Path) -> None:
    (output.parent / "dist.replaced-1").mkdir()
    (output.parent / "dist.replaced-2").symlink_to("nowhere")
    (output.parent / "dist.replaced-3").write_text("a file")
    (output / "CNAME").write_text("mine")
    assert write_site(NEW, output, force=True) == [output.with_name("dist.replaced-4")]


def test_what_is_added_while_a_site_is_replaced_is_not_deleted(output: Path) -> None:
    def late(stage: Path, target: Path) -> bool:
        (target / "late.txt").write_text("mine")
        return exchange(stage, target)

    (aside,) = write_site(NEW, output, force=False, exchange=late)
    assert content(output) == expected(NEW)
    assert (aside / "late.txt").read_text() == "mine"


def test_a_missing_file_does_not_keep_a_site_from_being_replaced(output: Path) -> None:
    (output / "index.html").unlink()
    assert write_site(NEW, output, force=False) == []
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("name", [".DS_Store", "app/Thumbs.db"])
def test_what_file_managers_leave_behind_is_nobodys(output: Path, name: str) -> None:
    (output / name).write_text("icons")
    assert write_site(NEW, output, force=False) == []
    assert content(output) == expected(NEW)


def test_an_output_that_the_system_refuses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    for output in (tmp_path / "loop", tmp_path / "loop" / "dist", tmp_path / ("a" * 300)):
        with pytest.raises(OutputError, match=r"cannot be used: .+ Choose another --output"):
            check_output(output, force=False)

    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "private").mkdir()
    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(OutputError, match="private cannot be used: Permission denied"):
        check_output(tmp_path / "private", force=False)


def test_a_user_without_a_home_can_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    check_output(tmp_path / "dist", force=False)


def test_a_write_protected_old_site_is_deleted(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., None] = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        # Root may delete what is write-protected, so what others could delete is asserted.
        assert path.parent.stat().st_mode & 0o700 == 0o700
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    for folder in (output / "app" / "0", output / "app", output):
        folder.chmod(0o555)
    write_site(NEW, output, force=False)
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


def test_a_file_and_a_link_are_refused_even_by_force(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    link = tmp_path / "link"
    link.symlink_to(folder)
    with pytest.raises(OutputError, match="is a file"):
        write_site(NEW, file, force=True)
    with pytest.raises(OutputError, match=f"symbolic link.*--output {folder}"):
        write_site(NEW, link, force=True)
    with pytest.raises(OutputError, match="would lie inside a file"):
        write_site(NEW, file / "dist", force=True)
    assert file.read_text() == "mine"
    assert link.is_symlink()


def test_the_working_directory_and_the_home_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "work" / "inside"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    for folder in (Path(), inside, inside.parent):
        with pytest.raises(OutputError, match="working directory"):
            check_output(folder, force=True)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    with pytest.raises(OutputError, match="home folder"):
        check_output(home, force=True)


def test_what_the_build_reads_is_not_written_over(tmp_path: Path) -> None:
    labels = tmp_path / "project" / "labels.txt"
    labels.parent.mkdir()
    labels.write_text("oak")
    with pytest.raises(OutputError, match=r"holds .*labels\.txt"):
        check_output(labels.parent, force=True, inputs=[labels])
    check_output(labels.parent / "dist", force=True, inputs=[labels])


def test_nothing_is_written_into_a_folder_that_the_build_reads(tmp_path: Path) -> None:
    model = tmp_path / "saved"
    model.mkdir()
    for output in (model, tmp_path):
        with pytest.raises(OutputError, match=r"holds .*saved"):
            check_output(output, force=True, inputs=[model])
    with pytest.raises(OutputError, match=r"lies in .*saved, which is read as a whole"):
        check_output(model / "deep" / "dist", force=True, inputs=[model])
    check_output(tmp_path / "saved-dist", force=True, inputs=[model])


def test_a_parent_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere, so what the system would say is said for it.
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != tmp_path)
    with pytest.raises(OutputError, match=f"no permission to write in {tmp_path}"):
        check_output(tmp_path / "dist", force=False)


def test_paths_that_differ_only_in_case_are_refused(output: Path) -> None:
    with pytest.raises(ValueError, match="two files"):
        write_site([SiteFile("A.js", b""), SiteFile("a.js", b"")], output, force=False)
    assert content(output) == expected(OLD)


class Failing:
    """Renames like `Path.rename`, except that the nth call raises."""

    def __init__(self, fails_at: int, error: BaseException) -> None:
        self.calls = 0
        self.fails_at = fails_at
        self.error = error

    def __call__(self, source: Path, target: Path) -> None:
        self.calls += 1
        if self.calls == self.fails_at:
            raise self.error
        source.rename(target)


@pytest.mark.parametrize("fails_at", [1, 2, 3])
@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(16, "Device or resource busy"), OutputError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
)
def test_the_old_site_survives_a_failing_rename(
    output: Path, fails_at: int, error: BaseException, raised: type[BaseException]
) -> None:
    with pytest.raises(raised):
        write_site(NEW, output, force=False, rename=Failing(fails_at, error), exchange=cannot)
    assert content(output) == expected(OLD)
    assert list(output.parent.iterdir()) == [output]


def test_two_builds_at_once_leave_one_whole_site(output: Path) -> None:
    ours = Failing(4, AssertionError("three renames are enough"))

    def overtaken(source: Path, target: Path) -> None:
        ours(source, target)
        if ours.calls == 2:
            write_site(NEW, output, force=False)

    with pytest.raises(OutputError, match="Another run may be writing there"):
        write_site(
            site(SiteFile("index.html", b"ours")),
            output,
            force=False,
            rename=overtaken,
            exchange=cannot,
        )
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("written", [0, 2])
def test_the_old_site_survives_a_failing_write(
    output: Path, monkeypatch: pytest.MonkeyPatch, written: int, error: BaseException
) -> None:
    real: Callable[[Path, bytes], int] = Path.write_bytes
    calls: list[Path] = []

    def write_bytes(path: Path, data: bytes) -> int:
        calls.append(path)
        if len(calls) > written:
            raise error
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises((OutputError, KeyboardInterrupt)):
        write_site(NEW, output, force=False)
    assert content(output) == expected(OLD)
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("is_complete", [True, False])
def test_a_build_killed_between_the_renames_is_undone_by_the_next(
    output: Path, is_complete: bool
) -> None:
    output.rename(output.parent / ".dist-old-0123abcd")
    if is_complete:
        write_site(NEW, output.parent / ".dist-new-0123abcd", force=False)
    broken = Failing(3, OSError(5, "Input/output error"))
    with pytest.raises(OutputError):
        write_site(NEW, output, force=False, rename=broken, exchange=cannot)
    assert content(output) == expected(OLD)
    write_site(NEW, output, force=False)
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


def test_the_only_copy_is_not_deleted_where_it_cannot_be_moved_back(output: Path) -> None:
    class Dead(Failing):
        def __call__(self, source: Path, target: Path) -> None:
            self.fails_at = max(self.fails_at, self.calls + 1) if self.calls > 2 else self.fails_at
            super().__call__(source, target)

    dead = Dead(3, OSError(5, "Input/output error"))
    with pytest.raises(OutputError):
        write_site(NEW, output, force=False, rename=dead, exchange=cannot)
    assert not output.exists()
    assert clear_abandoned(output, "site.json") == []
    assert content(output) == expected(OLD)
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("swap", [exchange, cannot])
def test_an_old_site_that_could_not_be_deleted_is_deleted_by_the_next_build(
    output: Path, monkeypatch: pytest.MonkeyPatch, swap: Callable[[Path, Path], bool]
) -> None:
    real: Callable[..., None] = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == "old.js":
            raise OSError(16, "Device or resource busy")
        real(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        assert write_site(NEW, output, force=False, exchange=swap) == []
    assert content(output) == expected(NEW)
    assert len(list(output.parent.iterdir())) == 2
    write_site(OLD, output, force=False)
    assert content(output) == expected(OLD)
    assert list(output.parent.iterdir()) == [output]


def test_what_a_killed_build_took_away_from_others_is_moved_aside_by_the_next(output: Path) -> None:
    (output / "thesis.txt").write_text("years of work")
    before = content(output)
    output.rename(output.parent / ".dist-new-0123abcd")
    aside = output.with_name("dist.replaced-1")
    assert write_site(NEW, output, force=False) == [aside]
    assert (content(output), content(aside)) == (expected(NEW), before)
    assert set(output.parent.iterdir()) == {output, aside}


def test_folders_are_exchanged_without_a_moment_in_between(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system cannot exchange folders")
    assert (tmp_path / "a" / "file").read_text() == "b"
    assert (tmp_path / "b" / "file").read_text() == "a"
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "gone")


@pytest.mark.parametrize("name", ["dist", "[dist]*"])
def test_only_abandoned_stages_are_cleared(tmp_path: Path, name: str) -> None:
    theirs = {
        tmp_path / f".{name}-new-design",
        tmp_path / ".other-unfinished-0123abcd",
        tmp_path / f".{name}-kept-0123abcd",
        # No run had a lock for it.
        tmp_path / f".{name}-unfinished-89abcdef",
    }
    for folder in (*theirs, tmp_path / f".{name}-unfinished-0123abcd"):
        folder.mkdir()
        (folder / "half").write_text("a site")
    (tmp_path / f".{name}-lock-0123abcd").touch()
    target = tmp_path / name
    with stage_beside(target) as stage:
        assert clear_abandoned(target, "site.json") == []
        assert set(tmp_path.iterdir()) == {stage.unfinished, stage.lock, *theirs}
    assert set(tmp_path.iterdir()) == theirs
    assert clear_abandoned(tmp_path / "gone" / name, "site.json") == []


def test_a_link_in_the_place_of_a_lock_makes_no_file_elsewhere(output: Path) -> None:
    link, elsewhere = output.parent / ".dist-lock-0123abcd", output.parent / "elsewhere"
    link.symlink_to(elsewhere)
    assert clear_abandoned(output, "site.json") == []
    assert link.is_symlink()
    assert not elsewhere.exists()
