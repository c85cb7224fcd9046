// Merges the app's modules in a folder, and bundles its scripts, as the package's build does, and prints what came out, as JSON:
// node merge_app.mjs WORK_FOLDER
//
// WORK_FOLDER holds builder/runtime/, site_templates/, LICENSE, package.json and node_modules/.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';

import { mergeApp } from '../../builder/runtime/app.mjs';
import { bundleLibraries } from '../../builder/runtime/libraries.mjs';
import { bundleScripts } from '../../builder/runtime/scripts.mjs';

const work = resolve(process.argv[2]);
/** @type {typeof import('esbuild')} */
const esbuild = createRequire(join(work, 'package.json'))('esbuild');
const libraries = await bundleLibraries(esbuild, work);
const modules = libraries.filter(({ path }) => path.endsWith('.js'));
const app = await mergeApp(esbuild, work, modules);
const scripts = await bundleScripts(esbuild, work);
process.stdout.write(JSON.stringify({ ...app, scripts }));
