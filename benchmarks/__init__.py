"""Measures classifier-pwa against its peers on one machine; `python -m benchmarks --help`."""
