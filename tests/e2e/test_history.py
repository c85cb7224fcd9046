"""The history: nothing without a yes; search, likeness, deletion, export and import."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.test_many_photos import saved
from tests.e2e.test_page import answer, expect_state, picture, upload
from tests.e2e.visiting import visit

ROWS = "#history-rows li"


def look_at(page: Page, seed: int) -> str:
    """Have a photo answered, and return its best class."""
    page.goto(page.url.split("#")[0])
    expect_state(page, "ready")
    page.set_input_files("#photo-input", upload(picture(seed), f"photo-{seed}.jpg"))
    return answer(page)[0][0] or ""


def open_history(page: Page) -> None:
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_focused()


def remembered(page: Page, server: PreviewServer, *seeds: int) -> list[str]:
    """Switch the history on, and have photos answered; return their best classes."""
    page.goto(server.url)
    expect_state(page, "ready")
    open_history(page)
    page.get_by_role("switch").press(" ")
    names = []
    for count, seed in enumerate(seeds, 1):
        names.append(look_at(page, seed))
        open_history(page)
        expect(page.locator(ROWS)).to_have_count(count)
    return names


def test_nothing_is_remembered_until_the_person_says_so(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(trees_server.url)
    look_at(page, 1)
    open_history(page)
    expect(page.get_by_text("Nothing is remembered yet")).to_be_visible()
    expect(page.get_by_role("switch")).not_to_be_checked()
    assert page.evaluate("() => indexedDB.databases().then((all) => all.length)") <= 1
    best = remembered(page, trees_server, 1)[0]
    expect(page.locator(ROWS)).to_contain_text([best])
    expect(page.locator(f"{ROWS} img")).to_have_js_property("naturalWidth", 128)
    expect(page.locator("#history-count")).to_contain_text("1 photo, ")
    page.reload()
    expect(page.locator(ROWS)).to_contain_text(["photo-1.jpg"])
    names = page.evaluate("() => indexedDB.databases().then((all) => all.map(({name}) => name))")
    assert names == ["classifier-pwa|/|history"]


def test_photos_are_found_by_words_and_by_likeness_and_deleted_by_keyboard(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1, 2, 1)
    page.get_by_label("Search").fill("photo-2")
    expect(page.locator(ROWS)).to_have_count(1)
    page.get_by_label("Search").fill("")
    page.locator(ROWS).first.get_by_role("button", name="similar").press("Enter")
    expect(page.locator(ROWS).nth(1)).to_contain_text("photo-1.jpg")
    expect(page.locator(ROWS).nth(1)).to_contain_text("100% similar")
    expect(page.locator(ROWS).nth(2)).to_contain_text("photo-2.jpg")
    page.get_by_role("button", name="Show all").press("Enter")
    page.locator(ROWS).first.get_by_role("button", name="Delete").press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(ROWS).first.get_by_role("button", name="Delete")).to_be_focused()
    page.get_by_role("button", name="Delete all").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Keep").press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    page.get_by_role("button", name="Delete all").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete all").press("Enter")
    expect(page.locator(ROWS)).to_have_count(0)


def test_photos_are_compared_as_they_were_seen(page: Page, trees_server: PreviewServer) -> None:
    remembered(page, trees_server)
    page.get_by_role("button", name="About this app").click()
    page.get_by_role("switch", name="See in shades of gray").check()
    page.keyboard.press("Escape")
    photos = [upload(picture(1), "color.jpg"), upload(without_color(picture(1)), "gray.png")]
    page.locator("#open-many").click()
    expect(page.locator("#many-title")).to_be_focused()
    page.set_input_files("#many-photos-input", photos)
    expect(page.locator("#many-status")).to_have_text("2 photos done")
    page.locator("#screen-many .screen-back").click()
    for photo in photos:
        page.set_input_files("#photo-input", photo)
        answer(page)
    open_history(page)
    expect(page.locator(ROWS)).to_have_count(4)
    answers = json.loads(saved(page, "Export"))["answers"]
    embeddings = [np.frombuffer(base64.b64decode(it["embedding"]), "<f4") for it in answers]
    lengths = [float(np.linalg.norm(embedding)) for embedding in embeddings]
    for embedding, length in zip(embeddings, lengths, strict=True):
        assert embedding @ embeddings[0] / length / lengths[0] > 0.99


def without_color(photo: bytes) -> bytes:
    """Return a PNG of a photo's luminance."""
    out = io.BytesIO()
    Image.open(io.BytesIO(photo)).convert("L").save(out, "PNG")
    return out.getvalue()


def stored(page: Page) -> float:
    """Return the bytes that the About panel tells at a fresh visit."""
    visit(page, page.url.split("#")[0])
    page.get_by_role("button", name="About this app").click()
    told = page.locator("#about-stored")
    expect(told).to_have_text(re.compile("^[0-9.]+ [kM]B: "))
    number, unit, *_ = re.split("[ :]", told.inner_text())
    page.keyboard.press("Escape")
    return float(number) * {"kB": 1e3, "MB": 1e6}[unit]


def test_a_history_that_is_switched_off_still_counts_as_stored(
    page: Page, trees_server: PreviewServer
) -> None:
    remembered(page, trees_server, 1)
    history = json.loads(saved(page, "Export"))
    (kept,) = history["answers"]
    thumbnail = base64.b64encode(base64.b64decode(kept["thumbnail"]).ljust(100_000, b"\0")).decode()
    history["answers"] = [kept | {"when": when, "thumbnail": thumbnail} for when in range(40)]
    file = upload(json.dumps(history).encode(), "history.json")
    page.set_input_files("#history-file", file)
    expect(page.locator("#history-count")).to_contain_text("41 photos, 4.")
    page.get_by_role("switch").uncheck()
    switched_off = stored(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("switch")).not_to_be_checked()
    page.get_by_role("button", name="Delete all").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Delete all").press("Enter")
    expect(page.locator(ROWS)).to_have_count(0)
    assert 4e6 <= switched_off - stored(page) <= 4.5e6


def test_a_history_goes_out_and_comes_in_and_a_hostile_file_does_nothing(
    page: Page, trees_server: PreviewServer, tmp_path: Path
) -> None:
    best = remembered(page, trees_server, 1)[0]
    file = saved(page, "Export")
    page.locator(ROWS).get_by_role("button", name="Delete").click()
    expect(page.locator(ROWS)).to_have_count(0)

    page.set_input_files("#history-file", upload(b"<script>alert(1)</script>", "history.json"))
    expect(page.get_by_text("This file is not a history")).to_be_visible()

    data = json.loads(file)
    hostile = {"name": "<img src=x onerror=alert(1)>", "thumbnail": "PHN2Zz4="}
    markup = {"name": "<img src=x onerror=alert(1)>", "when": 1}
    data["answers"] += [data["answers"][0] | hostile, data["answers"][0] | markup]
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    page.set_input_files("#history-file", upload(json.dumps(data).encode(), "history.json"))
    expect(page.get_by_text("2 photos imported. 1 was left out")).to_be_visible()
    expect(page.locator(ROWS).first).to_contain_text(best)
    expect(page.locator(ROWS).nth(1)).to_contain_text("<img src=x onerror=alert(1)>")
    assert not dialogs
    page.set_input_files("#history-file", upload(file, "history.json"))
    expect(page.get_by_text("0 photos imported.")).to_be_visible()
