"""A device whose clock is ten years off, and is put right while the app is open."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.impatient import Build, with_ballast
from tests.e2e.test_history import ROWS, open_history
from tests.e2e.visiting import READY, Visitor, classify, update_offer

TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000

# The page's clock alone: what browsers do themselves goes by the system's.
SHIFT = """
window.shift = Number(sessionStorage.shift ?? 0);
window.Date = class extends Date {
  constructor(...parts) {
    super(...(parts.length ? parts : [Date.now()]));
  }
  static now() {
    return super.now() + window.shift;
  }
};
"""


@pytest.mark.parametrize("years", [-10, 10], ids=["behind", "ahead"])
def test_a_clock_ten_years_off_spoils_nothing_and_updates_come_when_it_is_set(
    visitor: Visitor, impatient: Build, photo: Path, years: int
) -> None:
    page = visitor.page
    page.add_init_script(f"sessionStorage.shift = {years / 10 * TEN_YEARS_MS}; {SHIFT}")
    visitor.installs()
    open_history(page)
    page.get_by_role("switch").check()
    page.locator("#screen-history .screen-back").click()
    wrong = page.evaluate("new Date().getFullYear()")
    classify(page, photo)
    open_history(page)
    expect(page.locator(ROWS)).to_contain_text([str(wrong)])

    # Newer by the calendar, or older: both are there, in the order of their dates.
    page.evaluate("window.shift = 0")
    right = page.evaluate("new Date().getFullYear()")
    assert right - wrong == -years
    page.locator("#screen-history .screen-back").click()
    classify(page, photo)
    open_history(page)
    both = [str(year) for year in sorted([wrong, right], reverse=True)]
    expect(page.locator(ROWS)).to_contain_text(both)

    visitor.host.folder = impatient("Forest", with_ballast(impatient("Trees"), 40_000))
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(update_offer(page)).to_be_visible()
    update_offer(page).click()
    expect(page).to_have_title("Forest")
    page.wait_for_selector(READY)
    expect(page.locator(ROWS)).to_contain_text(both)
