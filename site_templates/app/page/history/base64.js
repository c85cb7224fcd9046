/** Bytes as text. Pure. */

/** Number of arguments that every function call can take. */
const PIECE = 0x2000;

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function toBase64(bytes) {
  let binary = '';
  for (let start = 0; start < bytes.length; start += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  }
  return btoa(binary);
}

/**
 * @param {unknown} text
 * @param {number} most bytes
 * @returns {Uint8Array<ArrayBuffer> | null} null for anything but base64 of at most that many bytes
 */
export function fromBase64(text, most) {
  if (typeof text !== 'string' || text.length > (most / 3 + 1) * 4) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
