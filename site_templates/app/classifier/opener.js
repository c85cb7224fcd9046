import { ClassifierError, describe } from './errors.js';
import { Session } from './session.js';

/** @typedef {import('./backend.js').Candidate} Candidate */
/** @typedef {import('./weights.js').ModelFiles} ModelFiles */

/**
 * Open a model on the first of `candidates` that computes sensibly.
 *
 * @param {AsyncIterable<Candidate> | Iterable<Candidate>} candidates best first
 * @param {import('./runtime.js').Runtime} runtime
 * @param {Promise<ModelFiles>} model may still be on its way while the backend starts
 * @returns {Promise<Session>}
 * @throws {ClassifierError} no-backend, or what kept the model or the runtime from loading
 */
export async function openModel(candidates, runtime, model) {
  /** @type {unknown[]} */
  const failures = [];
  const reasons = [];
  for await (const next of candidates) {
    try {
      const [tf, files] = await Promise.all([runtime.start(next), model]);
      return await Session.open(tf, files, next);
    } catch (error) {
      failures.push(error);
      reasons.push(`${next.backend}: ${describe(error)}`);
    }
  }
  // If files are missing or damaged, another browser would not help.
  await model;
  const loading = failures.find((error) => error instanceof ClassifierError && isLoading(error));
  if (loading) throw loading;
  const all = reasons.join('; ') || 'it has no backend for it';
  throw new ClassifierError('no-backend', `This browser cannot run the model (${all}).`);
}

/** @param {ClassifierError} error */
function isLoading({ code }) {
  return code === 'module-lost' || code === 'model-unreachable' || code === 'model-damaged';
}
