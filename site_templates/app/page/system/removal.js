/**
 * The app's tabs among themselves, when the person has it taken off the device in one of them: what the
 * others are still loading would be kept after all is gone.
 *
 * A tab may be so new that it does not listen yet. It asks when it does, and the tab of the removal, as
 * long as that is open, answers those that were opened before.
 */

import { storagePrefix } from '../../shared/storage-prefix.js';

/** @typedef {Pick<BroadcastChannel, 'postMessage' | 'onmessage'>} Channel */

/** @type {Channel} */
const NOBODY = { postMessage() {}, onmessage: null };

/**
 * @param {object} world
 * @param {string} world.root absolute URL of the app's root
 * @param {() => void} world.onRemoved another tab has had everything removed
 * @param {number} [world.opened] when this tab was opened, in milliseconds since 1970
 * @param {() => number} [world.now] likewise
 * @param {(name: string) => Channel} [world.open] a channel; browsers without them have each tab by itself
 * @returns {{announce(): void}} `announce`: everything is being removed in this tab
 */
export function createRemoval({
  root,
  onRemoved,
  opened = globalThis.performance.timeOrigin,
  now = () => Date.now(),
  open = (name) => ('BroadcastChannel' in globalThis ? new BroadcastChannel(name) : NOBODY),
}) {
  const channel = open(`${storagePrefix(root)}removal`);
  let removed = -Infinity;
  channel.onmessage = ({ data }) => {
    if (data?.removed > opened && removed < opened) {
      removed = data.removed;
      onRemoved();
    }
    if (data?.opened < removed) channel.postMessage({ removed });
  };
  channel.postMessage({ opened });
  return {
    announce() {
      removed = now();
      channel.postMessage({ removed });
    },
  };
}
