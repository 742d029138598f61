"""A complete script: the first restore job with Pinecone's SDK 7."""

import sys

from pinecone import Pinecone  # type: ignore[import-not-found]

jobs = Pinecone(api_key="jobs-100", host=sys.argv[1]).list_restore_jobs(limit=100)
print(jobs[0].restore_job_id)
