/** The files of a drop, those in dropped folders included. */

import { found } from './photo-files.js';

/** @typedef {import('./photo-files.js').Found} Found */

/**
 * Return what was dropped. Call it within the event: the browser takes the items back when that ends.
 *
 * @param {Pick<DataTransfer, 'items' | 'files'> | null | undefined} transfer
 * @returns {Promise<Found[]>} a folder's files sorted by path, "2.jpg" before "10.jpg"
 */
export async function droppedFiles(transfer) {
  const files = found(transfer?.files);
  const entries = Array.from(transfer?.items ?? [], (item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  const all = [];
  for (const entry of entries) if (entry) all.push(...(await filesOf(entry)));
  return all;
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<Found[]>} nothing of what cannot be read
 */
async function filesOf(entry) {
  if (entry.isFile) {
    /** @type {File | null} */
    const file = await new Promise((resolve) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, () => resolve(null));
    });
    return file ? [{ file, path: entry.fullPath.replace(/^\//, '') }] : [];
  }
  const children = await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry));
  const inOrder = children.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const all = [];
  for (const child of inOrder) all.push(...(await filesOf(child)));
  return all;
}

/**
 * A folder's reader hands over some hundred entries at a time, and none at the end.
 *
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve) => {
      reader.readEntries(resolve, () => resolve([]));
    });
    if (!some.length) return all;
    all.push(...some);
  }
}
