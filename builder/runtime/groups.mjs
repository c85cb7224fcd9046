// Which files of the runtime a device needs for which backend.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { groupEntries } from './backends.mjs';

/**
 * Returns a file and all files it imports, directly or not.
 *
 * @param {string} name  a file of the bundle
 * @param {Map<string, string[]>} imports  what each file of the bundle imports
 * @param {Set<string>} [found]  files already on the list
 */
function withImports(name, imports, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const imported of imports.get(name) ?? []) withImports(imported, imports, found);
  return found;
}

/**
 * Returns the files of each group, sorted: "core" is what every device needs, each other group
 * what its backend needs on top. Two groups may share a file.
 *
 * @param {import('esbuild').Metafile} metafile
 */
export function filesByGroup(metafile) {
  const imports = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      basename(path),
      output.imports.map((imported) => basename(imported.path)),
    ]),
  );
  const core = withImports('tf.js', imports);
  /** @type {Record<string, string[]>} */
  const groups = { core: [...core, 'LICENSES.txt'].sort() };
  for (const [group, names] of Object.entries(groupEntries())) {
    const needed = new Set(names.flatMap((name) => [...withImports(name, imports)]));
    groups[group] = [...needed].filter((name) => !core.has(name)).sort();
  }
  return groups;
}

/** Returns the version of the TensorFlow.js packages. @param {string} work */
export async function runtimeVersion(work) {
  const path = join(work, 'node_modules/@tensorflow/tfjs-core/package.json');
  return JSON.parse(await readFile(path, 'utf8')).version;
}
