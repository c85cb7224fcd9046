"""The model's rooms: the only ones that import TensorFlow, and only inside functions."""
