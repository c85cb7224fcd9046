"""`python -m benchmarks.teachable_machine`: our answers and those of Teachable Machine's library.

Three exports of our own making, in the form of its image projects, answer the same photos in one
browser: by `@teachablemachine/image`, which gets each as an `<img>`, and by the site that
`classifier-pwa build` makes of them.
"""

import base64
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import served
from benchmarks.staging import PACKAGES
from benchmarks.teachable_exports import EXPORTS, Export, write_export
from builder.browser.evaluate import site_answers
from builder.browser.launch import launch_browser
from builder.build import build_site
from builder.config import SiteConfig
from builder.model.emitted import EmittedModel
from builder.model.images.labelled_photos import LabelledPhotos
from builder.model.images.photos import decode_photo, prepare
from builder.model.metadata import Preprocessing
from builder.site.built import read_site_metadata

_SCRIPTS = (
    "@tensorflow/tfjs/dist/tf.min.js",
    "@teachablemachine/image/dist/teachablemachine-image.min.js",
)
_PAGE = "<!doctype html><meta charset=utf-8>" + "".join(
    f'<script src="{Path(script).name}"></script>' for script in _SCRIPTS
)
_PREDICT = """
async ([export_, photos]) => {
  const model = await tmImage.load(`${export_}/model.json`, `${export_}/metadata.json`);
  const answers = [];
  for (const photo of photos) {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${photo}`;
    await image.decode();
    const told = await model.predict(image);
    answers.push(told.map(({ probability }) => probability));
  }
  return answers;
}
"""


@dataclass(frozen=True)
class Agreement:
    """How far two ways of answering the same photos agree."""

    same: float
    """Part of the photos with the same first answer."""
    largest: float
    """Largest difference of a probability."""

    @classmethod
    def of(cls, ours: NDArray[Any], theirs: NDArray[Any]) -> "Agreement":
        """Compare probabilities [N, C]."""
        same = np.mean(ours.argmax(1) == theirs.argmax(1))
        return cls(float(same), float(np.abs(ours - theirs).max()))


@click.command()
@click.argument("weights", type=click.Path(path_type=Path, exists=True))
@click.argument("dataset", type=click.Path(path_type=Path, exists=True))
@click.argument("photos", type=click.Path(path_type=Path, exists=True))
@click.option("--count", default=50, show_default=True, help="Photos to answer.")
def main(weights: Path, dataset: Path, photos: Path, count: int) -> None:
    """Train exports on DATASET (a tar of train/CLASS/*), on top of MobileNet 0.25's WEIGHTS, and
    print how they answer PHOTOS, a folder, as a table."""
    files = sorted(path for path in photos.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))
    asked = files[:: max(1, len(files) // count)][:count]
    click.echo("| export | same first answer | largest difference | with antialiasing |")
    click.echo("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name, unpacked(dataset) as examples:
        for export in EXPORTS:
            folder = Path(name) / export.name
            write_export(export, weights, examples, folder)
            ours, before = our_answers(folder, export, asked)
            theirs = their_answers(folder, asked)
            now, then = Agreement.of(ours, theirs), Agreement.of(before, theirs)
            click.echo(
                f"| {export.title} | {now.same:.0%} | {now.largest:.3f} |"
                f" {then.same:.0%}, {then.largest:.3f} |"
            )


def our_answers(
    folder: Path, export: Export, photos: list[Path]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return probabilities of a built site in a browser, and with an antialiased resize."""
    output = folder.with_name(f"{folder.name}-site")
    build_site(SiteConfig(model=str(folder), quantize="none", output=output, cache=False))
    labelled = LabelledPhotos(tuple(photos), np.zeros(len(photos), int))
    answers, _, _ = site_answers(output, read_site_metadata(output), labelled)
    model = next((output / "model").iterdir())
    emitted = EmittedModel({file.name: file.read_bytes() for file in model.iterdir()})
    usual = Preprocessing(export.size, export.size, crop_fraction=1.0)
    images = np.stack([prepare(decode_photo(photo), usual) for photo in photos])
    return answers, emitted.predict(images)


def their_answers(folder: Path, photos: list[Path]) -> NDArray[Any]:
    """Return the probabilities of Teachable Machine's own library, in a browser."""
    from playwright.sync_api import sync_playwright

    for script in _SCRIPTS:
        shutil.copy(PACKAGES / script, folder.parent)
    (folder.parent / "index.html").write_text(_PAGE, encoding="utf-8")
    encoded = [base64.b64encode(photo.read_bytes()).decode("ascii") for photo in photos]
    with (
        served(folder.parent, isolated=False) as (url, _),
        sync_playwright() as playwright,
        launch_browser(playwright) as browser,
    ):
        page = browser.new_page()
        page.goto(url)
        return np.array(page.evaluate(_PREDICT, [folder.name, encoded]))


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Yield a folder with the archive's training photos."""
    with tempfile.TemporaryDirectory() as name, tarfile.open(archive) as opened:
        members = [member for member in opened.getmembers() if "/train/" in f"/{member.name}"]
        opened.extractall(name, members, filter="data")
        yield next(path for path in Path(name).rglob("train") if path.is_dir())


if __name__ == "__main__":
    main()
