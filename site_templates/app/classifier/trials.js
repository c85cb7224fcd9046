/**
 * Which variant of which backend is the fastest on this device, by trial.
 *
 * @typedef {object} Trial
 * @property {string} variant as in `Candidate`
 * @property {Float32Array} probabilities what it answers to the test pattern
 * @property {number} milliseconds median of several runs
 */

/**
 * How much probability two variants may place differently: GPUs compute with 16 bits here and there. One that
 * computes wrongly, as some do, differs by far more.
 */
const MOST_DIFFERENCE = 0.1;

/** A variant must be faster by this much to be worth a change: less is noise. */
const WORTHWHILE = 0.9;

/**
 * Try variants one after another beside the present one, and keep the fastest that answers rightly.
 *
 * @template {{trial(): Promise<Trial>, dispose(): Promise<void>}} Engine
 * @param {Engine} present its answers are taken for right
 * @param {string[]} variants to try
 * @param {(variant: string) => Promise<Engine>} open
 * @param {AbortSignal} [signal] ends the trials: the present one stays
 * @returns {Promise<{engine: Engine, trials: Trial[]}>} all others are disposed of
 */
export async function fastest(present, variants, open, signal) {
  const reference = await present.trial();
  const trials = [reference];
  let best = { engine: present, milliseconds: reference.milliseconds * WORTHWHILE };
  for (const variant of variants) {
    if (signal?.aborted) break;
    const tried = await attempt(variant, open);
    if (tried === null) continue;
    const { engine, trial } = tried;
    trials.push(trial);
    const better = isSound(trial, reference) && trial.milliseconds < best.milliseconds;
    const loser = better ? best.engine : engine;
    if (better) best = { engine, milliseconds: trial.milliseconds };
    if (loser !== present) await loser.dispose();
  }
  if (!signal?.aborted) return { engine: best.engine, trials };
  if (best.engine !== present) await best.engine.dispose();
  return { engine: present, trials };
}

/**
 * @template {{trial(): Promise<Trial>, dispose(): Promise<void>}} Engine
 * @param {string} variant
 * @param {(variant: string) => Promise<Engine>} open
 * @returns {Promise<{engine: Engine, trial: Trial} | null>} null where it does not work
 */
async function attempt(variant, open) {
  const engine = await open(variant).catch(() => null);
  if (engine === null) return null;
  try {
    return { engine, trial: await engine.trial() };
  } catch {
    await engine.dispose();
    return null;
  }
}

/**
 * @param {Trial} trial
 * @param {Trial} reference
 */
function isSound({ probabilities }, reference) {
  const difference = reference.probabilities.reduce(
    (sum, expected, i) => sum + Math.abs(expected - probabilities[i]),
    0,
  );
  // Written so that a NaN fails too.
  return difference / 2 <= MOST_DIFFERENCE;
}

/** @param {number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
