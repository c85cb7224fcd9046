"""A new project is whole, is read as it was meant, and takes nothing's place."""

from pathlib import Path, PurePosixPath

import pytest

from builder.config.reading import read_config
from builder.errors import ConfigError, LabelsError, OutputError
from builder.labels.reading import read_labels
from builder.project.answers import HOSTS, Answers, checked_answers
from builder.project.files import WORKFLOW_PATH, project_files
from builder.project.write import write_project
from tests.workflows import faults, parsed

ANSWERS = Answers("mobilenet", ("ash", "oak"), "github-pages", 'Say "tree" \\ Bäume')


def contents(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_a_build_reads_what_was_answered(tmp_path: Path) -> None:
    written = write_project(tmp_path / "new", ANSWERS)

    config = read_config(tmp_path / "new" / "classifier-pwa.toml", {})
    assert (config.model, config.title) == (ANSWERS.model, ANSWERS.title)
    assert config.labels is not None
    assert read_labels(config.labels) == ANSWERS.class_names
    assert set(written) == {tmp_path / "new" / path for path in project_files(ANSWERS)}


def test_a_model_is_named_as_the_folder_sees_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trees").mkdir()
    (tmp_path / "trees" / "my model.keras").touch()

    answers = checked_answers(Path("trees"), "trees/my model.keras", " ", "netlify", None)
    write_project(Path("trees"), answers)

    assert answers.model == "./my model.keras"
    config = read_config(tmp_path / "trees" / "classifier-pwa.toml", {})
    assert Path(config.model).samefile(tmp_path / "trees" / "my model.keras")
    with pytest.raises(ConfigError, match=r"lies outside .*Move it into that folder"):
        checked_answers(Path("other"), "trees/my model.keras", "", "netlify", None)
    there = checked_answers(Path("other"), "trees/my model.keras", "", "none", None)
    assert there.model == "./../trees/my model.keras"


@pytest.mark.parametrize(
    ("model", "names", "title", "words"),
    [
        ("gone.keras", "", None, "option --model names gone.keras, which does not exist"),
        ("auto", "ash,,oak", None, "option --class-names has an empty name"),
        ("auto", "", "x" * 81, "option --title"),
    ],
)
def test_answers_that_cannot_be_used(model: str, names: str, title: str | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        checked_answers(Path(), model, names, "none", title)


@pytest.mark.parametrize("taken", sorted(map(str, project_files(ANSWERS))))
def test_nothing_is_overwritten_and_nothing_left_half(tmp_path: Path, taken: str) -> None:
    mine = tmp_path / taken
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")

    with pytest.raises(OutputError, match="overwrites nothing"):
        write_project(tmp_path, ANSWERS)

    assert contents(tmp_path) == {taken: "mine"}


def test_a_link_to_nowhere_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="overwrites nothing"):
        write_project(tmp_path, ANSWERS)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("folder", ["/etc", "/usr/lib/trees", "/proc", ".git/trees"])
def test_no_project_begins_where_the_system_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="nothing is written there"):
        write_project(Path(folder), ANSWERS)
    assert contents(tmp_path) == {}


def test_what_was_begun_is_removed_where_the_rest_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / ".github").write_text("a file")
    with pytest.raises(OutputError, match="Choose another folder"):
        write_project(tmp_path, ANSWERS)
    assert contents(tmp_path) == {".github": "a file"}


def test_names_that_a_text_would_change_are_refused(tmp_path: Path) -> None:
    answers = Answers("auto", ("0 euro", "1 crown"), "none", None)
    with pytest.raises(LabelsError, match=r"would be read as euro, crown.*\.json"):
        write_project(tmp_path, answers)
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("host", [host for host in HOSTS if host != "none"])
def test_workflows_are_valid_and_build_check_and_deploy(host: str) -> None:
    text = project_files(Answers("auto", (), host, None))[PurePosixPath(WORKFLOW_PATH)]

    assert faults(text, "workflow") == []
    assert "CLASSIFIER_PWA_VERSION" not in text
    steps = parsed(text)["jobs"]["deploy"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[1:3] == [
        "classifier-pwa build --output dist",
        f"classifier-pwa check dist --host {host}",
    ]
    assert "deploy" in str(steps[-1])


def test_a_workflow_with_a_fault_is_noticed() -> None:
    assert faults("on: push\njobs:\n  a:\n    steps: []\n", "workflow")


def test_hosts_are_those_that_check_knows() -> None:
    from builder.hosting.hosts import HOSTS as KNOWN

    assert set(HOSTS) - {"none"} <= set(KNOWN)
