"""Benchmarks: each prints ratios to something else in the same run, never times alone.

`python -m scripts.bench` prints the whole table; each module measures one kind of work:

- `draining` iterating all restore jobs (rows 1, 2), and `memory` iterating a million (4)
- `parsing` a page (3), `starting` a process (5, 6), `single_call` and `side_by_side` calls (7, 8)
- `waiting` for restore jobs (9), `emulator_speed` (10), `generating` the client (11)

`scripts.peers` has the peers, `programs/` the programs for their environments, `prepared_server`
the responses that they all get, `bare_requests` a client with next to no cost, `rounds` the
interleaved runs, and `table` the result.
"""
