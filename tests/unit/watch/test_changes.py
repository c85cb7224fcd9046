"""What counts as a change, and where it is waited for."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from builder.watch.changes import folders_of, snapshot, wait_for_change


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder with labels and templates."""
    (tmp_path / "looks" / "app").mkdir(parents=True)
    (tmp_path / "looks" / "index.html.jinja").write_text("page")
    (tmp_path / "labels.txt").write_text("oak\n")
    return tmp_path


def inputs(project: Path) -> tuple[Path, ...]:
    return (project / "labels.txt", project / "looks", project / "classifier-pwa.toml")


def replace_as_editors_do(path: Path, text: str) -> None:
    path.with_name("new").write_text(text)
    path.with_name("new").replace(path)


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (lambda at: (at / "labels.txt").write_text("elm\noak\n"), "labels.txt"),
    "replaced": (lambda at: replace_as_editors_do(at / "labels.txt", "elm\n"), "labels.txt"),
    "removed": (lambda at: (at / "labels.txt").unlink(), "labels.txt"),
    "added": (lambda at: (at / "looks" / "app" / "a.css").write_text(""), "looks/app/a.css"),
    "appeared": (lambda at: (at / "classifier-pwa.toml").write_text(""), "classifier-pwa.toml"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_noticed_and_named(name: str, project: Path) -> None:
    """By the system's own notifications, while this thread waits."""
    change, file = CHANGES[name]
    seen = snapshot(inputs(project))
    later = threading.Timer(0.3, change, [project])
    later.start()
    try:
        assert wait_for_change(inputs(project), seen) == [project / file]
    finally:
        later.join()


def test_a_change_before_the_waiting_began_is_noticed(project: Path) -> None:
    seen = snapshot(inputs(project))
    (project / "labels.txt").write_text("elm\noak\n")
    assert wait_for_change(inputs(project), seen) == [project / "labels.txt"]


def test_nothing_else_counts(project: Path) -> None:
    """The output beside the labels, an editor's own files, a folder without files."""
    seen = snapshot(inputs(project))

    def notify(_folders: Iterable[Path]) -> Iterator[None]:
        (project / "dist").mkdir()
        (project / "dist" / "index.html").write_text("site")
        (project / "looks" / ".index.html.jinja.swp").write_text("")
        (project / "looks" / ".git").mkdir()
        (project / "looks" / ".git" / "HEAD").write_text("")
        (project / "looks" / "index.html.jinja~").write_text("")
        (project / "looks" / "empty").mkdir()
        yield

    assert wait_for_change(inputs(project), seen, notify) == []


def test_files_are_watched_by_their_folder_and_folders_with_all_in_them(project: Path) -> None:
    assert folders_of(inputs(project)) == {project, project / "looks", project / "looks" / "app"}


def test_what_is_missing_is_waited_for_at_the_nearest_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folders_of([project / "gone" / "deep" / "labels.txt"]) == {project}
    monkeypatch.chdir(project)
    assert folders_of([Path("classifier-pwa.toml")]) == {project}
