/**
 * A number on the app's icon, for work that ended while the app was not in view; removed when it is looked at.
 *
 * @param {{setAppBadge?: (count: number) => Promise<void>, clearAppBadge?: () => Promise<void>}} [browser]
 * @param {Document} [page]
 */
export function createBadge(browser = navigator, page = document) {
  page.addEventListener('visibilitychange', () => {
    if (!page.hidden) browser.clearAppBadge?.().catch(() => {});
  });

  return {
    /** @param {number} count of what is finished */
    finished(count) {
      // Refused where the app isn't installed, which changes nothing.
      if (page.hidden) browser.setAppBadge?.(count).catch(() => {});
    },
  };
}
