"""Photos from outside the camera: picker, drop and paste; what goes wrong, and what comes next."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from builder.hosting.server import PreviewServer
from tests.models import CLASSES

RESULTS = "#results li"


def picture(seed: int) -> bytes:
    """Return a JPEG of coarse random colours, the same in every run."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(coarse).resize((480, 360), Image.Resampling.BICUBIC).save(out, "JPEG")
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg", mime: str = "image/jpeg") -> FilePayload:
    """Return a file as Playwright's `set_input_files` takes it."""
    return {"name": name, "mimeType": mime, "buffer": content}


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-state", state)


def answer(page: Page) -> list[tuple[str | None, str | None]]:
    """Return names and probabilities as the list gives them to scripts, best first."""
    expect_state(page, "result")
    return [
        (item.get_attribute("data-class-name"), item.get_attribute("data-probability"))
        for item in page.locator(RESULTS).all()
    ]


@pytest.fixture
def ready_page(page: Page, trees_server: PreviewServer) -> Page:
    """Return the page with its model loaded."""
    page.goto(trees_server.url)
    expect_state(page, "ready")
    return page


def give(page: Page, event: str, field: str, *files: tuple[str, str, bytes]) -> None:
    """Dispatch a drag or paste that carries files: (name, MIME type, content) each."""
    encoded = [[name, mime, base64.b64encode(data).decode()] for name, mime, data in files]
    page.evaluate(
        """([event, field, files]) => {
          const transfer = new DataTransfer();
          for (const [name, type, data] of files) {
            const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
            transfer.items.add(new File([bytes], name, {type}));
          }
          const Kind = field === 'clipboardData' ? ClipboardEvent : DragEvent;
          document.body.dispatchEvent(
            new Kind(event, {[field]: transfer, bubbles: true, cancelable: true}));
        }""",
        [event, field, encoded],
    )


