"""Small programs that maintain this repository; each has one task and is run with `python -m`."""
