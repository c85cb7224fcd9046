/** Which of the languages that there are suits a person best. Pure. */

/**
 * Take the first wish that can be met. A region is no hindrance ("de-AT" is served by "de"), a script
 * is: who asks for traditional Chinese isn't served by simplified.
 *
 * @param {readonly string[]} offered BCP 47 tags; the first is what there is for all others
 * @param {readonly unknown[]} wishes the dearest first; what is no tag is passed over
 * @returns {string} one of `offered`
 */
export function chooseLanguage(offered, wishes) {
  for (const wish of wishes) {
    const wanted = languageAndScript(wish);
    const found = offered.find((tag) => tag === wish || languageAndScript(tag) === wanted);
    if (wanted && found) return found;
  }
  return offered[0];
}

/**
 * @param {unknown} tag
 * @returns {string} e.g. "zh-Hans" for "zh-CN"; "" for what is no tag
 */
export function languageAndScript(tag) {
  try {
    const { language, script } = new Intl.Locale(String(tag ?? '')).maximize();
    return `${language}-${script}`;
  } catch {
    return '';
  }
}
