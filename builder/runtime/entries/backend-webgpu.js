// Importing this module registers the WebGPU backend with the runtime's core.
import '@tensorflow/tfjs-backend-webgpu';
