"""The HTTP API: it turns requests into responses, without any I/O of its own."""
