/**
 * Say what an engine is to load, in the same words wherever it is said: a worker that was told early
 * compares (worker.js).
 *
 * @param {string} base absolute URL of the site's root
 * @param {import('./types.js').SiteDescription} description
 * @param {Pick<import('./engine.js').EngineOptions, 'backend' | 'preferred'>} [choice]
 * @returns {import('./engine.js').EngineOptions}
 */
export function engineOptions(base, description, { backend, preferred } = {}) {
  const { runtime, model, files, excluded } = description;
  return { base, site: { runtime, model, files, excluded }, backend, preferred };
}
