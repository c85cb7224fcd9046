"""Many photos: the table fills, can be sorted, filtered and taken home."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from builder.hosting.server import PreviewServer
from tests.e2e.test_page import answer, expect_state, give, picture, upload
from tests.models import CLASSES

ROWS = "#many-rows tr"


@pytest.fixture
def ready_page(page: Page, trees_server: PreviewServer) -> Page:
    """Return the page with its model loaded, where files are saved without asking where to."""
    page.add_init_script("delete window.showSaveFilePicker")
    page.goto(trees_server.url)
    expect_state(page, "ready")
    return page


def expect_done(page: Page, count: int) -> None:
    expect(page.locator("#many-status")).to_have_text(f"{count} photos done")


def saved(page: Page, button: str) -> bytes:
    """Press a button that saves a file, and return its content."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(download.value.path()).read_bytes()


def pick(page: Page, count: int) -> None:
    files = [upload(picture(seed), f"{seed}.jpg") for seed in range(1, count + 1)]
    page.set_input_files("#photo-input", files)


def test_several_photos_fill_a_table_with_the_answers_of_single_ones(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", upload(picture(2)))
    alone = answer(ready_page)
    files = [("notes.txt", "text/plain", b"x")]
    files += [(f"{seed}.jpg", "image/jpeg", picture(seed)) for seed in (1, 2, 3)]
    give(ready_page, "drop", "dataTransfer", *files)
    expect_done(ready_page, 3)
    row = ready_page.locator(ROWS).nth(1)
    expect(row).to_contain_text("2.jpg")
    expect(row).to_have_attribute("data-class-name", alone[0][0] or "")
    expect(row).to_contain_text(f"{float(alone[0][1] or 0):.2%}")
    expect(row.locator("img")).to_have_js_property("naturalWidth", 128)
    ready_page.go_back()
    expect(ready_page.locator("#viewfinder")).to_be_visible()
    assert answer(ready_page) == alone


def test_a_bad_photo_is_told_of_and_stops_nothing(ready_page: Page) -> None:
    files = [upload(picture(1), "1.jpg"), upload(b"torn", "2.jpg"), upload(picture(3), "3.jpg")]
    ready_page.set_input_files("#photo-input", files)
    expect_done(ready_page, 3)
    expect(ready_page.locator(ROWS).nth(1)).to_contain_text("isn\u2019t a photo")
    ready_page.locator("#many-kind").select_option("Could not be read (1)")
    expect(ready_page.locator(ROWS)).to_have_count(1)


def test_rows_are_sorted_and_filtered(ready_page: Page) -> None:
    pick(ready_page, 6)
    expect_done(ready_page, 6)
    ready_page.locator("#many-order").select_option("Most certain first")
    shown = [float(text.rstrip("%")) for text in best_percents(ready_page)]
    assert shown == sorted(shown, reverse=True)
    ready_page.locator("#many-certainty").fill("95")
    expect(ready_page.get_by_text("No photo matches this choice.")).to_be_visible()
    ready_page.locator("#many-certainty").fill("0")
    name = ready_page.locator(ROWS).first.get_attribute("data-class-name") or ""
    ready_page.locator("#many-kind").select_option(str(CLASSES.index(name)))
    expect(ready_page.locator(ROWS).first).to_be_visible()
    names = {row.get_attribute("data-class-name") for row in ready_page.locator(ROWS).all()}
    assert names == {name}


def best_percents(page: Page) -> list[str]:
    return page.locator(f"{ROWS} .many-prediction:first-child .percent").all_inner_texts()


def test_the_table_goes_home_as_csv_json_and_zip(ready_page: Page) -> None:
    photo = picture(1)
    names = ["=1+1.jpg", "a.jpg", "a.jpg"]
    ready_page.set_input_files("#photo-input", [upload(photo, name) for name in names])
    expect_done(ready_page, 3)
    best = ready_page.locator(ROWS).first.get_attribute("data-class-name") or ""

    table = saved(ready_page, "CSV").decode()
    assert table.startswith("\ufeff")
    lines = list(csv.DictReader(io.StringIO(table[1:])))
    assert [line["file"] for line in lines] == ["'=1+1.jpg", "a.jpg", "a.jpg"]
    assert lines[0]["class_1"] == best

    photos = json.loads(saved(ready_page, "JSON"))["photos"]
    assert [photo["file"] for photo in photos] == names
    assert photos[0]["predictions"][0]["className"] == best

    with zipfile.ZipFile(io.BytesIO(saved(ready_page, "ZIP by class"))) as archive:
        assert archive.namelist() == [f"{best}/{n}" for n in ("=1+1.jpg", "a.jpg", "a (2).jpg")]
        assert archive.read(archive.namelist()[2]) == photo


def test_settings_hold_for_many_photos_as_for_one(ready_page: Page) -> None:
    about = ready_page.get_by_role("button", name="About this app")
    about.click()
    ready_page.get_by_label("See in shades of gray").check()
    ready_page.keyboard.press("Escape")
    ready_page.set_input_files("#photo-input", upload(picture(2)))
    (name, probability), *_ = answer(ready_page)
    pick(ready_page, 3)
    expect_done(ready_page, 3)
    row = ready_page.locator(ROWS).nth(1)
    expect(row).to_have_attribute("data-class-name", name or "")
    expect(row).to_contain_text(f"{float(probability or 0):.2%}")
    about.click()
    ready_page.locator("#sure-from").fill("95")
    ready_page.locator("#sure-from").blur()
    ready_page.keyboard.press("Escape")
    # Answers that are there are judged anew, those to come likewise.
    expect(row).to_contain_text(re.compile(f"^2.jpgProbably {name}"))
    ready_page.locator("#many-photos-input").set_input_files([upload(picture(2), "again.jpg")])
    expect_done(ready_page, 4)
    again = ready_page.locator(ROWS).nth(3)
    expect(again).to_contain_text(re.compile(f"^again.jpgProbably {name}"))
    expect(again).to_contain_text(f"{float(probability or 0):.2%}")
    photo = json.loads(saved(ready_page, "JSON"))["photos"][3]
    assert (photo["status"], photo["certainty"]) == ("done", "probably")
    assert photo["predictions"][0]["className"] == name


def test_who_wishes_less_certainty_has_earlier_answers_back(ready_page: Page) -> None:
    def say_probably_below(percent: int) -> None:
        ready_page.get_by_role("button", name="About this app").click()
        ready_page.locator("#sure-from").fill(str(percent))
        ready_page.locator("#sure-from").blur()
        ready_page.keyboard.press("Escape")

    say_probably_below(95)
    pick(ready_page, 3)
    expect_done(ready_page, 3)
    for row in ready_page.locator(ROWS).all():
        expect(row).to_contain_text("Probably")
    # From the camera's side of the app, too.
    ready_page.locator("#screen-many .screen-back").click()
    expect(ready_page.locator("#viewfinder")).to_be_visible()
    say_probably_below(0)
    ready_page.locator("#open-many").click()
    for row in ready_page.locator(ROWS).all():
        expect(row).not_to_contain_text("Probably")
    expect(ready_page.locator(f"{ROWS}[data-class-name='']")).to_have_count(0)


def test_answers_to_many_photos_are_remembered_by_those_who_want_it(ready_page: Page) -> None:
    pick(ready_page, 2)
    expect_done(ready_page, 2)
    ready_page.locator("#open-history").click()
    expect(ready_page.locator("#history-empty")).to_be_visible()
    ready_page.locator("#history-on").check()
    ready_page.locator("#open-many").click()
    files = [upload(picture(3), "3.jpg"), upload(b"torn", "torn.jpg"), upload(picture(4), "4.jpg")]
    ready_page.locator("#many-photos-input").set_input_files(files)
    expect_done(ready_page, 5)
    ready_page.locator("#open-history").click()
    rows = ready_page.locator("#history-rows li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="3.jpg")).to_have_count(1)
    expect(rows.first.locator(".entry-similar")).to_be_visible()


def test_work_is_paused_gone_on_with_and_cancelled_by_keyboard(ready_page: Page) -> None:
    # So many that none of the steps below can come too late.
    photo = picture(1)
    files = [upload(photo, f"{number}.jpg") for number in range(1000)]
    ready_page.set_input_files("#photo-input", files)
    pause = ready_page.get_by_role("button", name="Pause")
    pause.focus()
    ready_page.keyboard.press("Enter")
    status = ready_page.locator("#many-status")
    expect(status).to_contain_text("of 1,000, paused")
    ready_page.get_by_role("button", name="Continue").press("Enter")
    expect(ready_page.get_by_role("button", name="Pause")).to_be_visible()
    ready_page.get_by_role("button", name="Cancel").press("Enter")
    expect(status).to_contain_text("done")
    expect(ready_page.get_by_role("heading", name="Many photos")).to_be_focused()
    done = ready_page.locator("#many-rows tr[data-status='done']")
    assert done.count() == ready_page.locator(ROWS).count() < 1000


def test_a_long_table_is_shown_in_parts(ready_page: Page) -> None:
    ready_page.set_input_files("#photo-input", [upload(b"x", f"{n}.jpg") for n in range(205)])
    expect_done(ready_page, 205)
    expect(ready_page.locator(ROWS)).to_have_count(200)
    ready_page.get_by_role("button", name="Show 5 more").click()
    expect(ready_page.locator(ROWS)).to_have_count(205)


def test_photos_are_taken_before_the_model_is_there(
    page: Page, trees_server: PreviewServer
) -> None:
    page.goto(f"{trees_server.url}#many")
    expect(page.get_by_role("heading", name="Many photos")).to_be_focused()
    page.set_input_files("#many-photos-input", [upload(picture(1), "1.jpg")])
    expect(page.locator("#many-status")).to_have_text("1 photo done")
    page.get_by_role("button", name="Back to the camera").click()
    expect(page.get_by_role("button", name="Choose a photo")).to_be_focused()
