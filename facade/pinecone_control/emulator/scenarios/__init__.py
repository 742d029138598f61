"""What a test arranges: sample data, how resources run, and what goes wrong."""
