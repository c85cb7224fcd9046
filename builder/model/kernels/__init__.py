"""Rewrites what TensorFlow.js's kernels compute wrongly into what they compute right.

Parity is measured on TensorFlow, whose kernels have other faults than those of the browser's
backends. docs/conformance.md compares the two, operator by operator.
"""
