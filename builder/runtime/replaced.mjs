/**
 * Change code of TensorFlow.js in one place.
 *
 * @param {string} text
 * @param {string | RegExp} from
 * @param {string} to
 * @throws if it is not there
 */
export function replaced(text, from, to) {
  const result = text.replace(from, () => to);
  if (result === text) throw new Error(`TensorFlow.js lacks ${from}: is it a new version?`);
  return result;
}
