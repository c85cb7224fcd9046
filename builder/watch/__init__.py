"""Builds anew whenever something that the build reads changes, and shows it: `build --watch`."""
