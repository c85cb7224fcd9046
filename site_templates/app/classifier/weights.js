import { compiledAsItComes } from './compile.js';
import { dequantize } from './dequantize.js';
import { ClassifierError } from './errors.js';
import { fetchVerified, partsOf } from './download.js';

/** @typedef {import('./types.js').SiteDescription} SiteDescription */

/**
 * A model's files, all verified.
 *
 * @typedef {object} ModelFiles
 * @property {import('./types.js').Metadata} metadata
 * @property {ModelArtifacts} artifacts
 */

/** @typedef {import('@tensorflow/tfjs-core').io.ModelArtifacts} ModelArtifacts */
/** @typedef {import('@tensorflow/tfjs-core').io.ModelJSON} ModelJSON */

/**
 * Fetches files of a site and adds up the progress.
 *
 * All downloads must be asked for before the first of them ends, or else the total grows on the way.
 */
export class SiteFiles {
  #base;
  #site;
  #onProgress;
  #means;
  #parts;
  #progress = { loaded: 0, total: 0 };

  /**
   * @param {string} base absolute URL of the site's root
   * @param {Pick<SiteDescription, 'model' | 'files'>} site
   * @param {import('./types.js').OnProgress} [onProgress]
   * @param {import('./download.js').Means} [means]
   */
  constructor(base, site, onProgress = () => {}, means = {}) {
    this.#base = base;
    this.#site = site;
    this.#onProgress = onProgress;
    this.#means = means;
    this.#parts = partsOf(base);
  }

  /**
   * @param {string} path relative to the site's root
   * @returns {string} absolute URL
   */
  url(path) {
    return new URL(path, this.#base).href;
  }

  /**
   * @param {string} path relative to the site's root
   * @returns {Promise<ArrayBuffer>}
   */
  fetch(path) {
    return this.#fetch(path, this.#means);
  }

  /**
   * Fetch WebAssembly. It is compiled while it comes, and handed out once its hash is right.
   *
   * @param {string} path relative to the site's root
   * @returns {Promise<WebAssembly.Module>}
   */
  async compile(path) {
    const streamed = compiledAsItComes(this.#means.fetch);
    const bytes = await this.#fetch(path, { ...this.#means, fetch: streamed.fetch });
    return (await streamed.compiled()) ?? WebAssembly.compile(bytes);
  }

  /**
   * Count a module that is being imported: the progress is not complete before it has arrived.
   *
   * @template T
   * @param {Promise<T>} arriving
   * @returns {Promise<T>}
   */
  async follow(arriving) {
    this.#progress.total += 1;
    try {
      const module = await arriving;
      this.#progress.loaded += 1;
      return module;
    } catch (error) {
      this.#progress.total -= 1;
      throw error;
    } finally {
      this.#onProgress({ ...this.#progress });
    }
  }

  /**
   * @param {string} path
   * @param {import('./download.js').Means} means
   * @returns {Promise<ArrayBuffer>}
   */
  #fetch(path, means) {
    const expected = this.#site.files[path];
    if (expected === undefined) {
      const error = new ClassifierError('model-damaged', `The site description lacks ${path}.`);
      return Promise.reject(error);
    }
    this.#progress.total += expected.size;
    const onBytes = (/** @type {number} */ bytes) => {
      this.#progress.loaded += bytes;
      this.#onProgress({ ...this.#progress });
    };
    return fetchVerified(this.url(path), expected, onBytes, { parts: this.#parts, ...means });
  }

  /**
   * Fetch all files of the graph model side by side.
   *
   * @returns {Promise<ModelFiles>}
   */
  async fetchModel() {
    const folder = this.#site.model;
    const names = Object.keys(this.#site.files)
      .filter((path) => path.startsWith(folder))
      .map((path) => path.slice(folder.length));
    const contents = await Promise.all(names.map((name) => this.fetch(folder + name)));
    const files = new Map(names.map((name, i) => [name, contents[i]]));
    return {
      metadata: parseJson(requireFile(files, 'metadata.json'), 'metadata.json'),
      artifacts: modelArtifacts(parseJson(requireFile(files, 'model.json'), 'model.json'), files),
    };
  }
}

/**
 * Put a graph model together from its files, as TF.js's own loader would.
 *
 * @param {ModelJSON} modelJson
 * @param {ReadonlyMap<string, ArrayBuffer>} files by the names that the weights manifest uses
 * @returns {ModelArtifacts}
 */
export function modelArtifacts(modelJson, files) {
  const { weightsManifest, ...artifacts } = modelJson;
  const { entries, contents } = dequantize(
    weightsManifest.flatMap((group) => group.weights),
    weightsManifest.flatMap((group) => group.paths.map((path) => requireFile(files, path))),
  );
  return { ...artifacts, weightSpecs: entries, weightData: contents };
}

/**
 * @param {ReadonlyMap<string, ArrayBuffer>} files
 * @param {string} name
 */
function requireFile(files, name) {
  const content = files.get(name);
  if (content === undefined) throw new ClassifierError('model-damaged', `The model lacks ${name}.`);
  return content;
}

/**
 * @param {ArrayBuffer} content
 * @param {string} name for the error
 */
function parseJson(content, name) {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch (error) {
    throw new ClassifierError('model-damaged', `The model's ${name} is not JSON.`, {
      cause: error,
    });
  }
}
