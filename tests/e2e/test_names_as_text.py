"""Class names of any kind are text, and fit on small screens and with large letters."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Browser, Page, expect

from builder.build import build_site
from builder.config import SiteConfig
from builder.hosting.server import PreviewServer, preview_server
from tests.e2e.test_page import expect_state, picture, upload

ARABIC = "القط الفارسي"
NAMES = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ARABIC,
    "salt &amp; pepper",
    "{{ 7 * 7 }}",
    "日本猫",
    "constructor",
    "\u202eright to left override",
    "a name of many words that goes on and on and on until it has filled more than one line",
)

NO_OVERFLOW = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def named_server(
    trees_model: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PreviewServer]:
    """Serve the small model with names that try to be more than text; all ten are listed."""
    folder = tmp_path_factory.mktemp("names")
    labels = folder / "labels.txt"
    labels.write_text("".join(f"{name}\n" for name in NAMES), encoding="utf-8")
    output = folder / "dist"
    title = "Rindfleischetikettierungsüberwachung <b>& more</b> </script>"
    config = SiteConfig(
        model=str(trees_model[0]), labels=labels, title=title, top_k=len(NAMES), output=output
    )
    build_site(config)
    with preview_server(output) as server:
        yield server


FILE_NAME = "<img src=x onerror=\"document.title='owned'\">.jpg"


def talkative_photo() -> bytes:
    """Return a JPEG whose EXIF and comment try to be more than data."""
    exif = Image.Exif()
    for tag in (ExifTags.Base.ImageDescription, ExifTags.Base.Artist, ExifTags.Base.Software):
        exif[tag] = "<script>document.title='owned'</script>"
    exif[ExifTags.Base.Orientation] = 999
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture(1))) as image:
        image.save(out, "JPEG", exif=exif, comment=FILE_NAME.encode())
    return out.getvalue()


def answer(page: Page, url: str) -> None:
    page.goto(url)
    expect_state(page, "ready")
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")


def test_names_and_title_are_shown_letter_by_letter(
    page: Page, named_server: PreviewServer
) -> None:
    answer(page, named_server.url)
    rows = page.locator("#results li")
    assert sorted(rows.locator(".name").all_text_contents()) == sorted(NAMES)
    attributes = rows.evaluate_all("(rows) => rows.map((row) => row.dataset.className)")
    assert sorted(attributes) == sorted(NAMES)
    assert page.locator("#results :is(img, script, b)").count() == 0
    title = "Rindfleischetikettierungsüberwachung <b>& more</b> </script>"
    assert page.title() == title
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("#status")).to_contain_text(rows.first.locator(".name").inner_text())


def test_a_name_runs_in_the_direction_of_its_script(
    page: Page, named_server: PreviewServer
) -> None:
    answer(page, named_server.url)
    directions = dict(
        page.locator("#results .name bdi").evaluate_all(
            "(names) => names.map((name) => [name.textContent, getComputedStyle(name).direction])"
        )
    )
    assert {name for name, direction in directions.items() if direction == "rtl"} == {ARABIC}


@pytest.mark.parametrize(
    ("width", "height", "letters"),
    [(320, 568, "100%"), (360, 640, "200%"), (640, 320, "100%")],
)
def test_nothing_is_wider_than_the_screen(
    browser: Browser, named_server: PreviewServer, width: int, height: int, letters: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(named_server.url)
    page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", letters)
    expect_state(page, "ready")
    assert page.evaluate(NO_OVERFLOW)
    page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(page, "result")
    assert page.evaluate(NO_OVERFLOW)
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert min(box["width"], box["height"]) >= 24
    percents = page.locator("#results .percent")
    assert percents.evaluate_all(
        "(all) => all.every((one) => one.getBoundingClientRect().right <= innerWidth)"
    )
    context.close()


def test_file_names_exif_and_messages_are_data(page: Page, trees_server: PreviewServer) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(trees_server.url)
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
    page.set_input_files("#photo-input", upload(talkative_photo(), name=FILE_NAME))
    expect_state(page, "result")
    scripts = page.locator("body script:not([src])")
    own = scripts.count()
    # Any page of the origin, and whoever opened this one, may send what it likes.
    page.evaluate(
        """(markup) => {
            const scope = new URL('./', document.baseURI).href;
            const texts = ['progress', 'install-failed', 'toString', markup];
            const forged = texts.flatMap((type) => [
              { type, scope, reason: 'constructor', detail: markup, loaded: markup, total: {} },
              { type, scope, reason: markup },
            ]);
            for (const data of [null, 1, markup, [], {}, ...forged]) {
              navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data }));
              window.postMessage(data, '*');
              navigator.serviceWorker.controller.postMessage(data);
            }
        }""",
        FILE_NAME,
    )
    page.locator("#open-about").click()
    expect(page.locator("#about")).to_be_visible()
    assert page.title() == "Trees"
    assert page.locator("img[onerror]").count() == 0
    assert scripts.count() == own
    assert complaints == []
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-offline", "ready")
