"""Training: photos in, `.keras` out. Keras and tf.data only, so that the backend is a choice."""
