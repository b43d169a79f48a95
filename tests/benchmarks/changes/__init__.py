"""Benchmark of the comparison: `python -m tests.benchmarks.changes` (`make bench-changes`)."""
