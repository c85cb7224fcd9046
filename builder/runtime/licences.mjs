// The licences of the npm packages that a bundle is made of.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
// From the start of the path: esbuild writes "(disabled):node_modules/…" for what it left out.
const PACKAGE_FOLDER = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//;
const NOTICE = `This folder contains code of the following packages. Modules are trimmed to what image classifiers
need. The files *relaxed-simd.wasm are changed, too: products and sums are computed by one instruction.`;
const README_SECTION = /^#*\s*licen[cs]e\b.*\n([=-]+\n)?/im;

/**
 * Returns the folders of the packages whose code is in a bundle, sorted.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function packageFolders(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = inputs.map(([path]) => PACKAGE_FOLDER.exec(path)?.[1] ?? null);
  return [...new Set(folders.filter((folder) => folder !== null))].sort();
}

/**
 * Returns the text of a package's licence: its licence file, or the standard text where Apache-2.0
 * is named without one, or the section of its README.
 *
 * @param {string} folder  the package's
 * @param {{name: string, license: string}} about  its package.json
 * @param {string} apacheText
 */
async function licenceText(folder, { name, license }, apacheText) {
  const files = await readdir(folder);
  const file = files.find((candidate) => LICENCE_FILE.test(candidate));
  if (file) return readFile(join(folder, file), 'utf8');
  if (license === 'Apache-2.0') return apacheText;
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const heading = README_SECTION.exec(readme);
  if (!heading) throw new Error(`${name} has neither a licence file nor a licence in its README`);
  return readme.slice(heading.index + heading[0].length);
}

/**
 * Returns one text with name, version and licence of every package in the bundle; packages under
 * the same text share it.
 *
 * @param {string} work  the folder that paths in the metafile start from
 * @param {import('esbuild').Metafile} metafile
 */
export async function licencesText(work, metafile) {
  const apacheText = await readFile(join(work, 'LICENSE'), 'utf8');
  const packagesByText = new Map();
  for (const path of packageFolders(metafile)) {
    const folder = join(work, path);
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const text = (await licenceText(folder, about, apacheText)).trim();
    const packages = packagesByText.get(text) ?? [];
    packagesByText.set(text, [...packages, `${about.name} ${about.version} (${about.license})`]);
  }
  const rule = '='.repeat(80);
  const sections = [...packagesByText].map(
    ([text, packages]) => `${rule}\n${packages.join('\n')}\n${rule}\n\n${text}\n`,
  );
  return `${NOTICE}\n\n${sections.join('\n')}`;
}
