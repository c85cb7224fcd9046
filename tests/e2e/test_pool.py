"""Many photos at once: a pool of workers in a real browser."""

from pathlib import Path

from playwright.sync_api import Page

from builder.hosting.server import PreviewServer
from tests.e2e.test_classifier_module import PHOTOS, run, text


def test_a_pool_answers_as_one_classifier_does(page: Page, trees_server: PreviewServer) -> None:
    page.goto(f"{trees_server.url}404.html")
    alone, together, size, tensors, closed = run(
        page,
        """
        const photos = argument.map(blob);
        const one = await Classifier.load(root, { site, backend: 'wasm' });
        const alone = [];
        for (const photo of photos) alone.push((await one.classify(photo)).predictions);
        const pool = await Classifier.loadPool(root, { site, backend: 'wasm', workers: 2 });
        const together = [];
        const answerAll = async (sources) => {
          for await (const { index, classification } of pool.classifyAll(sources)) {
            together[index] = classification.predictions;
          }
        };
        await answerAll(photos);
        const tensors = [await pool.memory()];
        for (let round = 0; round < 3; round++) await answerAll(photos);
        tensors.push(await pool.memory());
        const bitmaps = await Promise.all(photos.map((photo) => createImageBitmap(photo)));
        await answerAll(bitmaps);
        const size = await pool.size();
        await pool.dispose();
        return [alone, together, size, tensors, bitmaps.every(({ width }) => width === 0)];
        """,
        [text(PHOTOS["jpeg"]), text(PHOTOS["grey"]), text(PHOTOS["large"])],
    )
    assert together == alone
    assert size == 2
    assert tensors[0] == tensors[1]
    assert closed, "bitmaps are moved, not copied"


def test_a_pool_fetches_the_weights_once(
    page: Page, trees_site: Path, trees_server: PreviewServer
) -> None:
    shards = {path.relative_to(trees_site).as_posix() for path in trees_site.glob("model/*/*.bin")}
    page.goto(f"{trees_server.url}404.html")
    size = run(
        page,
        """
        const pool = await Classifier.loadPool(root, { site, workers: 3 });
        return pool.size();
        """,
    )
    asked = [path.lstrip("/") for _, path, _ in trees_server.requests]
    assert size == 3
    assert sorted(path for path in asked if path in shards) == sorted(shards)
