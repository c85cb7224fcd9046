"""The rooms that make the site's files; none of them imports TensorFlow."""