def test_a_picked_photo_is_shown_and_answered_best_first(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    found = answer(ready_page)
    assert len(found) == 5
    probabilities = [float(probability or "nan") for _, probability in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert {name for name, _ in found} <= set(CLASSES)
    first = ready_page.locator(RESULTS).first
    assert found[0][0] == CLASSES[int(first.get_attribute("data-class-index") or -1)]
    expect(first).to_contain_text(f"{probabilities[0]:.2%}")
    assert all(re.fullmatch(r"[01]\.\d{6,}", probability or "") for _, probability in found)
    expect(ready_page.get_by_alt_text("The photo you chose")).to_be_visible()
    expect(ready_page.locator("#status")).to_contain_text(found[0][0] or "")


def test_without_a_camera_the_trigger_chooses_photos(ready_page: Page) -> None:
    expect(ready_page.get_by_role("heading", name=re.compile("camera", re.I))).to_be_visible()
    for label in ("Choose a photo", "Choose another photo"):
        with ready_page.expect_file_chooser() as chooser:
            ready_page.get_by_role("button", name=label, exact=True).click()
        chooser.value.set_files(upload(picture(1)))
        answer(ready_page)


def test_the_same_file_can_be_picked_again(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    answer(ready_page)
    assert ready_page.locator("#photo-input").input_value() == ""


def test_drop_and_paste_give_the_picker_s_answer(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    picked = answer(ready_page)
    ready_page.set_input_files("#photo-input", upload(picture(2)))
    expect(ready_page.locator(RESULTS).first).not_to_have_attribute(
        "data-probability", picked[0][1] or ""
    )
    give(ready_page, "paste", "clipboardData", ("a.jpg", "image/jpeg", picture(1)))
    expect(ready_page.locator(RESULTS).first).to_have_attribute(
        "data-probability", picked[0][1] or ""
    )
    assert answer(ready_page) == picked
    give(ready_page, "drop", "dataTransfer", ("b.jpg", "image/jpeg", picture(2)))
    expect(ready_page.locator(RESULTS).first).not_to_have_attribute(
        "data-probability", picked[0][1] or ""
    )


def test_a_drag_of_files_is_invited_and_its_end_takes_the_hint_away(ready_page: Page) -> None:
    hint = ready_page.get_by_text("Drop the photo anywhere")
    file = ("a.jpg", "image/jpeg", picture(1))
    give(ready_page, "dragenter", "dataTransfer", file)
    expect(hint).to_be_visible()
    give(ready_page, "dragleave", "dataTransfer", file)
    expect(hint).to_be_hidden()
    give(ready_page, "dragenter", "dataTransfer")
    expect(hint).to_be_hidden()


def test_a_drop_without_a_file_is_explained(ready_page: Page) -> None:
    give(ready_page, "drop", "dataTransfer")
    expect(ready_page.get_by_role("alert")).to_contain_text("There was no photo in that")
    expect_state(ready_page, "ready")


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (b"just text", "notes.txt", "text/plain"),
        (b"", "empty.jpg", "image/jpeg"),
        (picture(1)[:400], "torn.jpg", "image/jpeg"),
    ],
)
def test_after_a_bad_file_a_good_one_works(
    ready_page: Page, content: bytes, name: str, mime: str
) -> None:
    ready_page.set_input_files("#photo-input", upload(content, name, mime))
    expect_state(ready_page, "error")
    expect(ready_page.get_by_role("alert")).not_to_be_empty()
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    answer(ready_page)
    expect(ready_page.get_by_role("alert")).to_be_empty()


def test_a_photo_chosen_while_the_model_loads_is_answered_when_it_is_there(
    page: Page, trees_server: PreviewServer
) -> None:
    held: list[Route] = []
    released = False

    def hold(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    page.context.route("**/model/**/*.bin", hold)
    page.goto(trees_server.url)
    expect(page.locator("#status")).to_have_text("Loading the model")
    page.set_input_files("#photo-input", upload(picture(1)))
    expect(page.locator("#status")).to_contain_text("waits for the model")
    expect_state(page, "loading")
    # Taking the handler away would let the held requests go on by themselves, at some moment.
    released = True
    for route in held:
        route.continue_()
    assert len(answer(page)) == 5


def test_a_model_that_cannot_be_had_is_tried_again_on_request(
    page: Page, trees_server: PreviewServer
) -> None:
    page.context.route("**/model/**", lambda route: route.abort())
    page.goto(trees_server.url)
    expect_state(page, "error")
    expect(page.get_by_role("alert")).to_contain_text("couldn\u2019t be downloaded")
    page.context.unroute("**/model/**")
    page.get_by_role("button", name="Try again", exact=True).click()
    expect_state(page, "ready")
    expect(page.get_by_role("alert")).to_be_empty()


def test_a_newer_photo_makes_an_older_answer_void(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(picture(2)))
    wanted = answer(ready_page)
    ready_page.set_input_files("#photo-input", upload(picture(1)))
    answer(ready_page)
    files = [("1.jpg", "image/jpeg", picture(seed)) for seed in (3, 1, 2)]
    for file in files:
        give(ready_page, "drop", "dataTransfer", file)
    expect(ready_page.locator(RESULTS).first).to_have_attribute(
        "data-probability", wanted[0][1] or ""
    )
    assert answer(ready_page) == wanted


def test_the_about_panel_opens_and_closes_by_keyboard(ready_page: Page) -> None:
    opener = ready_page.get_by_role("button", name="About this app")
    opener.focus()
    ready_page.keyboard.press("Enter")
    about = ready_page.get_by_role("dialog")
    expect(about).to_contain_text("Photos never leave this device")
    expect(about).to_contain_text("WebAssembly")
    ready_page.keyboard.press("Escape")
    expect(about).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_about_panel_closes_by_a_click_beside_it_and_not_inside(ready_page: Page) -> None:
    ready_page.get_by_role("button", name="About this app").click()
    about = ready_page.get_by_role("dialog")
    about.evaluate(
        "(dialog) => dialog.dispatchEvent(new MouseEvent('click', {"
        "clientX: dialog.getBoundingClientRect().left + 2,"
        "clientY: dialog.getBoundingClientRect().top + 2}))"
    )
    expect(about).to_be_visible()
    ready_page.mouse.click(5, 5)
    expect(about).to_be_hidden()


def test_the_bar_stays_one_line_while_the_app_is_saved(
    page: Page, trees_server: PreviewServer
) -> None:
    """A phone's width, and a title that leaves little of it."""
    page.goto(trees_server.url)
    expect_state(page, "ready")
    for words in ("Saved 12.3 of 45.6 MB", "Wird für offline gespeichert"):
        page.locator("#offline").evaluate(
            "(it, words) => { it.hidden = false; it.querySelector('span').textContent = words; }",
            words,
        )
        box = page.locator(".bar").bounding_box()
        assert box is not None
        assert box["height"] < 60
