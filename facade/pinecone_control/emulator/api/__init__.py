"""The HTTP API: from a request to the response, without any I/O of its own."""
