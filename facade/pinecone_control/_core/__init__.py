"""What every client needs and no transport does: pure, and without httpx."""
