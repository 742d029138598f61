"""Pure code that the clients share, without httpx: arguments, bodies, settings, decisions."""
