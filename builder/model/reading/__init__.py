"""Readers of everything that a classifier may be handed over as."""
