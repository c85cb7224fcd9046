"""Makes the site's files; nothing here imports TensorFlow."""
