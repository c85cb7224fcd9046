// Which files of the runtime a device needs for which backend.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The entry module and the binaries behind each group, apart from "core". */
const BACKENDS = {
  'wasm-relaxed': ['backend-wasm.js', 'tfjs-backend-wasm-relaxed-simd.wasm'],
  'wasm-simd': ['backend-wasm.js', 'tfjs-backend-wasm-simd.wasm'],
  wasm: ['backend-wasm.js', 'tfjs-backend-wasm.wasm'],
  'wasm-relaxed-threads': [
    'backend-wasm.js',
    'wasm-threads.js',
    'tfjs-backend-wasm-threaded-relaxed-simd.wasm',
  ],
  'wasm-threads': ['backend-wasm.js', 'wasm-threads.js', 'tfjs-backend-wasm-threaded-simd.wasm'],
  webgl: ['backend-webgl.js'],
  webgpu: ['backend-webgpu.js'],
  cpu: ['backend-cpu.js'],
};

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
  for (const [group, names] of Object.entries(BACKENDS)) {
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
