"""`build --help` in groups, and what the shell completes."""

import re
from dataclasses import fields

from click.testing import CliRunner

from builder.cli.main import main
from builder.config import SiteConfig
from builder.config.field_docs import settings
from builder.config.groups import GROUPS


def complete(*words: str) -> list[str]:
    """Return what bash would offer in place of the last word."""
    environment = {
        "_CLASSIFIER_PWA_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("classifier-pwa", *words)),
        "COMP_CWORD": str(len(words)),
    }
    output = CliRunner().invoke(main, [], prog_name="classifier-pwa", env=environment).output
    return [line.split(",", 1)[1] for line in output.splitlines()]


def test_each_setting_stands_in_one_group() -> None:
    grouped = [field for names in GROUPS.values() for field in names]
    declared = [field.name for field in fields(SiteConfig) if "kind" in field.metadata]
    assert sorted(grouped) == sorted(declared)


def test_help_has_each_option_under_the_title_of_its_group() -> None:
    output = CliRunner().invoke(main, ["build", "--help"]).output
    parts = re.split(r"^(\w[\w ]*):\n", output.split("--watch\n")[1], flags=re.MULTILINE)[1:]
    sections = dict(zip(parts[::2], parts[1::2], strict=True))

    assert list(sections) == [*GROUPS, "Other"]
    for setting in settings():
        (title,) = [title for title, names in GROUPS.items() if setting.field in names]
        assert re.search(rf"^  {setting.option}\b", sections[title], re.MULTILINE)
    for option in ("--config", "--watch", "--json", "--help"):
        assert re.search(rf"^  (-\w, )?{option}\b", sections["Other"], re.MULTILINE)


def test_the_shell_completes_verbs_and_options_and_choices() -> None:
    assert complete("bu") == ["build"]
    assert complete("build", "--theme") == ["--theme-color"]
    assert complete("init", "--host", "net") == ["netlify"]
