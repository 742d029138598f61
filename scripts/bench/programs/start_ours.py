"""A complete script: the first restore job with this client."""

import sys

from pinecone_control import Pinecone

print(Pinecone("jobs-100", sys.argv[1]).list_restore_jobs().data[0].restore_job_id)
