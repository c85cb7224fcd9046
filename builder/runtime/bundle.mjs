// Bundles the TensorFlow.js runtime, lean and full, what the page uses of npm, under libraries/, and the
// app's own modules, under app/:
// node bundle.mjs WORK_FOLDER OUTPUT_FOLDER
//
// WORK_FOLDER holds, as a checkout does, builder/runtime/, site_templates/, LICENSE (the text of Apache-2.0),
// package.json and the node_modules/ that `npm ci` made from the lock. Same inputs, same bytes: chunks are named
// by their content, and no path outside WORK_FOLDER has a part in it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';

import { mergeApp } from './app.mjs';
import { backendRows } from './backends.mjs';
import { binaryHandedIn } from './compiled.mjs';
import { filesByGroup, runtimeVersion } from './groups.mjs';
import { bundleLibraries } from './libraries.mjs';
import { onlyOperators } from './lean.mjs';
import { licencesText } from './licences.mjs';
import { bundleModules } from './modules.mjs';
import { OPERATORS } from './operators.mjs';
import { relaxedSimd } from './relaxed.mjs';
import { bundleScripts } from './scripts.mjs';
import { bundleThreads, threadsHandedIn } from './threads.mjs';
import { trimmed } from './trimmed.mjs';

const work = resolve(process.argv[2]);
const output = resolve(process.argv[3]);
/** @type {typeof import('esbuild')} */
const esbuild = createRequire(join(work, 'package.json'))('esbuild');

const WASM_FOLDER = join(work, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
/** Binaries of the package, and what those with SIMD are called once their products are fused. */
const WASM_FILES = {
  'tfjs-backend-wasm.wasm': null,
  'tfjs-backend-wasm-simd.wasm': 'tfjs-backend-wasm-relaxed-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm': 'tfjs-backend-wasm-threaded-relaxed-simd.wasm',
};

// Forbidden by a Content-Security-Policy without 'unsafe-eval'.
const NEEDS_UNSAFE_EVAL = /\bnew Function\(|\bFunction\(["'`]|(?<![.\w$])eval\(/;

async function entryPoints() {
  const names = await readdir(join(work, 'builder/runtime/entries'));
  return names.sort().map((name) => `builder/runtime/entries/${name}`);
}

/** @param {import('esbuild').Plugin[]} more  leave out more */
async function bundle(more) {
  return bundleModules(esbuild, work, {
    entryPoints: await entryPoints(),
    chunkNames: 'chunk-[hash]',
    splitting: true,
    // The same as for the app, which loads them: without class fields the engine would grow by a tenth.
    target: 'es2022',
    plugins: [threadsHandedIn, binaryHandedIn, trimmed, ...more],
  });
}

/** @param {{path: string, text: string}} file  one file of esbuild's output */
function assertNoEval({ path, text }) {
  const match = NEEDS_UNSAFE_EVAL.exec(text);
  if (!match) return;
  const around = text.slice(Math.max(0, match.index - 60), match.index + 60);
  throw new Error(`${path} would need 'unsafe-eval' in a Content-Security-Policy: …${around}…`);
}

const bundles = {
  lean: await bundle([onlyOperators(OPERATORS)]),
  full: await bundle([]),
};
const threads = await bundleThreads(esbuild, work);
assertNoEval(threads);
const libraries = await bundleLibraries(esbuild, work);
const app = await mergeApp(
  esbuild,
  work,
  libraries.filter(({ path }) => path.endsWith('.js')),
);
const scripts = await bundleScripts(esbuild, work);
const licences = await licencesText(work, bundles.full.metafile);
const description = {
  version: await runtimeVersion(work),
  operators: Object.keys(OPERATORS).sort(),
  backends: backendRows(),
  lean: filesByGroup(bundles.lean.metafile),
  full: filesByGroup(bundles.full.metafile),
  libraries: libraries.map(({ path }) => path),
  app: {
    sources: app.sources,
    files: app.files.map(({ path }) => path).sort(),
    imports: app.imports,
  },
  scripts: Object.fromEntries(scripts.map(({ name, sources }) => [name, sources])),
};

for (const [name, { outputFiles }] of Object.entries(bundles)) {
  outputFiles.forEach(assertNoEval);
  await mkdir(join(output, name), { recursive: true });
  for (const { path, contents } of outputFiles) {
    await writeFile(join(output, name, path.slice(join(work, 'out/').length)), contents);
  }
  await writeFile(join(output, name, threads.path), threads.text);
}
await mkdir(join(output, 'libraries'));
libraries.forEach(assertNoEval);
for (const { path, text } of libraries) await writeFile(join(output, 'libraries', path), text);
for (const { path, text } of app.files) {
  await mkdir(dirname(join(output, 'app', path)), { recursive: true });
  await writeFile(join(output, 'app', path), text);
}
for (const { name, text } of scripts) {
  await mkdir(dirname(join(output, 'scripts', name)), { recursive: true });
  await writeFile(join(output, 'scripts', name), text);
}
const relaxed = await relaxedSimd(work);
for (const [name, fused] of Object.entries(WASM_FILES)) {
  const binary = await readFile(join(WASM_FOLDER, name));
  await writeFile(join(output, name), binary);
  if (fused !== null) await writeFile(join(output, fused), relaxed(binary));
}
await writeFile(join(output, 'LICENSES.txt'), licences);
await writeFile(join(output, 'runtime.json'), `${JSON.stringify(description, null, 2)}\n`);
