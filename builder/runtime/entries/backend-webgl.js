// Importing this module registers the WebGL backend with the runtime's core.
import '@tensorflow/tfjs-backend-webgl';
