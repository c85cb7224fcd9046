/** Photos from outside: file picker, drag and drop, paste. */

import { carriesFiles, pickPhoto } from '../photo.js';
import { element } from './elements.js';

/**
 * @param {(intake: import('../photo.js').Intake) => void} receive
 * @returns {() => void} opens the picker; only within a click, as browsers want it
 */
export function createIntake(receive) {
  const input = element('photo-input', HTMLInputElement);
  const hint = element('drop-hint', HTMLElement);
  // Every element that a drag enters fires enter and leave: the drag has left after the last leave.
  let depth = 0;

  input.addEventListener('change', () => {
    const intake = pickPhoto(input.files);
    // So that picking the same file again is a change again.
    input.value = '';
    if (intake.file) receive(intake);
  });

  document.addEventListener('paste', (event) => {
    const intake = pickPhoto(event.clipboardData?.files);
    if (intake.file) receive(intake);
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

  document.addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    hint.hidden = true;
    receive(pickPhoto(event.dataTransfer?.files));
  });

  return () => input.click();
}
