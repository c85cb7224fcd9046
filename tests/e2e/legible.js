/* What a person with large letters could not read or reach on the page as it is now. */
/* eslint no-unused-expressions: off -- the function is what Playwright evaluates */
() => {
  const faults = [];
  const root = document.scrollingElement;
  const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
  const name = (element) =>
    `${element.localName}${element.id ? `#${element.id}` : `.${element.className}`}`;
  const isClipped = (element) =>
    element !== null &&
    (getComputedStyle(element).clipPath !== 'none' || isClipped(element.parentElement));
  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !isClipped(element);

  if (root.scrollWidth > root.clientWidth) {
    faults.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
  }
  for (const element of scope.querySelectorAll('*')) {
    if (!isShown(element) || !element.clientWidth) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = (overflow) => overflow === 'auto' || overflow === 'scroll';
    const wide = element.scrollWidth - element.clientWidth;
    const high = element.scrollHeight - element.clientHeight;
    // Words that are too long for their box, whether it hides the rest, scrolls it or lets it stick out.
    if (element instanceof HTMLElement && element.innerText?.trim()) {
      if (wide > 1 && overflowX !== 'visible') faults.push(`${name(element)} cuts ${wide} px off`);
      if (high > 2 && overflowY !== 'visible' && !scrolls(overflowY)) {
        faults.push(`${name(element)} cuts ${high} px off below`);
      }
    }
  }
  const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { currentNode: words } = walker;
    if (!words.data.trim() || !words.parentElement || !isShown(words.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(words);
    for (const { left, right, width } of range.getClientRects()) {
      if (width && (left < -1 || right > root.clientWidth + 1)) {
        faults.push(`"${words.data.trim()}" leaves the screen`);
      }
    }
  }
  const controls = 'a[href], button, input, select, summary, [tabindex="0"]';
  for (const control of scope.querySelectorAll(controls)) {
    const target = control.matches('input[type=file]') ? null : control;
    if (!target || !target.checkVisibility({ visibilityProperty: true })) continue;
    if (isClipped(target)) continue;
    target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    // What lies over the page can be dismissed.
    if (hit?.closest('.toast') && !target.closest('.toast')) continue;
    const label = target.closest('label');
    if (!hit || !(target.contains(hit) || label?.contains(hit))) {
      faults.push(`${name(target)} is covered by ${hit ? name(hit) : 'nothing on the screen'}`);
    }
  }
  // The trigger is in reach all the same.
  const trigger = document.querySelector('#shutter').getBoundingClientRect();
  for (const toast of document.querySelectorAll('.toast')) {
    const shown = toast.getBoundingClientRect();
    const end = Math.min(shown.bottom, toast.parentElement.getBoundingClientRect().bottom);
    const across = shown.left < trigger.right && trigger.left < shown.right;
    if (across && end > trigger.top && shown.top < trigger.bottom) {
      faults.push(`${name(toast)} lies over the trigger`);
    }
  }
  window.scrollTo(0, 0);
  return faults;
};
