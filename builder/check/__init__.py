"""Proves a built site whole and deployable, from its files alone: no TensorFlow, no network."""
