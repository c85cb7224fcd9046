"""What a model is, is said by the same options to every verb."""

import dataclasses
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import builder.evaluation.evaluate
import builder.training.train
from builder.cli.main import main
from builder.config import SiteConfig
from builder.config.field_docs import settings
from builder.errors import ModelError
from builder.training.options import TrainOptions

SHARED = [(verb, setting) for setting in settings() for verb in setting.shared_with]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def option(verb: str, field: str) -> click.Option:
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    (found,) = [one for one in command.params if one.name == field]
    assert isinstance(found, click.Option)
    return found


@pytest.mark.parametrize(("verb", "setting"), SHARED)
def test_an_option_reads_the_same_in_every_verb(verb: str, setting: Any) -> None:
    ours, of_build = option(verb, setting.field), option("build", setting.field)
    assert ours.help == of_build.help
    assert ours.metavar == of_build.metavar
    assert of_build.opts[0] in ours.opts


def test_a_training_keeps_every_option_that_it_shares() -> None:
    fields = {field.name for field in dataclasses.fields(TrainOptions)}
    assert {setting.field for verb, setting in SHARED if verb == "train"} <= fields


def test_both_verbs_take_what_says_how_photos_are_prepared() -> None:
    assert {("evaluate", "preprocessing"), ("train", "preprocessing")} <= {
        (verb, setting.field) for verb, setting in SHARED
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("--alpha=-1", "option --alpha must be a number greater than 0, not -1."),
        ("--input-size=5", "option --input-size must be a whole number from 32 to 1024, not 5."),
        ("--preprocessing=1/0", "option --preprocessing must be one of mobilenet, imagenet,"),
        ("--weights=gone/x.h5", "option --weights names gone/x.h5, which does not exist."),
    ],
)
def test_a_value_is_refused_with_the_same_sentence_everywhere(
    given: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    calls = (["build"], ["evaluate", "demo", "photos"], ["train", "photos"])
    results = [run(*call, given) for call in calls]
    assert [result.exit_code for result in results] == [1, 1, 1]
    assert len({result.stderr for result in results}) == 1
    assert said in results[0].stderr


def test_evaluate_hands_on_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[SiteConfig] = []

    def evaluate_model(config: SiteConfig, *_: object, **_named: object) -> None:
        seen.append(config)
        raise ModelError("Enough.")

    monkeypatch.setattr(builder.evaluation.evaluate, "evaluate_model", evaluate_model)
    run("evaluate", "mobilenet", "photos", "--preprocessing", "1/2", "--alpha", "0.25")
    assert seen == [SiteConfig(model="mobilenet", preprocessing="1/2", alpha=0.25)]


def test_evaluate_names_a_model_that_is_not_there() -> None:
    assert "Error: MODEL names gone.h5, which does not exist." in (
        run("evaluate", "gone.h5", "photos").stderr
    )


def test_a_built_site_takes_no_options_of_a_model(tmp_path: Path) -> None:
    (tmp_path / "site.json").write_text("{}")
    result = run("evaluate", str(tmp_path), "photos", "--grayscale", "--alpha", "1")
    assert result.exit_code == 2
    assert "leave --alpha, --grayscale out" in result.stderr


@pytest.mark.parametrize("name", ["--input-size", "--image-size"])
def test_train_hands_on_what_it_was_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[TrainOptions] = []

    def train(options: TrainOptions, *_: object) -> None:
        seen.append(options)

    monkeypatch.setattr(builder.training.train, "train", train)
    assert run("train", "photos", name, "96", "--preprocessing", "0-1").exit_code == 0
    assert (seen[0].input_size, seen[0].preprocessing) == (96, "0-1")
    assert (seen[0].weights, seen[0].grayscale) == ("imagenet", False)
