"""The classifier as a module that any page may import, without the app's own page around it."""

import base64
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from builder.hosting.server import PreviewServer, preview_server
from builder.model.emitted import EmittedModel
from builder.model.images.photos import decode_photo, prepare
from builder.model.metadata import Preprocessing
from tests.odd_photos import (
    XMP,
    animation_beside_its_default_image,
    png_with_exif_behind_its_pixels,
)

# Both sides compute in float32, in another order.
TOLERANCE = 1e-4

PRELUDE = """
const site = await (await fetch('site.json')).json();
const { Classifier } = await import(new URL(site.app + 'classifier.js', location.href));
const root = new URL('./', location.href);
const blob = (text) => new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]);
const failure = (error) => ({ name: error.name, code: error.code, message: error.message });
"""


def run(page: Page, body: str, argument: Any = None) -> Any:
    """Run JavaScript in the page that may use what the prelude declares, and `argument`."""
    return page.evaluate(f"async (argument) => {{ {PRELUDE} {body} }}", argument)


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return the picture's file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def scene(width: int, height: int, channels: int = 3) -> Image.Image:
    """Return a picture of coarse random colours."""
    rng = np.random.default_rng(width * height)
    coarse = rng.integers(0, 256, (7, 9, channels), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def turned() -> Image.Exif:
    """Return EXIF data that says: turn me by 90 degrees."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def deep() -> bytes:
    """Return a grey PNG of 16 bits a pixel."""
    ramp = np.linspace(0, 65535, 240 * 160).reshape(160, 240)
    return encoded(Image.fromarray(ramp.astype(np.uint16)))


def animation(kind: str) -> bytes:
    """Return an animated picture whose later frames are of another colour."""
    frames = [scene(200, 140), Image.new("RGB", (200, 140), (250, 20, 20))]
    options = {"lossless": True} if kind == "WEBP" else {}
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=90, **options)


PHOTOS = {
    "jpeg": encoded(scene(480, 360), "JPEG"),
    "turned": encoded(scene(480, 360), "JPEG", exif=turned()),
    "grey": encoded(scene(301, 449).convert("L"), "JPEG"),
    "progressive": encoded(scene(333, 251), "JPEG", progressive=True, subsampling=2),
    "transparent": encoded(scene(200, 150, channels=4)),
    "palette": encoded(scene(160, 120).convert("P"), "GIF"),
    "one pixel": encoded(Image.new("RGB", (1, 1), (200, 30, 60))),
    "panorama": encoded(scene(3000, 90)),
    "tall": encoded(scene(40, 900)),
    "large": encoded(scene(2400, 1800), "JPEG"),
    "16 bits": deep(),
    "grey with alpha": encoded(scene(180, 260, channels=4).convert("LA")),
    "turned and transparent": encoded(scene(150, 210, channels=4), exif=turned()),
    "animated GIF": animation("GIF"),
    "animated WebP": animation("WEBP"),
    "animated PNG": animation("PNG"),
    "turned WebP": encoded(scene(210, 150), "WEBP", exif=turned(), lossless=True),
    "turned by XMP": encoded(scene(330, 210), "JPEG", xmp=XMP),
    "turned behind its pixels": png_with_exif_behind_its_pixels(scene(150, 210)),
    "animation beside its default image": animation_beside_its_default_image(frame=(20, 9, 7, 5)),
    "without its end": encoded(scene(320, 240), "JPEG")[:-2],
    "with half an end": encoded(scene(240, 320), "JPEG", progressive=True)[:-1],
    "two pixels": encoded(Image.fromarray(np.uint8([[[255, 0, 0], [0, 0, 255]]]))),
}


@pytest.fixture
def module_page(page: Page, trees_server: PreviewServer) -> Iterator[Page]:
    """Return a page of the site's origin and policy, with nothing but the classifier in use."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(trees_server.url)
    yield page
    assert problems == []


@pytest.fixture(scope="module")
def expected(trees_site: Path) -> dict[str, np.ndarray]:
    """Return what the emitted graph says of Pillow's pixels, run by TensorFlow."""
    folder = next((trees_site / "model").iterdir())
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    height, width = metadata["inputSize"]
    sizes = Preprocessing(
        input_height=height,
        input_width=width,
        crop_fraction=metadata["preprocessing"]["cropFraction"],
    )
    model = EmittedModel({path.name: path.read_bytes() for path in folder.iterdir()})
    photos = np.stack([prepare(decode_photo(photo), sizes) for photo in PHOTOS.values()])
    return dict(zip(PHOTOS, model.predict(photos), strict=True))


@pytest.mark.parametrize("worker", [True, False])
def test_answers_equal_those_of_the_python_reference(
    module_page: Page, expected: dict[str, np.ndarray], worker: bool
) -> None:
    photos = {name: text(photo) for name, photo in PHOTOS.items()}
    answers = run(
        module_page,
        """
        const classifier = await Classifier.load(root, { site, worker: argument.worker });
        const answers = {};
        for (const [name, photo] of Object.entries(argument.photos)) {
          const { predictions } = await classifier.classify(blob(photo), { topK: 1000 });
          answers[name] = predictions.map((p) => [p.classIndex, p.probability]);
        }
        await classifier.dispose();
        return answers;
        """,
        {"worker": worker, "photos": photos},
    )
    for name, predictions in answers.items():
        actual = [probability for _, probability in sorted(predictions)]
        np.testing.assert_allclose(actual, expected[name], atol=TOLERANCE, err_msg=name)


def test_every_kind_of_source_gives_the_same_answer_and_stays_usable(module_page: Page) -> None:
    answers = run(
        module_page,
        """
        const file = blob(argument);
        const classifier = await Classifier.load(root);
        const bitmap = await createImageBitmap(file);
        const { width, height } = bitmap;
        const image = new Image();
        image.src = URL.createObjectURL(file);
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width, height });
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const offscreen = new OffscreenCanvas(width, height);
        offscreen.getContext('2d').drawImage(bitmap, 0, 0);
        const pixels = context.getImageData(0, 0, width, height);
        const sources = [file, bitmap, image, canvas, offscreen, pixels];
        const answers = [];
        for (const source of [...sources, ...sources]) {
          answers.push((await classifier.classify(source)).predictions);
        }
        return answers;
        """,
        text(encoded(scene(320, 240))),
    )
    assert len(answers) == 12
    assert all(answer == answers[0] for answer in answers)


def test_nothing_piles_up_over_a_hundred_photos(module_page: Page) -> None:
    before, after = run(
        module_page,
        """
        const classifier = await Classifier.load(root);
        const before = await classifier.memory();
        const photo = blob(argument);
        for (let i = 0; i < 100; i++) await classifier.classify(photo);
        await classifier.embed(photo);
        await classifier.explain(photo, 0);
        return [before, await classifier.memory()];
        """,
        text(PHOTOS["jpeg"]),
    )
    assert before["numTensors"] > 0
    assert after == before


def test_embedding_and_class_activation_have_the_promised_shapes(module_page: Page) -> None:
    answer = run(
        module_page,
        """
        const classifier = await Classifier.load(root);
        const photo = blob(argument);
        const { values, ...map } = await classifier.explain(photo, 3);
        const embedding = await classifier.embed(photo);
        return { map, values: Array.from(values), embedding: embedding.length,
                 outputs: classifier.metadata.outputs };
        """,
        text(PHOTOS["jpeg"]),
    )
    outputs, cells = answer["outputs"], answer["map"]
    assert [cells["height"], cells["width"]] == outputs["classActivation"]
    assert len(answer["values"]) == cells["width"] * cells["height"]
    assert [cells["min"], cells["max"]] == [min(answer["values"]), max(answer["values"])]
    assert answer["embedding"] == outputs["embedding"]


BAD_FILES = {
    "text": (b"hello", "not-an-image"),
    "empty": (b"", "not-an-image"),
    "truncated": (PHOTOS["jpeg"][:300], "not-an-image"),
    "torn in the middle": (PHOTOS["large"][: len(PHOTOS["large"]) // 2], "not-an-image"),
    "torn before the end": (PHOTOS["jpeg"][:-30], "not-an-image"),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "unsupported-format"),
    "TIFF": (encoded(scene(20, 20), "TIFF"), "unsupported-format"),
    "50,000 by 50,000": (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\x02\0\0\0",
        "image-too-large",
    ),
}


def test_bad_files_are_told_by_kind_and_the_next_photo_works(module_page: Page) -> None:
    answers = run(
        module_page,
        """
        const classifier = await Classifier.load(root);
        const answers = {};
        for (const [name, file] of Object.entries(argument.bad)) {
          answers[name] = await classifier.classify(blob(file)).catch(failure);
        }
        const { predictions } = await classifier.classify(blob(argument.good));
        return { answers, predictions: predictions.length };
        """,
        {
            "bad": {name: text(content) for name, (content, _) in BAD_FILES.items()},
            "good": text(PHOTOS["jpeg"]),
        },
    )
    codes = {name: answer["code"] for name, answer in answers["answers"].items()}
    assert codes == {name: code for name, (_, code) in BAD_FILES.items()}
    assert answers["predictions"] == 5


def test_a_cancelled_photo_is_void_and_the_others_are_not(module_page: Page) -> None:
    codes = run(
        module_page,
        """
        const classifier = await Classifier.load(root);
        const photo = blob(argument);
        const controller = new AbortController();
        const { signal } = controller;
        const calls = [
          classifier.classify(photo),
          classifier.classify(photo, { signal }),
          classifier.classify(photo),
        ];
        controller.abort();
        return Promise.all(calls.map((call) => call.then(() => 'answer', (error) => error.code)));
        """,
        text(PHOTOS["jpeg"]),
    )
    assert codes == ["answer", "aborted", "answer"]


def test_the_engine_answers_as_tensorflow_js_does(module_page: Page) -> None:
    answer = run(
        module_page,
        """
        const asked = async (backend) => {
          const classifier = await Classifier.load(root, { backend });
          const photo = blob(argument);
          const { predictions } = await classifier.classify(photo, { topK: 10 });
          const { values } = await classifier.explain(photo, predictions[0].classIndex);
          const embedding = await classifier.embed(photo);
          const name = classifier.backend;
          await classifier.dispose();
          return { name, predictions, map: [...values], embedding: [...embedding] };
        };
        return [await asked('engine'), await asked('wasm')];
        """,
        text(PHOTOS["jpeg"]),
    )
    engine, wasm = answer
    assert [engine["name"], wasm["name"]] == ["engine", "wasm"]
    for one, other in zip(engine["predictions"], wasm["predictions"], strict=True):
        assert one["classIndex"] == other["classIndex"]
        assert one["probability"] == pytest.approx(other["probability"], abs=TOLERANCE)
    for name in ("map", "embedding"):
        largest = max(map(abs, wasm[name]))
        assert engine[name] == pytest.approx(wasm[name], abs=TOLERANCE * max(1, largest))


def test_a_lost_graphics_card_costs_a_pause_and_no_answer(module_page: Page) -> None:
    answer = run(
        module_page,
        """
        const contexts = [];
        const getContext = OffscreenCanvas.prototype.getContext;
        OffscreenCanvas.prototype.getContext = function (...args) {
          const context = getContext.apply(this, args);
          if (args[0] === 'webgl2') contexts.push(context);
          return context;
        };
        const { Engine } = await import(new URL(site.app + 'classifier/engine.js', root));
        const graphics = async () => ({ webgpu: 'none', webgl: 'hardware' });
        const options = { base: root.href, site, preferred: 'webgl' };
        const engine = await Engine.load(options, undefined, { graphics });
        const photo = blob(argument);
        const before = [engine.backend, await engine.classify(photo)];
        contexts.forEach((gl) => gl.getExtension('WEBGL_lose_context').loseContext());
        const after = [engine.backend, await engine.classify(photo)];
        return { before, after, backend: engine.backend, contexts: contexts.length };
        """,
        text(PHOTOS["jpeg"]),
    )
    assert answer["contexts"] > 0
    assert answer["before"][0] == "webgl"
    assert answer["backend"] == "wasm"
    for one, other in zip(
        answer["before"][1]["predictions"], answer["after"][1]["predictions"], strict=True
    ):
        assert one["classIndex"] == other["classIndex"]
        assert one["probability"] == pytest.approx(other["probability"], abs=1e-3)


def see_frames(page: Page, refusing_from: int) -> list[dict[str, Any]]:
    """Show a WebGL engine one picture as a photo, four times as a frame, and as a frame in gray.

    The GPU takes no more pictures from the frame of that index on.
    """
    return run(
        page,
        """
        let read = 0;
        const canvas = OffscreenCanvasRenderingContext2D.prototype;
        const { getImageData } = canvas;
        canvas.getImageData = function (...args) {
          read += 1;
          return getImageData.apply(this, args);
        };
        let refusing = false;
        const gl = WebGL2RenderingContext.prototype;
        for (const name of ['texImage2D', 'texSubImage2D']) {
          const upload = gl[name];
          gl[name] = function (...args) {
            if (refusing && args.at(-1) instanceof ImageBitmap) throw new DOMException('no');
            return upload.apply(this, args);
          };
        }
        const { Engine } = await import(new URL(site.app + 'classifier/engine.js', root));
        const engine = await Engine.load({ base: root.href, site, backend: 'webgl' });
        const see = async (options) => {
          const before = read;
          const picture = await createImageBitmap(blob(argument.picture));
          const { predictions } = await engine.classify(picture, { topK: 10, ...options });
          const { numTensors } = await engine.memory();
          return { predictions, onCpu: read > before, numTensors };
        };
        const answers = [await see({})];
        for (let i = 0; i < 4; i++) {
          refusing = i >= argument.refusingFrom;
          answers.push(await see({ frame: true }));
        }
        answers.push(await see({ frame: true, grayscale: true }));
        return answers;
        """,
        {"picture": text(encoded(scene(640, 480))), "refusingFrom": refusing_from},
    )


@pytest.mark.parametrize(
    ("refusing_from", "on_cpu"),
    [
        pytest.param(9, [True, False, False, False], id="never"),
        pytest.param(0, [True, True, True, True], id="from the first on"),
        pytest.param(2, [True, False, True, True], id="from the third on"),
    ],
)
def test_a_gpu_that_can_reads_frames_of_a_camera_once_it_read_one_as_the_cpu_does(
    module_page: Page, refusing_from: int, on_cpu: list[bool]
) -> None:
    photo, *frames, gray = see_frames(module_page, refusing_from)
    assert photo["onCpu"]
    assert [frame["onCpu"] for frame in frames] == on_cpu
    assert gray["onCpu"]
    probabilities = [
        {one["classIndex"]: one["probability"] for one in it["predictions"]}
        for it in (photo, *frames)
    ]
    for others in probabilities[1:]:
        assert others == pytest.approx(probabilities[0], abs=5e-3)
    assert frames[2]["numTensors"] == frames[3]["numTensors"]


def test_the_pictures_of_a_video_are_frames(module_page: Page) -> None:
    frames = run(
        module_page,
        """
        const frames = [];
        const engine = {
          async classify(picture, { frame }) {
            frames.push(frame);
            picture.close();
            return { predictions: [] };
          },
        };
        const classifier = new Classifier(engine, async () => ({}));
        const canvas = Object.assign(document.createElement('canvas'), { width: 9, height: 6 });
        canvas.getContext('2d').fillRect(0, 0, 9, 6);
        const video = Object.assign(document.createElement('video'), { muted: true });
        video.srcObject = canvas.captureStream();
        await video.play();
        await classifier.classify(video);
        await classifier.classify(canvas);
        return frames;
        """,
    )
    assert frames == [True, False]


def test_a_damaged_shard_is_refused_and_a_repaired_one_loads(
    page: Page, trees_site: Path, tmp_path: Path
) -> None:
    site = tmp_path / "dist"
    shutil.copytree(trees_site, site)
    shard = next(site.glob("model/*/*.bin"))
    content = shard.read_bytes()
    load = "return Classifier.load(root).then(({ backend }) => ({ backend }), failure);"
    with preview_server(site) as server:
        # A page of the origin that does not load the model itself.
        page.goto(f"{server.url}404.html")
        shard.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
        damaged = run(page, load)
        shard.write_bytes(content)
        repaired = run(page, load)
    assert damaged["code"] == "model-damaged"
    assert shard.name in damaged["message"]
    assert repaired == {"backend": "wasm"}


def test_a_worker_that_cannot_start_is_replaced_by_the_main_thread(module_page: Page) -> None:
    answer = run(
        module_page,
        """
        window.Worker = class { constructor() { throw new DOMException('no', 'SecurityError'); } };
        const classifier = await Classifier.load(root);
        const { predictions } = await classifier.classify(blob(argument));
        return predictions.length;
        """,
        text(PHOTOS["jpeg"]),
    )
    assert answer == 5
