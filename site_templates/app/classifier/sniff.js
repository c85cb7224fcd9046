/**
 * What the first bytes of a file say about it.
 *
 * @typedef {object} FileFacts
 * @property {string | null} format for people: "JPEG", "HEIC", …; null where they match none
 * @property {number | null} width pixels, where the header says so near its start
 * @property {number | null} height
 */

/** How many bytes of a file `sniffImage` wants to see: enough for a JPEG's EXIF block. */
export const SNIFF_BYTES = 256 * 1024;

/** @type {readonly [format: string, offset: number, magic: string][]} */
const MAGIC = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG\r\n\x1a\n'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['JPEG XL', 0, '\0\0\0\x0cJXL '],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG 2000', 0, '\0\0\0\x0cjP  '],
  ['PDF', 0, '%PDF'],
];

/** Brands of ISO base media files (ISO/IEC 14496-12): what follows "ftyp". */
const BRANDS = new Map([
  ['avif', 'AVIF'],
  ['avis', 'AVIF'],
  ['heic', 'HEIC'],
  ['heix', 'HEIC'],
  ['hevc', 'HEIC'],
  ['heim', 'HEIC'],
  ['heis', 'HEIC'],
  ['mif1', 'HEIC'],
  ['msf1', 'HEIC'],
]);

/**
 * Recognise an image format by its magic bytes and read the size of JPEG and PNG, the two that
 * come in sizes worth refusing before they are decoded.
 *
 * @param {Uint8Array} bytes the start of the file, `SNIFF_BYTES` of them at best
 * @returns {FileFacts}
 */
export function sniffImage(bytes) {
  const format = imageFormat(bytes);
  const size = format === 'PNG' ? pngSize(bytes) : format === 'JPEG' ? jpegSize(bytes) : null;
  return { format, width: size?.width ?? null, height: size?.height ?? null };
}

/** @param {Uint8Array} bytes */
function imageFormat(bytes) {
  if (text(bytes, 4, 4) === 'ftyp') return BRANDS.get(text(bytes, 8, 4)) ?? 'MP4';
  const known = MAGIC.find(([, offset, magic]) => text(bytes, offset, magic.length) === magic);
  if (known) return known[0];
  return /^\s*<(\?xml|svg|!DOCTYPE svg)/i.test(text(bytes, 0, 256)) ? 'SVG' : null;
}

/**
 * Source: PNG specification, 11.2.1: IHDR comes first.
 *
 * @param {Uint8Array} bytes
 */
function pngSize(bytes) {
  if (bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Walk the segments up to the frame header. Source: ITU-T T.81, annex B.
 *
 * @param {Uint8Array} bytes
 */
function jpegSize(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 2;
  while (offset + 9 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1];
    // SOF0…SOF15 but DHT, JPG and DAC, which lie among them.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(offset + 5), width: view.getUint16(offset + 7) };
    }
    // 0xff may be repeated before a marker, to fill up.
    offset += marker === 0xff ? 1 : 2 + view.getUint16(offset + 2);
  }
  return null;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} offset
 * @param {number} length
 */
function text(bytes, offset, length) {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
