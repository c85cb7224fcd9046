/**
 * Values that pass between the classifier's modules.
 *
 * @typedef {import('@tensorflow/tfjs-core').Tensor} Tensor
 * @typedef {import('@tensorflow/tfjs-converter').GraphModel} GraphModel
 */

/**
 * The exports of the runtime's `tf.js` that the classifier uses.
 *
 * @typedef {Pick<typeof import('@tensorflow/tfjs-core'), 'engine' | 'env' | 'memory' | 'ready'
 *   | 'setBackend' | 'tensor' | 'tidy'>
 *   & Pick<typeof import('@tensorflow/tfjs-converter'), 'loadGraphModel'>
 *   & {frames?: FrameFunctions}} TensorFlow `frames`: where the backend that is set reads them on a GPU
 */

/**
 * What the modules of GPU backends export, to read frames of a camera.
 *
 * @typedef {Pick<typeof import('@tensorflow/tfjs-core'), 'cast' | 'matMul' | 'reshape' | 'transpose'>
 *   & Pick<typeof import('@tensorflow/tfjs-core').browser, 'fromPixels'>} FrameFunctions
 */

/**
 * A file of the site as the build wrote it.
 *
 * @typedef {object} FileRecord
 * @property {number} size bytes
 * @property {string} sha256 lower-case hex
 */

/**
 * The site description: embedded in `index.html`, and `site.json`.
 *
 * @typedef {object} SiteDescription
 * @property {1} format
 * @property {string} app folder of the page's modules and styles, relative to the site's root
 * @property {string} runtime folder of the TF.js runtime, relative to the site's root, with "/"
 * @property {string} model folder of the graph model, likewise
 * @property {Readonly<Record<string, FileRecord>>} files by path relative to the site's root
 * @property {Readonly<Record<string, FileRecord>>} [workerModules] the classifier's own, likewise
 * @property {readonly number[]} [excluded] indices of classes that are never given as an answer
 * @property {readonly string[]} [classNames] languages in which classes have other names than in the model
 */

/**
 * `metadata.json` beside the graph model.
 *
 * @typedef {object} Metadata
 * @property {string} name for people
 * @property {Record<string, unknown>} source where the weights come from
 * @property {readonly string[]} labels a name for each class
 * @property {readonly string[]} [wordNetIds] likewise, e.g. "n01440764"; where WordNet has these classes
 * @property {readonly [height: number, width: number]} inputSize pixels
 * @property {import('./geometry.js').Sizes & {grayscale: boolean}} preprocessing
 * @property {{probabilities: number, embedding: number | null,
 *   classActivation: readonly number[] | null}} outputs number of classes, length of the embedding,
 *   `[height, width]` of the class activation map; null where the model has none
 * @property {{limit: number} | null} familiarity where the model rates how familiar a photo is: below the limit, it
 *   is unlike all that was learned
 * @property {string} activation "softmax" (answers add up to 1), "sigmoid" (each class is for itself) or "none"
 * @property {number} temperature calibration, 1 for none
 * @property {number} sureFrom 0…1: from this calibrated probability on an answer is sure
 * @property {string} quantization "none", "float16", …
 */

/**
 * What `classify` answers.
 *
 * @typedef {object} Classification
 * @property {import('./postprocess.js').Prediction[]} predictions best first
 * @property {number} uncertainty 0 (one class has it all) … 1 (all are equal; of independent
 *   scores: none says that its class is there)
 * @property {number | null} unfamiliarity above 1, the photo is unlike all that the model has learned; null where
 *   the model does not rate that
 * @property {import('./certainty.js').Certainty} certainty all of this in a word
 * @property {{decode: number, preprocess: number, inference: number}} timings ms; a GPU that reads a frame of a
 *   camera does all of it in `inference`
 * @property {number} width of the photo, pixels
 * @property {number} height of the photo, pixels
 */

/**
 * Where the evidence for one class lies.
 *
 * @typedef {object} ClassActivationMap
 * @property {number} width cells
 * @property {number} height cells
 * @property {Float32Array} values one a cell, row by row
 * @property {number} min
 * @property {number} max
 * @property {{x: number, y: number, width: number, height: number}} photo the part of the map that shows
 *   the photo, 0…1: all of it, if the photo is not padded
 */

/** @typedef {(progress: {loaded: number, total: number}) => void} OnProgress bytes */

export {};
