"""Models with operators that the lean runtime lacks get the full one, and work."""

from pathlib import Path

from playwright.sync_api import Page

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import preview_server
from builder.site.runtime import graph_operators, read_runtimes
from tests.e2e.test_page import answer, expect_state, picture, upload
from tests.models import CLASSES


def save_unusual_model(folder: Path) -> tuple[Path, Path]:
    """Save a small model with an activation that few classifiers have; return it and its labels."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.layers.Input((32, 32, 3)),
            keras.layers.Conv2D(8, 3, strides=2, activation="tanh"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(len(CLASSES), activation="softmax"),
        ]
    )
    model.save(folder / "unusual.keras")
    (folder / "labels.txt").write_text("".join(f"{name}\n" for name in CLASSES))
    return folder / "unusual.keras", folder / "labels.txt"


def test_a_model_with_a_rare_operator_gets_the_full_runtime_and_answers(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    model, labels = save_unusual_model(tmp_path)
    site = tmp_path / "dist"
    build_site(SiteConfig(model=str(model), labels=labels, output=site))
    runtimes = read_runtimes()
    model_json = next(site.glob("model/*/model.json")).read_bytes()
    assert not graph_operators(model_json) <= runtimes.operators
    for built, runtime in ((site, runtimes.full), (trees_site, runtimes.lean)):
        folder = next(built.glob("runtime/*"))
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == runtime.contents
    with preview_server(site) as server:
        page.goto(server.url)
        expect_state(page, "ready")
        page.set_input_files("#photo-input", upload(picture(1)))
        assert len(answer(page)) == 5
