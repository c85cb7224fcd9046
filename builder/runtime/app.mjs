// The app's own modules, merged: a browser asks for a dozen files in place of some ninety.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path/posix';

import { bundleModules } from './modules.mjs';

/**
 * Where the page, other sites' pages and the worker enter; these keep their addresses. The worker is
 * merged by itself: it starts sooner with one file than with parts that it shares.
 */
const ENTRIES = [
  [
    'classifier.js',
    'classifier/engine.js',
    'image-classifier.js',
    'page/app.js',
    // Looked for by its address before it is imported.
    'page/screens/lazy.js',
  ],
  ['classifier/worker.js'],
];
/** An address relative to the module that has it, as far as it is constant. */
const ADDRESS = /(?<=\bnew URL\(\s*['"`])\.{1,2}\/[^'"`$]*(?=[^'"`]*['"`],\s*import\.meta\.url\))/g;
/** Stands for such an address until it is known which file the module has become a part of. */
const PLACE = /<place:(.*?)>/g;

/**
 * Merges the modules of app/ with those of builder/runtime/libraries/ that they import.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} work  the folder that holds site_templates/app/, builder/runtime/ and node_modules/
 * @param {{path: string, text: string}[]} libraryModules  the libraries, each bundled by itself
 * @returns {Promise<{sources: Record<string, string>, files: {path: string, text: string}[],
 *   imports: Record<'single' | 'merged', Record<string, string[]>>}>}  the SHA-256 of each module that went in,
 *   what came out, and what each module of both imports before it runs; all by path in the app's folder
 */
export async function mergeApp(esbuild, work, libraryModules) {
  const templates = join(work, 'site_templates');
  const bundles = [];
  for (const entries of ENTRIES) {
    bundles.push(
      await bundleModules(esbuild, templates, {
        entryPoints: entries.map((path) => `app/${path}`),
        outbase: 'app',
        entryNames: '[dir]/[name]',
        chunkNames: 'parts/[name]-[hash]',
        splitting: true,
        // The first with class fields and top-level await, which the sources have.
        target: 'es2022',
        charset: 'utf8',
        // One statement a line, under the names that its source has: people who look into an app can read it.
        minify: false,
        minifySyntax: true,
        plugins: [libraries(work), places(templates)],
      }),
    );
  }
  const inputs = new Set(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  const sources = libraryModules.map(({ path, text }) => [`libraries/${path}`, sha256(text)]);
  for (const input of inputs) {
    if (!input.startsWith('app/')) continue;
    sources.push([input.slice('app/'.length), sha256(await readFile(join(templates, input)))]);
  }
  const outputs = bundles.flatMap(({ outputFiles }) => outputFiles);
  return {
    sources: Object.fromEntries(sources.sort()),
    imports: {
      single: importsOf(bundles.map(({ metafile }) => metafile.inputs)),
      merged: importsOf(bundles.map(({ metafile }) => metafile.outputs)),
    },
    files: outputs.map(({ path, text }) => {
      const below = path.slice(join(templates, 'out/').length);
      return { path: below, text: text.replace(PLACE, (_, place) => from(below, place)) };
    }),
  };
}

/**
 * @param {Record<string, {imports: {path: string, kind: string}[]}>[]} described  inputs or outputs of bundles
 * @returns {Record<string, string[]>}  of each, what it imports statically, sorted
 */
function importsOf(described) {
  const modules = described
    .flatMap((each) => Object.entries(each))
    .filter(([path]) => isAppFile(path));
  return Object.fromEntries(
    modules.sort().map(([path, { imports }]) => {
      const paths = imports.flatMap(({ path: to, kind }) =>
        kind === 'import-statement' && isAppFile(to) ? appPath(to) : [],
      );
      return [appPath(path), [...new Set(paths)].sort()];
    }),
  );
}

/**
 * @param {string} path  in a metafile
 * @returns {boolean} whether sites have it: what a library is made of is inside the library's one module
 */
function isAppFile(path) {
  return !appPath(path).startsWith('../');
}

/**
 * @param {string} path  in a metafile
 * @returns {string} where it lies in a site's app folder
 */
function appPath(path) {
  return path.replace(/^(?:app|out|\.\.\/builder\/runtime)\//, '');
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
        path: join(work, 'builder/runtime/libraries', path.split('/').at(-1) ?? ''),
      }));
    },
  };
}

/**
 * Keeps addresses right that are relative to a module, wherever that module ends up.
 *
 * @param {string} templates  the folder that holds app/
 * @returns {import('esbuild').Plugin}
 */
function places(templates) {
  return {
    name: 'places',
    setup(build) {
      build.onLoad({ filter: /[\\/]app[\\/].*\.js$/ }, async ({ path }) => {
        const folder = dirname(relative(join(templates, 'app'), path));
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
