/** The interface's texts, in the language that the page speaks. Set once, before anything is shown. */

/**
 * @typedef {Record<string, string>} Plural a text for each category of `Intl.PluralRules`
 * @typedef {{language: string, direction: string, messages: Record<string, string | Plural>}} Catalogue
 *   `language`: its name in itself; `direction`: "ltr" or "rtl"
 * @typedef {Record<string, string | number>} Values
 */

/**
 * @type {{tag: string, messages: Catalogue['messages'], plurals: Intl.PluralRules,
 *   collator?: Intl.Collator}}
 */
let spoken = { tag: 'en', messages: {}, plurals: new Intl.PluralRules('en') };

/**
 * @param {string} tag BCP 47
 * @param {Catalogue} catalogue
 */
export function speak(tag, { messages }) {
  spoken = { tag, messages, plurals: new Intl.PluralRules(tag) };
}

/** @returns {string} BCP 47 tag of the language that the page speaks */
export function spokenLanguage() {
  return spoken.tag;
}

/**
 * Compare texts, for a list in the order that the page's language has them in; "9" comes before "10".
 *
 * @param {string} a
 * @param {string} b
 * @returns {number} negative where `a` comes first
 */
export function compareTexts(a, b) {
  spoken.collator ??= new Intl.Collator(spoken.tag, { numeric: true });
  return spoken.collator.compare(a, b);
}

/**
 * @param {readonly string[]} words
 * @returns {string} e.g. "the saved app, your settings, and your history"
 */
export function listText(words) {
  return new Intl.ListFormat(spoken.tag).format(words);
}

/**
 * The text of a key, its placeholders filled. `count` chooses the plural; numbers are written as the
 * language writes them.
 *
 * @param {string} key
 * @param {Values} [values]
 * @returns {string} the key itself where the catalogue lacks it: seen in a test, not by a person
 */
export function text(key, values = {}) {
  const message = spoken.messages[key];
  if (message === undefined) return key;
  const form =
    typeof message === 'string'
      ? message
      : (message[spoken.plurals.select(Number(values.count))] ?? message.other);
  return form.replace(/\{(\w+)\}/g, (placeholder, name) => written(values[name] ?? placeholder));
}

/**
 * @param {string} key
 * @returns {boolean} whether there is such a text
 */
export function hasText(key) {
  return Object.hasOwn(spoken.messages, key);
}

/** @param {string | number} value */
function written(value) {
  return typeof value === 'number' ? new Intl.NumberFormat(spoken.tag).format(value) : value;
}
