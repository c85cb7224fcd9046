// The app's scripts: each one file with all that it imports, which a site gets as it is or puts into a page.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { bundleModules } from './modules.mjs';

/**
 * By the module that a script is made from, in site_templates/.
 *
 * @type {Record<string, import('esbuild').BuildOptions>}
 */
const SCRIPTS = {
  // Stands in the page itself: as small as possible.
  'app/page/startup/inline.js': { minify: true },
  'app/start.js': {},
  // Not `serviceWorker`, which is a property of every service worker's scope.
  'sw/main.js': { globalName: 'offlineWorker' },
  'withdrawn/page.js': { format: 'esm' },
  'withdrawn/sw.js': {},
  'withdrawn/watched-sw.js': {},
};

/**
 * Bundles the scripts.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} work  the folder that holds site_templates/
 * @returns {Promise<{name: string, text: string, sources: Record<string, string>}[]>}  `name`: the module's;
 *   `sources`: the SHA-256 of each module that went in, by path in site_templates/
 */
export function bundleScripts(esbuild, work) {
  const templates = join(work, 'site_templates');
  return Promise.all(
    Object.entries(SCRIPTS).map(async ([name, options]) => {
      const { metafile, outputFiles } = await bundleModules(esbuild, templates, {
        entryPoints: [name],
        target: 'es2022',
        charset: 'utf8',
        format: 'iife',
        // One statement a line, under the names that its source has: people who look into an app can read it.
        minify: false,
        minifySyntax: true,
        ...options,
      });
      const sources = Object.keys(metafile.inputs).sort();
      const hashes = await Promise.all(
        sources.map(async (path) => [path, sha256(await readFile(join(templates, path)))]),
      );
      return { name, text: outputFiles[0].text, sources: Object.fromEntries(hashes) };
    }),
  );
}

/** @param {Buffer} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
