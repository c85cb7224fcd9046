/** Files that a person saves. */

/**
 * @typedef {{createWritable(): Promise<WritableStream>}} FileHandle
 * @typedef {(options: {suggestedName: string}) => Promise<FileHandle>} ShowSaveFilePicker
 */

/**
 * Hand over a file through the browser's downloads.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser opens the address a moment later.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Hand over a file that is made while it is written: straight to the disk where the browser can, else
 * through a blob, which browsers keep on the disk when it is large.
 *
 * @param {() => ReadableStream<Uint8Array>} stream starts it, once the person has said where to
 * @param {{name: string, type: string}} about
 * @param {{picker?: ShowSaveFilePicker, save?: typeof saveBlob}} [tools]
 * @returns {Promise<boolean>} false where the person cancelled
 */
export async function saveStream(
  stream,
  { name, type },
  { picker = nativePicker(), save = saveBlob } = {},
) {
  if (!picker) {
    save(
      await new Response(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (stream()), {
        headers: { 'content-type': type },
      }).blob(),
      name,
    );
    return true;
  }
  let handle;
  try {
    handle = await picker({ suggestedName: name });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return false;
    throw error;
  }
  await stream().pipeTo(await handle.createWritable());
  return true;
}

/** @returns {ShowSaveFilePicker | undefined} */
function nativePicker() {
  const { showSaveFilePicker } = /** @type {{showSaveFilePicker?: ShowSaveFilePicker}} */ (
    /** @type {unknown} */ (globalThis)
  );
  return showSaveFilePicker?.bind(globalThis);
}
