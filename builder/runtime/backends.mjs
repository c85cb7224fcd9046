// The table of backends as Python reads it, with the files of the runtime that each group of it needs.
import { BACKENDS, BACKEND_NAMES, groupOf } from '../../site_templates/app/shared/backends.js';

/** @typedef {import('../../site_templates/app/shared/backends.js').WasmBuild} WasmBuild */
/** @typedef {import('../../site_templates/app/shared/backends.js').BuildFiles} BuildFiles */

/**
 * One row a backend, in the order in which they are tried.
 *
 * @returns {{name: string, label: string, device: string, module: string, offline: string, lastResort: boolean,
 *   sampleEvery: number, builds: {build: string, binary: string, group: string,
 *   threaded: {binary: string, group: string} | null}[]}[]}
 */
export function backendRows() {
  return BACKEND_NAMES.map((name) => {
    const { label, device, module, offline, lastResort = false, sampleEvery } = BACKENDS[name];
    const builds = buildsOf(name).map(([build, { binary, threaded }]) => ({
      build,
      binary,
      group: groupOf(name, build),
      threaded: threaded ? { binary: threaded, group: groupOf(name, build, true) } : null,
    }));
    return { name, label, device, module, offline, lastResort, sampleEvery, builds };
  });
}

/**
 * The modules and binaries behind each group but "core", without what these import.
 *
 * @returns {Record<string, string[]>}
 */
export function groupEntries() {
  /** @type {Record<string, string[]>} */
  const groups = {};
  for (const name of BACKEND_NAMES) {
    const { module, threadModule } = BACKENDS[name];
    const builds = buildsOf(name);
    if (builds.length === 0) groups[groupOf(name)] = [module];
    for (const [build, { binary, threaded }] of builds) {
      groups[groupOf(name, build)] = [module, binary];
      if (threaded && threadModule) {
        groups[groupOf(name, build, true)] = [module, threadModule, threaded];
      }
    }
  }
  return groups;
}

/** @param {import('../../site_templates/app/shared/backends.js').BackendName} name */
function buildsOf(name) {
  return /** @type {[WasmBuild, BuildFiles][]} */ (Object.entries(BACKENDS[name].builds ?? {}));
}
