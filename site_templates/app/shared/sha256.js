/**
 * The SHA-256 of some bytes as hex digits.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Pick<SubtleCrypto, 'digest'>} subtle
 * @returns {Promise<string>}
 */
export async function sha256Hex(bytes, subtle) {
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
