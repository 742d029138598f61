"""HTTP code that the synchronous and the asynchronous transport share; independent of resources."""
