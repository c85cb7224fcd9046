from pathlib import Path

import pytest

from builder.errors import LabelsError, ModelError, ParityError
from builder.model.failures import as_model_error

FILE = Path("trees.keras")


def _fail(error: BaseException, path: Path | None = FILE) -> None:
    with as_model_error(path, "its layers were read", "Save it again."):
        raise error


def test_what_nobody_foresaw_becomes_a_sentence_with_its_cause() -> None:
    cause = AttributeError("'NoneType' object has no attribute 'shape'\nand much more")
    with pytest.raises(ModelError) as caught:
        _fail(cause)
    assert caught.value.message == (
        "trees.keras cannot be used: something unforeseen happened while its layers were read "
        "(AttributeError: 'NoneType' object has no attribute 'shape'). Save it again."
    )
    assert caught.value.__cause__ is cause


@pytest.mark.parametrize("text", ["", " \n ", "x" * 100_000, "\x1b[31mred"])
def test_the_cause_is_short_and_plain(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        _fail(KeyError(text) if text.strip() else RecursionError(text))
    assert len(caught.value.message) < 400
    assert "\n" not in caught.value.message
    assert "\x1b" not in caught.value.message


def test_memory_that_could_not_be_had_is_told_as_such() -> None:
    with pytest.raises(ModelError, match="needs more memory than there is while its layers"):
        _fail(MemoryError())


def test_sentences_and_faults_of_ours_pass_as_they_are() -> None:
    with pytest.raises(LabelsError, match=r"^Two names are alike\.$"):
        _fail(LabelsError("Two names are alike."))
    with pytest.raises(KeyError):
        _fail(KeyError("ours"), path=None)
    with pytest.raises(KeyboardInterrupt):
        _fail(KeyboardInterrupt())


def test_a_sentence_about_a_model_names_its_file_once() -> None:
    with pytest.raises(ParityError, match=r"^trees\.keras: The model answers nothing\.$"):
        _fail(ParityError("The model answers nothing."))
    with pytest.raises(ModelError, match=r"^some/trees\.keras is damaged\.$"):
        _fail(ModelError("some/trees.keras is damaged."))
    with pytest.raises(ModelError, match=r"^The model answers nothing\.$"):
        _fail(ModelError("The model answers nothing."), path=None)
