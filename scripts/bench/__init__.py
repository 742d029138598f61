"""Benchmarks: each prints ratios against something else in the same run, never times alone."""
