"""From a Keras model to a graph model's files. TensorFlow is imported inside functions only."""
