"""A complete script: restore jobs as lines with httpx, written in a hurry."""

import sys

import httpx

answer = httpx.get(f"{sys.argv[1]}/restore-jobs?limit=100", headers={"Api-Key": "jobs-100"})
for job in answer.json()["data"]:
    print(job["restore_job_id"], job["status"], job["target_index_name"])
