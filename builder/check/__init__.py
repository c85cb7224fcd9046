"""Checks from its files alone that a built site is complete and deployable: no TensorFlow, no
network."""
