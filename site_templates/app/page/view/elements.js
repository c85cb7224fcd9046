/** Finding and changing elements of index.html. */

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type what it must be
 * @returns {T}
 * @throws {Error} if the page lacks it: a template of the user's left it out
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`index.html needs an element #${id} of type ${type.name}.`);
}

/**
 * Set a text only when it differs: a live region would be read out again.
 *
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Hide what may have the focus: it goes to the trigger then, and isn't lost.
 *
 * @param {HTMLElement} target
 * @param {boolean} hidden
 */
export function setHidden(target, hidden) {
  if (hidden && target.contains(document.activeElement)) {
    element('shutter', HTMLButtonElement).focus();
  }
  target.hidden = hidden;
}

/**
 * @param {Element} parent holds one `<svg><use>`, possibly nested
 * @param {string} name of a symbol in index.html
 */
export function setIcon(parent, name) {
  parent.querySelector('use')?.setAttribute('href', `#icon-${name}`);
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {string} name of a symbol in index.html
 * @returns {SVGSVGElement} an icon, which screen readers pass over
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.classList.add('icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}
