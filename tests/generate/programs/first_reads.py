"""Reads the first models of a process in eight threads at once, which take turns very often."""

import json
import sys
import threading

from pinecone_control_api import models

# Later versions of the contract require it; in earlier ones it is an unknown field.
READ_CAPACITY = {"mode": "OnDemand", "status": {"state": "Ready"}}
INDEX = {
    "name": "docs",
    "metric": "cosine",
    "dimension": 3,
    "host": "docs.example",
    "vector_type": "dense",
    "spec": {"serverless": {"cloud": "aws", "region": "us-east-1", "read_capacity": READ_CAPACITY}},
    "status": {"ready": True, "state": "Ready"},
}
UNUSUAL = {**INDEX, "dimension": 3.0}
THREADS = 8

start = threading.Barrier(THREADS)
read = []


def first_read(index: object) -> None:
    text = json.dumps({"indexes": [index]}).encode()
    start.wait()
    page = models.IndexList.from_json(text)
    assert page.indexes is not None
    assert page.indexes[0].spec.serverless is not None
    read.append((page.indexes[0].dimension, page.indexes[0].spec.serverless.cloud))


sys.setswitchinterval(1e-5)
threads = [
    threading.Thread(target=first_read, args=[UNUSUAL if number % 2 else INDEX])
    for number in range(THREADS)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(read != [(3, "aws")] * THREADS)
