"""Evaluation: how often a model is right, where it errs, how far to trust its probabilities."""
