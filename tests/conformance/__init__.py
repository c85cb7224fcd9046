"""Every operator that a graph may have, on every backend of TensorFlow.js, against TensorFlow."""
