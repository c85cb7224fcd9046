"""Measures a built site in a real browser: cold start, latency, throughput, memory."""
