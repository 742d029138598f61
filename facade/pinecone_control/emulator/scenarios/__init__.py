"""Scenarios that a test sets up: sample data, planned transitions, and faults."""
