// Importing this module registers the WebGL backend with the runtime's core.
import '@tensorflow/tfjs-backend-webgl';

// For frames of a camera; see app/classifier/frames.js.
export { cast, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
export { fromPixels } from '@tensorflow/tfjs-core/dist/ops/browser.js';
