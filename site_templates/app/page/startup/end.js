/** The end of the start: the app runs, and from here on reports by itself what goes wrong. */

/**
 * @param {Document} [page]
 * @param {Pick<History, 'state' | 'replaceState'>} [history]
 */
export function endStart(page = document, history = globalThis.history) {
  page.documentElement.dataset.start = 'done';
  page.getElementById('start-stuck')?.remove();
  // A style sheet that did not come in time is fetched again; what is shown says so until it is there.
  const closeWhenStyled = () => {
    if (![...page.styleSheets].some(hasRules)) return;
    page.removeEventListener('load', closeWhenStyled, true);
    page.getElementById('boot-failed')?.remove();
    // The next time that something is wrong, the start may load the page by itself again; see inline.js.
    if (history.state) history.replaceState(null, '');
  };
  page.addEventListener('load', closeWhenStyled, true);
  closeWhenStyled();
}

/**
 * Return whether a style sheet has arrived. Chromium also lists one that could not be fetched, without rules;
 * those of an answer that is not a style sheet cannot be read.
 *
 * @param {CSSStyleSheet} sheet
 */
function hasRules(sheet) {
  try {
    return sheet.cssRules.length > 0;
  } catch {
    return false;
  }
}
