"""Which way to store weights a conversion takes where none is asked for."""

from pathlib import Path

import pytest

from builder.config import SiteConfig
from builder.model.conversion import convert_model
from builder.model.metadata_json import METADATA, Metadata, read_metadata
from builder.model.quantize import modes


def converted(config: SiteConfig) -> tuple[Metadata, list[str]]:
    """Return what a conversion says of the model, and its warnings."""
    warnings: list[str] = []
    made = convert_model(config, lambda _line: None, warnings.append)
    return read_metadata(made.entry.files[METADATA]), warnings


@pytest.mark.slow
def test_the_default_of_an_architecture_is_taken_while_it_agrees(
    trees: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(modes.DEFAULTS, "custom", "uint8")
    config = SiteConfig(model=str(trees[0]), labels=trees[1], preprocessing="mobilenet")
    # What every mode keeps to, so that only the default is measured.
    lenient = {"min_agreement": 0.0, "max_divergence": 100.0}
    metadata, warnings = converted(
        SiteConfig(**{**vars(config), **lenient})  # type: ignore[arg-type]
    )
    assert metadata.quantization == "uint8"
    assert (metadata.candidates, warnings) == ((), [])

    metadata, warnings = converted(config)
    assert metadata.quantization == "float16"
    assert [one.quantization for one in metadata.candidates] == ["uint8", "float16"]
    (told,) = warnings
    assert told == (
        "With the weights as uint8, the default for custom, too many answers differ from Keras's "
        "on these pictures; float16 is taken instead."
    )
