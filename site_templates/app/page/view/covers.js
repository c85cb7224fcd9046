/** Reports what covers the camera's picture, as far as the browser knows. */

import { element } from './elements.js';

/**
 * @param {() => Pick<import('../types.js').Controller, 'hidden' | 'visible'>} actions asked for at each event
 */
export function watchCovers(actions) {
  /**
   * @param {import('../camera/visibility.js').Cover} cover
   * @param {boolean} isThere
   */
  function report(cover, isThere) {
    if (isThere) actions().hidden(cover);
    else actions().visible(cover);
  }

  document.addEventListener('visibilitychange', () => report('page', document.hidden));
  window.addEventListener('pagehide', () => report('page', true));
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) report('page', document.hidden);
  });

  // All dialogs of the page are modal.
  new MutationObserver(() => {
    report('dialog', document.querySelector('dialog[open]') !== null);
  }).observe(document.body, { subtree: true, attributeFilter: ['open'] });

  new IntersectionObserver((entries) => {
    const { isIntersecting } = entries[entries.length - 1];
    report('scroll', !isIntersecting);
  }).observe(element('viewfinder', HTMLElement));
}
