"""What is stored, and what it means at a given time."""
