"""The page looks as it did: on a phone, a tablet and a desktop, light and dark.

After a change that is meant, look at the pictures and renew the references:

    python -m pytest tests/e2e/test_looks.py --renew-looks
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from builder.hosting.server import PreviewServer
from tests.e2e.looks import look, looks, unlike
from tests.e2e.states import states
from tests.e2e.test_page import expect_state, picture, upload
from tests.e2e.visiting import WAIT_MS

REFERENCES = Path(__file__).parents[1] / "fixtures" / "looks"
CHOSEN = {"camera", "live", "where", "about", "probably", "many", "history", "no-camera"}
"""States in which areas say more than words: a text in another font may need another line."""
STEADY = {
    "about": "#about > p, .preferences > *, .facts > div { block-size: 3.5rem; }",
    "history": ".history-choice, .history-find { block-size: 8rem; overflow: hidden; }"
    ".screen-tools .pill-quiet { inline-size: 6rem; padding: 0; }"
    ".history-list li { block-size: 7rem; }",
}
"""What keeps its place then, by state."""
ANOTHER_FONT = "* { font-family: monospace !important; }"


@pytest.fixture
def still_page(camera_browser: Browser) -> Iterator[Page]:
    """Return a page on which nothing moves, with a camera that sees the same all the time."""
    context = camera_browser.new_context(
        viewport={"width": 360, "height": 640}, reduced_motion="reduce", bypass_csp=True
    )
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


def test_every_state_looks_as_it_did(
    still_page: Page,
    trees_server: PreviewServer,
    tmp_path: Path,
    pytestconfig: pytest.Config,
) -> None:
    renew = pytestconfig.getoption("--renew-looks")
    photos: list[Any] = [upload(picture(seed), f"{seed}.jpg") for seed in (1, 2, 3)]
    different = {}
    seen = set()
    for state in states(still_page, trees_server.url, photos):
        if state not in CHOSEN:
            continue
        seen.add(state)
        for screen, factor in looks(still_page):
            name = f"{state}-{screen}.png"
            found = look(still_page, factor, STEADY.get(state, ""))
            if renew:
                found.save(REFERENCES / name, optimize=True)
                continue
            places = unlike(Image.open(REFERENCES / name), found)
            if places:
                found.save(tmp_path / name)
                different[name] = places
    assert seen == CHOSEN
    assert not different, f"Compare {tmp_path} with {REFERENCES}; renew those that are meant."


def test_the_references_are_those_of_the_states_and_small() -> None:
    files = list(REFERENCES.glob("*.png"))
    assert {file.name.rsplit("-", 2)[0] for file in files} == CHOSEN
    assert len(files) == 6 * len(CHOSEN)
    assert sum(file.stat().st_size for file in files) < 400_000


@pytest.fixture
def answered_page(still_page: Page, trees_server: PreviewServer) -> Page:
    """Return the page with a photo and its answer."""
    still_page.goto(trees_server.url)
    expect_state(still_page, "ready")
    still_page.set_input_files("#photo-input", upload(picture(1)))
    expect_state(still_page, "result")
    return still_page


def test_a_fault_is_seen_on_every_screen(answered_page: Page) -> None:
    faults = {
        "a hidden button": "#pick-photo { visibility: hidden; }",
        "a moved button": "#shutter { translate: 0 -3rem; }",
        "another background": "html, body { background: #e9e4da !important; }",
        "a picture that is cut": "#viewfinder { height: 12rem !important; }",
        "a photo that is not shown": "#print { visibility: hidden; }",
    }
    for screen, factor in looks(answered_page):
        sound = look(answered_page, factor)
        for fault, style in faults.items():
            assert unlike(sound, look(answered_page, factor, style)), f"{screen}: {fault}"


def test_another_font_is_no_fault(answered_page: Page) -> None:
    for screen, factor in looks(answered_page):
        sound = look(answered_page, factor)
        assert unlike(sound, look(answered_page, factor)) == 0, screen
        assert unlike(sound, look(answered_page, factor, ANOTHER_FONT)) == 0, screen
