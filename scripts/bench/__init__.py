"""Benchmarks: each prints ratios against something else in the same run, never times alone.

`python -m scripts.bench` makes the whole table; one module measures one kind of work:

- `draining` going through all restore jobs (rows 1, 2), and `memory` through a million (4)
- `parsing` a page (3), `starting` a process (5, 6), `single_call` and `side_by_side` calls (7, 8)
- `waiting` for restore jobs (9), `serving` by the emulator (10), `generating` the client (11)

`scripts.peers` holds the peers, `programs/` what runs inside their environments, `server` the
prepared answers they all get, `plain` a client that costs next to nothing, `rounds` the taking of
turns, `table` the result.
"""
