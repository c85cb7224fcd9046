"""The output folder: whose it is, and that it survives whatever happens."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.errors import OutputError
from builder.site import staging
from builder.site.exchange import exchange
from builder.site.files import SiteFile
from builder.site.ownership import check_output
from builder.site.staging import clear_abandoned, stage_beside
from builder.site.writer import write_site


def site(*files: SiteFile) -> list[SiteFile]:
    report = {"generator": "classifier-pwa", "files": {file.path: {} for file in files}}
    return [SiteFile("site.json", json.dumps(report).encode()), *files]


OLD = site(SiteFile("index.html", b"old"), SiteFile("app/0/old.js", b"old"))
NEW = site(SiteFile("index.html", b"new"), SiteFile("app/1/new.js", b"new"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder with an old site in it."""
    output = tmp_path / "dist"
    write_site(OLD, output, force=False)
    return output


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


@pytest.mark.parametrize("report", [None, "{", "[]", '{"generator": "hugo"}'])
def test_somebody_elses_folder_is_replaced_only_by_force(
    tmp_path: Path, report: str | None
) -> None:
    output = tmp_path / "dist"
    output.mkdir()
    (output / "thesis.txt").write_text("years of work")
    if report is not None:
        (output / "site.json").write_text(report)
    before = content(output)
    with pytest.raises(OutputError, match=r"did not write it.*--force"):
        write_site(NEW, output, force=False)
    assert content(output) == before
    write_site(NEW, output, force=True)
    assert content(output) == expected(NEW)


@pytest.mark.parametrize("name", ["CNAME", "app/0/mine.js", ".git/HEAD"])
def test_what_others_put_into_a_site_is_deleted_only_by_force(output: Path, name: str) -> None:
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text("mine")
    with pytest.raises(OutputError, match=rf"did not write, such as {name}.*--force"):
        write_site(NEW, output, force=False)
    assert (output / name).read_text() == "mine"
    write_site(NEW, output, force=True)
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
    monkeypatch.setattr(Path, "iterdir", refuse)
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
    real = staging.shutil.rmtree

    def rmtree(path: Path, ignore_errors: bool = False) -> None:
        # Root may delete what is write-protected, so what others could delete is asserted.
        folders = [path, *(inner for inner in path.rglob("*") if inner.is_dir())]
        assert ignore_errors or all(folder.stat().st_mode & 0o700 == 0o700 for folder in folders)
        real(path, ignore_errors=ignore_errors)

    monkeypatch.setattr(staging.shutil, "rmtree", rmtree)
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
    for folder in (Path(), inside, inside.parent, Path("/")):
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
    with pytest.raises(OutputError, match=r"lies in .*saved, which the build reads as a whole"):
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


def cannot(_first: Path, _second: Path) -> bool:
    """Exchange nothing, as on a system that has no such call."""
    return False


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


@pytest.mark.parametrize("fails_at", [1, 2])
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
    ours = Failing(3, AssertionError("two renames are enough"))

    def overtaken(source: Path, target: Path) -> None:
        ours(source, target)
        if ours.calls == 1:
            write_site(NEW, output, force=False)

    with pytest.raises(OutputError, match="Another build may be writing there"):
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


def test_a_build_killed_between_the_renames_is_undone_by_the_next(output: Path) -> None:
    output.rename(output.parent / ".dist-old-classifier-pwa")
    broken = Failing(2, OSError(5, "Input/output error"))
    with pytest.raises(OutputError):
        write_site(NEW, output, force=False, rename=broken, exchange=cannot)
    assert content(output) == expected(OLD)
    write_site(NEW, output, force=False)
    assert content(output) == expected(NEW)
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize("swap", [exchange, cannot])
def test_an_old_site_that_could_not_be_deleted_is_deleted_by_the_next_build(
    output: Path, monkeypatch: pytest.MonkeyPatch, swap: Callable[[Path, Path], bool]
) -> None:
    def rmtree(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(16, "Device or resource busy")

    with monkeypatch.context() as patch:
        patch.setattr(staging.shutil, "rmtree", rmtree)
        write_site(NEW, output, force=False, exchange=swap)
    assert content(output) == expected(NEW)
    assert len(list(output.parent.iterdir())) == 2
    write_site(OLD, output, force=False)
    assert content(output) == expected(OLD)
    assert list(output.parent.iterdir()) == [output]


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
    theirs = {tmp_path / f".{name}-new-design", tmp_path / ".other-new-0123abcd"}
    for folder in (*theirs, tmp_path / f".{name}-new-0123abcd"):
        folder.mkdir()
        (folder / "half").write_text("a site")
    with stage_beside(tmp_path / name) as stage:
        clear_abandoned(tmp_path / name)
        assert set(tmp_path.iterdir()) == {stage, *theirs}
    assert set(tmp_path.iterdir()) == theirs
    clear_abandoned(tmp_path / "gone" / name)
