"""What the synchronous and the asynchronous transport share. It knows no resource."""
