/** Shapes that the page's modules share; no code. */

/**
 * @typedef {object} Prediction
 * @property {number} classIndex place in the model's outputs, from 0
 * @property {string} className in the model; `classText` says what people call it
 * @property {number} probability 0…1
 *
 * @typedef {object} Site the description that the build writes into index.html
 * @property {string} title
 * @property {string} version of classifier-pwa
 * @property {number} topK
 * @property {number} threshold 0…1; predictions below it aren't listed
 * @property {number} sureFrom 0…1: an answer is sure from this probability on, unless the person chose another
 * @property {number} classes how many the model knows
 * @property {string} activation "softmax" where probabilities add up to 1
 * @property {boolean} grayscale
 *
 * @typedef {Pick<import('../classifier.js').Classifier, 'metadata' | 'backend' | 'classify' | 'embed'
 *   | 'explain' | 'improve'>} Classifier what the page uses of it
 *
 * @typedef {ReturnType<typeof import('../shared/settings.js').createSettings>} Settings
 *
 * @typedef {ReturnType<typeof import('./controller.js').createController>} Controller
 */

export {};
