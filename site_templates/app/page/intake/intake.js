/** Photos from outside: file picker, drag and drop, paste. */

import { droppedFiles } from './folders.js';
import { carriesFiles, found, pickPhotos } from './photo-files.js';
import { element } from '../view/elements.js';

/**
 * @param {(photos: import('./photo-files.js').Found[]) => void} receive photos; none where there was no file
 * @returns {() => void} opens the picker; only within a click, as browsers want it
 */
export function createIntake(receive) {
  const input = element('photo-input', HTMLInputElement);
  const hint = element('drop-hint', HTMLElement);
  // Every element that a drag enters fires enter and leave: the drag has left after the last leave.
  let depth = 0;

  input.addEventListener('change', () => {
    const photos = pickPhotos(found(input.files));
    // So that picking the same file again is a change again.
    input.value = '';
    if (photos.length) receive(photos);
  });

  document.addEventListener('paste', (event) => {
    const photos = pickPhotos(found(event.clipboardData?.files));
    if (photos.length) receive(photos);
  });

  document.addEventListener('dragenter', (event) => {
    if (!carriesFiles(event.dataTransfer)) return;
    depth += 1;
    hint.hidden = false;
  });

  document.addEventListener('dragleave', (event) => {
    if (!carriesFiles(event.dataTransfer)) return;
    depth = Math.max(0, depth - 1);
    hint.hidden = depth === 0;
  });

  document.addEventListener('dragover', (event) => {
    // Without this the browser would leave the page for the dropped file.
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  });

  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    depth = 0;
    hint.hidden = true;
    receive(pickPhotos(await droppedFiles(event.dataTransfer)));
  });

  return () => input.click();
}
