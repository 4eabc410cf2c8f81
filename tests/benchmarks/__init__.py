"""Benchmarks: programs that print ratios of interleaved runs; no test asserts a time."""
