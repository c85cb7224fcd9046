// The app's own modules, merged: a browser asks for a dozen files in place of some ninety.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';

import { bundleModules } from './modules.mjs';

/**
 * Where the page, other people's pages and the worker come in; these keep their addresses. The worker is
 * merged by itself: it starts sooner with one file than with parts that it shares.
 */
const ENTRIES = [
  ['classifier.js', 'classifier/engine.js', 'image-classifier.js', 'page/app.js'],
  ['classifier/worker.js'],
];
/** An address relative to the module that says it, as far as it is the same each time. */
const ADDRESS = /(?<=\bnew URL\(\s*['"`])\.{1,2}\/[^'"`$]*(?=[^'"`]*['"`],\s*import\.meta\.url\))/g;
/** Stands for such an address until it is known which file the module has become a part of. */
const PLACE = /<place:(.*?)>/g;

/**
 * Merges the modules of app/ with those of runtime/libraries/ that they import.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} work  the folder that holds app/, runtime/ and node_modules/
 * @param {{path: string, text: string}[]} libraryModules  what becomes of the libraries by themselves
 * @returns {Promise<{sources: Record<string, string>, files: {path: string, text: string}[]}>}  the
 *   SHA-256 of each module that went in, and what came out, both by path in the app's folder
 */
export async function mergeApp(esbuild, work, libraryModules) {
  const bundles = [];
  for (const entries of ENTRIES) {
    bundles.push(
      await bundleModules(esbuild, work, {
        entryPoints: entries.map((path) => `app/${path}`),
        outbase: 'app',
        entryNames: '[dir]/[name]',
        chunkNames: 'parts/[name]-[hash]',
        splitting: true,
        // The first with class fields and top-level await, which the sources have.
        target: 'es2022',
        charset: 'utf8',
        // One statement a line, under the names that its source has: who looks into an app can read it.
        minify: false,
        minifySyntax: true,
        plugins: [libraries(work), places(work)],
      }),
    );
  }
  const inputs = new Set(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  const sources = libraryModules.map(({ path, text }) => [`libraries/${path}`, sha256(text)]);
  for (const input of inputs) {
    if (!input.startsWith('app/')) continue;
    sources.push([input.slice('app/'.length), sha256(await readFile(join(work, input)))]);
  }
  const outputs = bundles.flatMap(({ outputFiles }) => outputFiles);
  return {
    sources: Object.fromEntries(sources.sort()),
    files: outputs.map(({ path, text }) => {
      const below = path.slice(join(work, 'out/').length);
      return { path: below, text: text.replace(PLACE, (_, place) => from(below, place)) };
    }),
  };
}

/**
 * @param {string} file
 * @param {string} target
 */
function from(file, target) {
  const path = relative(dirname(file), target) + (target.endsWith('/') ? '/' : '');
  return path.startsWith('.') ? path : `./${path}`;
}

/** @param {string | Buffer} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Finds the npm packages that the site's build puts beside the app's modules.
 *
 * @param {string} work
 * @returns {import('esbuild').Plugin}
 */
function libraries(work) {
  return {
    name: 'libraries',
    setup(build) {
      build.onResolve({ filter: /\/libraries\/[^/]+$/ }, ({ path }) => ({
        path: join(work, 'runtime/libraries', path.split('/').at(-1) ?? ''),
      }));
    },
  };
}

/**
 * Keeps what addresses are relative to, wherever the module that says them ends up.
 *
 * @param {string} work
 * @returns {import('esbuild').Plugin}
 */
function places(work) {
  return {
    name: 'places',
    setup(build) {
      build.onLoad({ filter: /[\\/]app[\\/].*\.js$/ }, async ({ path }) => {
        const folder = dirname(relative(join(work, 'app'), path));
        const source = await readFile(path, 'utf8');
        let found = 0;
        const contents = source.replace(ADDRESS, (address) => {
          found += 1;
          return `<place:${join(folder, address)}>`;
        });
        if (found !== source.split('import.meta').length - 1) {
          throw new Error(`${path} uses import.meta in a way that merging would change.`);
        }
        return { contents };
      });
    },
  };
}
