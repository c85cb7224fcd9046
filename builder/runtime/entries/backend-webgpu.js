// Importing this module registers the WebGPU backend with the runtime's core.
import '@tensorflow/tfjs-backend-webgpu';

// For frames of a camera; see app/classifier/frames.js.
export { cast, matMul, reshape, transpose } from '@tensorflow/tfjs-core';
export { fromPixels } from '@tensorflow/tfjs-core/dist/ops/browser.js';
