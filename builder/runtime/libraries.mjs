// The npm packages that the page uses, each as one module; the build puts them into the app's folder.
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { licencesText } from './licences.mjs';
import { bundleModules } from './modules.mjs';

/**
 * Returns the modules of builder/runtime/libraries/ with what they import, and their licences, by file name.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} work  the folder that holds builder/runtime/ and node_modules/
 * @returns {Promise<{path: string, text: string}[]>}
 */
export async function bundleLibraries(esbuild, work) {
  const names = (await readdir(join(work, 'builder/runtime/libraries'))).sort();
  const { metafile, outputFiles } = await bundleModules(esbuild, work, {
    entryPoints: names.map((name) => `builder/runtime/libraries/${name}`),
  });
  const licences = await licencesText(work, metafile);
  return [
    { path: 'LICENSES.txt', text: licences },
    ...outputFiles.map(({ path, text }) => ({ path: basename(path), text })),
  ];
}
