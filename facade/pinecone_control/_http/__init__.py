"""What the synchronous and the asynchronous transport share; knows nothing about resources."""
