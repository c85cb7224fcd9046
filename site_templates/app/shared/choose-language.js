/** Which of the languages that there are suits a person best. Pure. */

/**
 * Take the first language wanted that is offered. Regions are ignored ("de-AT" is served by "de"), scripts are
 * not: simplified Chinese doesn't serve people who ask for traditional.
 *
 * @param {readonly string[]} offered BCP 47 tags; the first is what there is for all others
 * @param {readonly unknown[]} wanted the preferred first; anything but a tag is passed over
 * @returns {string} one of `offered`
 */
export const chooseLanguage = (offered, wanted) =>
  wanted.flatMap((tag) =>
    offered.filter((each) => languageAndScript(each) === languageAndScript(tag)),
  )[0] ?? offered[0];

/**
 * @param {any} tag
 * @returns {any} e.g. "zhHans" for "zh-CN"; undefined for anything but a tag
 */
function languageAndScript(tag) {
  try {
    const { language, script } = new Intl.Locale(tag).maximize();
    return language + script;
  } catch {
    // Then it suits no one.
  }
}
