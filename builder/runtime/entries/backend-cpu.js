// Importing this module registers the CPU backend with the runtime's core.
import '@tensorflow/tfjs-backend-cpu';
