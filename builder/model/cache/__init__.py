"""Keeps converted models between builds, found by the content of all that they were made from."""
