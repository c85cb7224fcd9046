/** Minimisation of convex functions by L-BFGS (Nocedal & Wright 2006, algorithm 7.5). Pure. */
import { addTimes, product } from './vectors.js';

/** Steps that are remembered to estimate the curvature. */
const MEMORY = 10;
const MOST_STEPS = 500;
/** Part of the decrease that the slope promises which a step must bring (Armijo's condition). */
const ENOUGH = 1e-4;
const MOST_HALVINGS = 30;
/** A step that changes the value by less than this part ends the search. */
const SMALLEST_GAIN = 1e-11;

/**
 * @param {(point: Float64Array, gradient: Float64Array) => number} evaluate returns the value at a point,
 *   and writes the gradient there; convex
 * @param {Float64Array} start is left as it is
 * @param {(vector: Float64Array) => Float64Array} precondition multiplies by what is near the inverse of the
 *   Hessian
 * @param {number} [flat] no partial derivative of the point that is returned is larger, if steps suffice
 * @returns {Float64Array} where the value is lowest
 */
export function minimize(evaluate, start, precondition, flat = 1e-5) {
  /** @type {Float64Array} */
  let point = Float64Array.from(start);
  /** @type {Float64Array} */
  let gradient = new Float64Array(point.length);
  let value = evaluate(point, gradient);
  /** @type {Step[]} */
  const steps = [];
  for (let taken = 0; taken < MOST_STEPS && largest(gradient) > flat; taken++) {
    const direction = descent(gradient, steps, precondition);
    const next = search(evaluate, { point, value, gradient }, direction);
    if (next === null) break;
    const gain = value - next.value;
    remember(steps, { point, gradient }, next);
    ({ point, gradient } = next);
    value = next.value;
    if (gain <= SMALLEST_GAIN * Math.abs(value)) break;
  }
  return point;
}

/**
 * @typedef {{way: Float64Array, turn: Float64Array, curvature: number}} Step how far the point and the
 *   gradient went, and the product of both
 * @typedef {{point: Float64Array, value: number, gradient: Float64Array}} Place
 */

/**
 * Go along `direction`, half as far each time until the value is low enough.
 *
 * @param {(point: Float64Array, gradient: Float64Array) => number} evaluate
 * @param {Place} from
 * @param {Float64Array} direction
 * @returns {Place | null} null where rounding lets no step go lower
 */
function search(evaluate, from, direction) {
  const slope = dot(from.gradient, direction);
  let length = 1;
  const gradient = new Float64Array(direction.length);
  for (let halving = 0; halving < MOST_HALVINGS; halving++) {
    const size = length;
    const point = from.point.map((value, i) => value + size * direction[i]);
    const value = evaluate(point, gradient);
    if (value <= from.value + ENOUGH * length * slope) return { point, value, gradient };
    length /= 2;
  }
  return null;
}

/**
 * @param {Float64Array} gradient
 * @param {readonly Step[]} steps the oldest first
 * @param {(vector: Float64Array) => Float64Array} precondition
 * @returns {Float64Array} minus the gradient, times the estimated inverse of the Hessian
 */
function descent(gradient, steps, precondition) {
  const rest = gradient.map((value) => -value);
  const parts = steps.map(() => 0);
  for (let k = steps.length - 1; k >= 0; k--) {
    parts[k] = dot(steps[k].way, rest) / steps[k].curvature;
    add(rest, -parts[k], steps[k].turn);
  }
  const direction = precondition(rest);
  steps.forEach(({ way, turn, curvature }, k) => {
    add(direction, parts[k] - dot(turn, direction) / curvature, way);
  });
  return direction;
}

/**
 * @param {Step[]} steps
 * @param {Pick<Place, 'point' | 'gradient'>} from
 * @param {Place} to
 */
function remember(steps, from, to) {
  const way = to.point.map((value, i) => value - from.point[i]);
  const turn = to.gradient.map((value, i) => value - from.gradient[i]);
  const curvature = dot(way, turn);
  // Rounding may hide the curvature of a tiny step: it is of no use then.
  if (curvature > Number.EPSILON * dot(turn, turn)) steps.push({ way, turn, curvature });
  if (steps.length > MEMORY) steps.shift();
}

/** @param {Float64Array} a @param {Float64Array} b */
const dot = (a, b) => product(a, 0, b, 0, a.length);

/** @param {Float64Array} target @param {number} times @param {Float64Array} added */
const add = (target, times, added) => addTimes(target, 0, times, added, 0, added.length);

/** @param {Float64Array} values */
function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
