/**
 * Wait for a state of the page, as given in `<html data-state>`.
 *
 * @param {(state: string) => boolean} isAwaited
 * @param {HTMLElement} [root]
 * @returns {Promise<void>}
 */
export function whenState(isAwaited, root = document.documentElement) {
  return new Promise((resolve) => {
    const observer = new MutationObserver(check);
    function check() {
      if (!isAwaited(root.dataset.state ?? '')) return;
      observer.disconnect();
      resolve();
    }
    observer.observe(root, { attributeFilter: ['data-state'] });
    check();
  });
}
