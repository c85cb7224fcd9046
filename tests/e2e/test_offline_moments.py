"""What the page does at moments of offline: saving, a full disk, an update that waits."""

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.impatient import Build
from tests.e2e.visiting import FAILED, READY, Visitor, update_offer
from tests.faults import trickle

HEARD = """
globalThis.heard = { shown: [], announced: [] };
addEventListener('DOMContentLoaded', () => {
    for (const [id, list] of [['offline', 'shown'], ['offline-status', 'announced']]) {
        const place = document.getElementById(id);
        new MutationObserver(() => heard[list].push(place.textContent.trim())).observe(
            place, { characterData: true, childList: true, subtree: true });
    }
});
"""

LOG_STATES = """() => {
    const { dataset } = document.documentElement;
    const log = () => {
        const states = sessionStorage.states ?? '';
        // The same state may be shown once more.
        if (!states.endsWith(dataset.state)) sessionStorage.states = `${states} ${dataset.state}`;
    };
    const options = { attributeFilter: ["data-state"] };
    const observer = new MutationObserver(log);
    observer.observe(document.documentElement, options);
    addEventListener('pagehide', () => {
        sessionStorage.states += ' left';
        observer.disconnect();
    });
}"""


def test_saving_is_shown_in_bytes_and_announced_politely_and_seldom(visitor: Visitor) -> None:
    visitor.page.add_init_script(HEARD)
    visitor.host.always("/offline.html", trickle(4, 2.0))
    visitor.arrive()
    visitor.page.wait_for_selector(READY)
    heard = visitor.page.evaluate("heard")
    bytes_of = re.compile(r"\d of \d[\d.,]*\s?[kM]B")
    shown = [words for words in heard["shown"] if bytes_of.search(words)]
    announced = [words for words in heard["announced"] if bytes_of.search(words)]
    assert len(shown) >= 4
    assert 1 <= len(announced) <= 3
    assert set(announced) <= set(shown)
    assert heard["announced"][-1] == heard["shown"][-1]
    expect(visitor.page.locator("#offline-status")).to_have_role("status")


def test_an_accepted_update_waits_for_the_answer_that_is_on_its_way(
    visitor: Visitor, impatient: Build
) -> None:
    page = visitor.page
    visitor.installs()
    visitor.host.folder = impatient("Grove")
    visitor.installs()
    expect(update_offer(page)).to_be_visible()
    page.evaluate(LOG_STATES)
    page.set_input_files("#photo-input", huge_photo())
    page.wait_for_selector("html[data-state=busy]")
    page.evaluate("document.getElementById('apply-update').click()")
    expect(page).to_have_title("Grove")
    assert page.evaluate("sessionStorage.states").split() == ["busy", "result", "left"]
    visitor.sees_ready()


def huge_photo() -> dict[str, str | bytes]:
    """Return a picture that takes a while to be looked at."""
    out = io.BytesIO()
    Image.effect_noise((6000, 4500), 80).convert("RGB").save(out, "JPEG", quality=60)
    return {"name": "huge.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def set_quota(page: Page, url: str, size: int | None) -> None:
    """Let the browser give the site's origin so many bytes of storage, or what is usual."""
    session = page.context.new_cdp_session(page)
    given = {} if size is None else {"quotaSize": size}
    session.send("Storage.overrideQuotaForOrigin", {"origin": url.rstrip("/"), **given})


def test_without_space_the_page_says_so_and_classifies_and_saves_once_there_is_some(
    visitor: Visitor,
) -> None:
    page = visitor.page
    set_quota(page, visitor.server.url, 200_000)
    visitor.arrive()
    page.wait_for_selector(FAILED)
    page.set_input_files("#photo-input", visitor.photo)
    page.wait_for_selector("html[data-state=result]")
    expect(page.locator("#about-offline")).to_contain_text("space")
    set_quota(page, visitor.server.url, None)
    page.get_by_role("button", name="Retry saving for offline").click()
    visitor.sees_ready()
    visitor.goes_offline()
