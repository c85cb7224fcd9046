"""The loop of `build --watch`, with a stand-in for the model and changes made to order."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from builder.build import BuildResult, build_site
from builder.config import SiteConfig, read_config
from builder.errors import BuilderError, ConfigError, LabelsError, TemplateError
from builder.watch.watch_site import Built, Changed, Failed, Serving, watch_site
from tests.unit.sites import prepare_trees
from tests.unit.test_build import content

pytestmark = pytest.mark.slow

Edit = Callable[[], object]


def build(config: SiteConfig) -> BuildResult:
    return build_site(config, prepare=prepare_trees)


def watch(config_file: Path, *edits: Edit) -> Iterator[Built | Serving | Changed | Failed]:
    """Watch a project while the edits are made, one after the other."""
    left = iter(edits)

    def notify(_folders: Iterable[Path]) -> Iterator[None]:
        for edit in left:
            edit()
            yield

    return watch_site(lambda: read_config(config_file, {}), build, config_file, notify=notify)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the config file of a project with templates of its own."""
    (tmp_path / "looks").mkdir()
    config_file = tmp_path / "site.toml"
    config_file.write_text(
        'title = "Oaks"\noutput = "dist"\ntemplates = "looks"\nkeep-previous = 0\n'
    )
    return config_file


def titled(project: Path, title: str) -> Edit:
    text = project.read_text()
    return lambda: project.write_text(text.replace("Oaks", title))


def page(folder: Path) -> str:
    return (folder / "dist" / "index.html").read_text(encoding="utf-8")


def test_a_change_is_built_and_served_and_the_site_is_that_of_a_plain_build(
    project: Path,
) -> None:
    folder, seen = project.parent, []
    for event in watch(project, titled(project, "Elms &c.")):
        seen.append(type(event))
        if isinstance(event, Serving):
            url = event.url
        if isinstance(event, Built):
            assert b"__watch__" not in b"".join(content(folder / "dist").values())
        if isinstance(event, Built) and len(seen) > 1:
            with urlopen(url, timeout=30) as answer:
                assert b"<title>Elms &amp;c.</title>" in answer.read()
    assert seen == [Built, Serving, Changed, Built]
    build(replace(read_config(project, {}), output=folder / "plain"))
    assert content(folder / "dist") == content(folder / "plain")


def test_a_build_that_fails_is_told_and_the_last_site_stays(project: Path) -> None:
    folder = project.parent
    template = folder / "looks" / "404.html.jinja"
    events = watch(
        project,
        lambda: template.write_text("{{ nothing }}"),
        lambda: project.write_text("titel = 1"),
        lambda: template.write_text("found"),
        titled(project, "Elms"),
    )
    assert isinstance(next(events), Built)
    assert isinstance(next(events), Serving)
    before = content(folder / "dist")
    failures = []
    for event in events:
        if isinstance(event, Failed):
            failures.append(type(event.error))
            assert content(folder / "dist") == before
        if isinstance(event, Changed):
            changed = event.files
    # With a config file that cannot be read, what was watched before is watched on.
    assert failures == [TemplateError, ConfigError, ConfigError]
    assert changed == (project,)
    assert "<title>Elms</title>" in page(folder)


def test_what_changes_while_it_is_built_is_built_again(project: Path) -> None:
    titles = iter([titled(project, "Elms"), titled(project, "Firs")])

    def busy(config: SiteConfig) -> BuildResult:
        next(titles, lambda: None)()
        return build(config)

    def notify(_folders: Iterable[Path]) -> Iterator[None]:
        yield  # after a second, without a change

    events = watch_site(lambda: read_config(project, {}), busy, project, notify=notify)
    assert [type(event) for event in events] == [Built, Serving, *(Changed, Built) * 2]
    assert "<title>Firs</title>" in page(project.parent)


def test_another_output_is_refused(project: Path) -> None:
    text = project.read_text().replace("dist", "public")
    *_, last = watch(project, lambda: project.write_text(text))
    assert isinstance(last, Failed)
    assert "public" in str(last.error)
    assert not (project.parent / "public").exists()


def test_a_first_build_that_fails_ends_it(project: Path) -> None:
    (project.parent / "labels.txt").write_text("")
    project.write_text('labels = "labels.txt"\n')
    with pytest.raises(LabelsError):
        list(watch(project))


def test_the_server_ends_with_the_watching(project: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    events = watch(project, interrupt)
    next(events)
    serving = next(events)
    assert isinstance(serving, Serving)
    with pytest.raises(KeyboardInterrupt):
        next(events)
    with pytest.raises(OSError, match="refused"):
        urlopen(serving.url, timeout=30)


def test_a_taken_port_is_told(project: Path) -> None:
    first = watch(project)
    next(first)
    serving = next(first)
    assert isinstance(serving, Serving)
    port = int(serving.url.rsplit(":", 1)[1].strip("/"))
    with pytest.raises(BuilderError, match=f"port {port}"):
        list(watch_site(lambda: read_config(project, {}), build, project, port))
