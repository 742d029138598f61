"""What runs inside the environments: each program does one piece of work and prints its cost."""
