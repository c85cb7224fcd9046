"""What a report's page says of few photos, few classes and names in any script."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from builder.cli.evaluate import summary
from builder.evaluation.advice import advice_for, advice_on_foreign
from builder.evaluation.evaluate import Evaluation
from builder.evaluation.figures import measure
from builder.evaluation.plots import confusion_matrix, reliability_diagram
from builder.evaluation.report import ReportContent, report_page
from builder.model.calibration.certainty import CertaintyFigures
from builder.model.images.labelled_photos import LabelledPhotos

LABELS = ("猫", "🐕 dog", "a$b$ & c")
TRUTH = np.repeat([0, 1, 2], [12, 12, 2])


def answers(wrong: int) -> np.ndarray:
    """Return probabilities [26, 3] that are wrong of the first `wrong` photos."""
    given = np.where(np.arange(26) < wrong, (TRUTH + 1) % 3, TRUTH)
    return np.eye(3)[given] * 0.7 + 0.1


def page(tmp_path: Path, wrong: int) -> str:
    Image.new("RGB", (8, 8)).save(tmp_path / "one.png")
    figures = measure(answers(wrong), TRUTH, LABELS)
    content = ReportContent(
        title="Training of a.keras",
        subtitle="",
        figures=figures,
        probabilities=answers(wrong),
        truth=TRUTH,
        labels=LABELS,
        files=[tmp_path / "one.png"] * 26,
        advice=advice_for(figures),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return report_page(content)


def test_a_figure_stands_beside_what_it_may_be(tmp_path: Path) -> None:
    text = page(tmp_path, 5)
    assert "<dd>80.8%</dd>" in text
    assert "62–91% with 26 photos" in text
    assert "among the first five" not in text


def test_names_in_any_script_are_drawn_as_letters_and_the_drawing_takes_the_pages_ink() -> None:
    figures = measure(answers(3), TRUTH, LABELS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawing = confusion_matrix(figures.confusion, LABELS)
    for label in ("猫", "🐕 dog", "a$b$ &amp; c"):
        assert f">{label}</text>" in drawing
    assert "currentColor" in drawing
    assert "#ffffff" not in drawing
    assert "#000000" not in drawing


def test_points_of_the_reliability_diagram_are_counted() -> None:
    figures = measure(answers(5), TRUTH, LABELS)
    assert ">26</text>" in reliability_diagram(figures.bins)


def test_advice_names_what_is_few_and_what_is_confused(tmp_path: Path) -> None:
    text = page(tmp_path, 5)
    assert "a$b$ &amp; c: 2 validation photos; add more." in text
    assert "猫 is taken for 🐕 dog (5 of 12)" in text
    assert "What would help" in text


@pytest.mark.parametrize(("labels", "lines"), [(("a", "b"), 1), (("a", "Other"), 0)])
def test_an_other_folder_is_advised_where_there_is_none(
    labels: tuple[str, ...], lines: int
) -> None:
    assert len(advice_on_foreign(labels)) == lines


@pytest.mark.parametrize(("wrong", "weakest"), [(0, None), (3, "猫 75%")])
def test_a_class_that_is_always_recognised_is_not_weak(wrong: int, weakest: str | None) -> None:
    evaluation = Evaluation(
        model="m",
        engine="Keras",
        labels=LABELS,
        photos=LabelledPhotos([], TRUTH),
        probabilities=answers(wrong),
        figures=measure(answers(wrong), TRUTH, LABELS),
        certainty=CertaintyFigures(0.5, 1.0, None),
        milliseconds=(1.0,),
    )
    lines = summary(evaluation).splitlines()
    told = [line.partition(":")[2].strip() for line in lines if line.startswith("Weakest")]
    assert told == ([] if weakest is None else [weakest])
    assert not [line for line in lines if line.startswith("Top 5")]
