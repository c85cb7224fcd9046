// Bundles the TensorFlow.js runtime: node bundle.mjs WORK_FOLDER OUTPUT_FOLDER
//
// WORK_FOLDER holds runtime/ (this folder), LICENSE (the text of Apache-2.0), package.json and the
// node_modules/ that `npm ci` made from the lock. Same inputs, same bytes: chunks are named by
// their content, and no path outside WORK_FOLDER has a part in it.
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';

import { filesByGroup, runtimeVersion } from './groups.mjs';
import { licencesText } from './licences.mjs';

const work = resolve(process.argv[2]);
const output = resolve(process.argv[3]);
/** @type {typeof import('esbuild')} */
const esbuild = createRequire(join(work, 'package.json'))('esbuild');

const WASM_FOLDER = join(work, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
const WASM_FILES = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'];

// Forbidden by a Content-Security-Policy without 'unsafe-eval'.
const NEEDS_UNSAFE_EVAL = /\bnew Function\(|\bFunction\(["'`]|(?<![.\w$])eval\(/;

/**
 * Leaves out the threaded WebAssembly build, which backend-wasm.js switches off.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutThreads = {
  name: 'without-threads',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/ }, () => ({
      path: 'threads',
      namespace: 'left-out',
    }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: 'export default undefined; export const wasmWorkerContents = undefined;',
    }));
  },
};

async function entryPoints() {
  const names = await readdir(join(work, 'runtime/entries'));
  return names.sort().map((name) => `runtime/entries/${name}`);
}

async function bundle() {
  const { metafile, outputFiles, warnings } = await esbuild.build({
    absWorkingDir: work,
    entryPoints: await entryPoints(),
    outdir: 'out',
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2021',
    minify: true,
    // LICENSES.txt says it once, in place of some 900 identical headers.
    legalComments: 'none',
    metafile: true,
    plugins: [withoutThreads],
    write: false,
    logLevel: 'warning',
  });
  if (warnings.length > 0) throw new Error('esbuild warned about the runtime; see above');
  return { metafile, outputFiles };
}

/** @param {{path: string, text: string}} file  one file of esbuild's output */
function assertNoEval({ path, text }) {
  const match = NEEDS_UNSAFE_EVAL.exec(text);
  if (!match) return;
  const around = text.slice(Math.max(0, match.index - 60), match.index + 60);
  throw new Error(`${path} would need 'unsafe-eval' in a Content-Security-Policy: …${around}…`);
}

const { metafile, outputFiles } = await bundle();
outputFiles.forEach(assertNoEval);
const licences = await licencesText(work, metafile);
const description = {
  version: await runtimeVersion(work),
  groups: filesByGroup(metafile),
};

await mkdir(output, { recursive: true });
for (const { path, contents } of outputFiles) {
  await writeFile(join(output, path.slice(join(work, 'out/').length)), contents);
}
for (const name of WASM_FILES) await copyFile(join(WASM_FOLDER, name), join(output, name));
await writeFile(join(output, 'LICENSES.txt'), licences);
await writeFile(join(output, 'runtime.json'), `${JSON.stringify(description, null, 2)}\n`);
