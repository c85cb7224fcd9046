import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { test } from 'node:test';

const ROOT = new URL('../../site_templates/', import.meta.url);
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g;
const ANY_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;
const COMMENT = /\/\*[^]*?\*\/|^\s*\/\/.*$/gm;

/** Who may import from where, by the longest beginning of a module's path. */
const MAY_IMPORT = /** @type {Record<string, string[]>} */ ({
  'app/shared/': ['app/shared/'],
  'app/classifier/': ['app/classifier/', 'app/shared/'],
  'app/classifier.js': ['app/classifier/', 'app/shared/'],
  'app/image-classifier.js': ['app/classifier.js'],
  'app/learner/': ['app/learner/'],
  'app/page/': [
    'app/page/',
    'app/shared/',
    'app/classifier/',
    'app/classifier.js',
    'app/libraries/',
  ],
  'app/page/startup/': ['app/page/startup/', 'app/shared/'],
  'app/start.js': ['app/page/startup/', 'app/shared/'],
  'sw/': ['sw/', 'app/shared/'],
  'withdrawn/': ['app/page/system/', 'app/shared/'],
});

/** Folders whose modules know no document, but to make a canvas where there is no other kind. */
const NO_DOM = [
  'app/shared/',
  'app/classifier/',
  'app/learner/',
  'app/page/camera/',
  'app/page/live/',
  'sw/',
];

const modules = readdirSync(ROOT, { recursive: true, encoding: 'utf-8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.js'));

/** @param {string} path */
const code = (path) => readFileSync(new URL(path, ROOT), 'utf-8').replaceAll(COMMENT, '');

/** @param {string} path */
function importsOf(path) {
  return Array.from(code(path).matchAll(IMPORT), ([, to]) => normalize(join(dirname(path), to)));
}

test('every module has a rule, and imports what it may', () => {
  const rules = Object.keys(MAY_IMPORT).sort((one, other) => other.length - one.length);
  const trespassers = modules.flatMap((path) => {
    const rule = rules.find((start) => path.startsWith(start));
    if (rule === undefined) return [`${path} has no rule`];
    return importsOf(path)
      .filter((to) => !MAY_IMPORT[rule].some((allowed) => to.startsWith(allowed)))
      .map((to) => `${path} imports ${to}`);
  });
  assert.deepEqual(trespassers, []);
});

test('the engine imports nothing but itself', () => {
  const folder = new URL('../../builder/runtime/engine/', import.meta.url);
  const trespassers = readdirSync(folder, { recursive: true, encoding: 'utf-8' })
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) =>
      Array.from(
        readFileSync(new URL(path, folder), 'utf-8').replaceAll(COMMENT, '').matchAll(ANY_IMPORT),
        ([, to]) => (to.startsWith('.') ? normalize(join(dirname(path), to)) : `npm:${to}`),
      ),
    )
    .filter((to) => to.startsWith('..') || to.startsWith('npm:'));
  assert.deepEqual(trespassers, []);
});

test('no module imports itself in a circle', () => {
  /** @type {Set<string>} */
  const done = new Set();
  /** @param {string} path @param {string[]} way */
  const visit = (path, way) => {
    assert.ok(!way.includes(path), [...way, path].join(' → '));
    if (done.has(path) || !modules.includes(path)) return;
    for (const to of importsOf(path)) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of modules) visit(path, []);
});

test('what is shared, the classifier, the learner, the camera and the service worker know no document', () => {
  const knowing = modules.filter(
    (path) =>
      NO_DOM.some((folder) => path.startsWith(folder)) &&
      /\bdocument\.(?!createElement\('canvas'\))|\bHTML\w*Element/.test(code(path)),
  );
  assert.deepEqual(knowing, []);
});

test('only the classifier knows TensorFlow.js', () => {
  const others = modules.filter(
    (path) => !path.startsWith('app/classifier') && /\btf\.\w+\(/.test(code(path)),
  );
  assert.deepEqual(others, []);
});

test('modules are named in kebab case', () => {
  const odd = modules.filter((path) => !/^[a-z0-9/.-]+$/.test(path));
  assert.deepEqual(odd, []);
});
