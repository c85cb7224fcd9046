/**
 * Beyond this, memory and memory bandwidth run out before the cores do.
 */
const MOST = 8;

/** Assumed of browsers that do not tell how much memory there is, GiB. */
const USUAL_MEMORY = 4;

/** On a GPU one worker decodes photos while the other computes; more would share the one GPU. */
const ON_A_GPU = 2;

/**
 * Say how many workers answer photos the fastest: one a core where the CPU computes, as long as each
 * has a gigabyte of the device's memory (it takes about a tenth of that).
 *
 * @param {string} backend TF.js's name
 * @param {{hardwareConcurrency?: number, deviceMemory?: number}} device cores, and GiB up to 8;
 *   `navigator` is one
 * @returns {number} ≥ 1
 */
export function poolSize(backend, { hardwareConcurrency = 1, deviceMemory = USUAL_MEMORY }) {
  const most = backend === 'webgpu' || backend === 'webgl' ? ON_A_GPU : MOST;
  return Math.max(1, Math.min(hardwareConcurrency, Math.floor(deviceMemory), most));
}
