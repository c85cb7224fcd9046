// Leaves out of TensorFlow.js what no classifier uses: training, and models kept elsewhere than on a site.
import { readFile } from 'node:fs/promises';

const CORE = /tfjs-core\/dist\/index\.js$/;
const CPU_SHARED = /tfjs-backend-web(gl|gpu)\/dist\/kernel_utils\/shared\.js$/;

/**
 * Files of tfjs-core that load and save models, and what others import of them. The browser's platform
 * registers some, and is prepared for that to fail.
 */
const STORAGES = new Map([
  ['io/browser_files.js', ['browserFiles']],
  ['io/http.js', ['browserHTTPRequest', 'http', 'isHTTPScheme']],
  ['io/indexed_db.js', ['BrowserIndexedDB', 'BrowserIndexedDBManager']],
  ['io/local_storage.js', ['BrowserLocalStorage', 'BrowserLocalStorageManager']],
  [
    'io/model_management.js',
    ['ModelStoreManagerRegistry', 'copyModel', 'listModels', 'moveModel', 'removeModel'],
  ],
]);
const STORAGE = /tfjs-core\/dist\/(io\/\w+\.js)$/;

/** @type {import('esbuild').Plugin} */
export const trimmed = {
  name: 'trimmed',
  setup({ onLoad }) {
    onLoad({ filter: CORE }, () => ({
      contents: "import './base_side_effects'; export * from './base';",
    }));
    onLoad({ filter: STORAGE }, ({ path }) => {
      const names = STORAGES.get(STORAGE.exec(path)?.[1] ?? '');
      return names && { contents: withoutValues(names) };
    });
    onLoad({ filter: CPU_SHARED }, async ({ path }) => ({
      contents: reexported(await readFile(path, 'utf8')),
    }));
  },
};

/**
 * @param {string[]} names  of a module's exports
 * @returns {string} the module with nothing behind the names
 */
export function withoutValues(names) {
  return ['export {};', ...names.map((name) => `export const ${name} = undefined;`)].join('\n');
}

/**
 * Some backends take the CPU backend's functions out of a namespace, from which nothing can be left out.
 *
 * @param {string} text
 * @returns {string} a module that exports the same functions one by one
 */
function reexported(text) {
  const pairs = /const \{([^}]+)\} = shared;/.exec(text)?.[1].match(/\w+: \w+/g);
  const source = /import \* as shared (from '[^']+';)/.exec(text)?.[1];
  if (!pairs || !source) throw new Error('kernel_utils/shared.js is not as expected');
  return `export { ${pairs.join(', ').replaceAll(': ', ' as ')} } ${source}`;
}
