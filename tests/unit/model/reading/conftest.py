"""The small classifier in every form, each saved once."""

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.model.reading.forms import OTHERS, SAVERS


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return where a form of the small classifier lies: "keras2.h5", "saved_model", "layers" …"""
    folder = tmp_path_factory.mktemp("forms")

    def path(form: str) -> Path:
        place = folder / form
        if not place.exists():
            with warnings.catch_warnings():  # Keras 2 finds its own formats old.
                warnings.simplefilter("ignore")
                {**SAVERS, **OTHERS}[form](place)
        return place

    return path
