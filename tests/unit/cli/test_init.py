"""The verb `init`: three questions, or options."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from builder.cli.main import main


@pytest.fixture(autouse=True)
def _working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_terminal_it_takes_the_defaults() -> None:
    result = CliRunner().invoke(main, ["init"])

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[:2] == [
        "Wrote classifier-pwa.toml",
        "Wrote .github/workflows/deploy.yml",
    ]
    assert "GitHub Actions as the source" in result.stdout


def test_it_asks_three_things() -> None:
    result = CliRunner().invoke(main, ["init", "new", "--ask"], input="mobilenet\nash, oak\nnone\n")

    assert result.exit_code == 0, result.output
    assert 'model = "mobilenet"' in Path("new/classifier-pwa.toml").read_text()
    assert Path("new/labels.txt").read_text() == "ash\noak\n"
    assert result.stdout.splitlines()[-1] == "Next: cd new && classifier-pwa build --watch"


def test_options_leave_nothing_to_ask() -> None:
    result = CliRunner().invoke(
        main,
        ["init", "--ask", "--model", "auto", "--class-names", "", "--host", "none", "--title", "T"],
        input="",
    )

    assert result.exit_code == 0, result.output
    assert [path.name for path in Path().iterdir()] == ["classifier-pwa.toml"]
    assert '\ntitle = "T"\n' in Path("classifier-pwa.toml").read_text()


def test_a_second_time_is_refused() -> None:
    CliRunner().invoke(main, ["init", "--title", "mine"])
    result = CliRunner().invoke(main, ["init"])

    assert result.exit_code == 1
    assert "classifier-pwa.toml, .github/workflows/deploy.yml exists" in result.stderr
    assert "mine" in Path("classifier-pwa.toml").read_text()
