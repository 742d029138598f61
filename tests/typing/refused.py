"""Wrong uses. Each line marked `wrong` must be refused by each checker, and no other line."""

from pinecone_control import AsyncPinecone, Pinecone, ServerlessSpec

pc = Pinecone(key="k")  # wrong
pc = Pinecone("k", "h", 30.0)  # wrong
pc = Pinecone(timeout="30")  # wrong
pc.list_restore_jobs(100)  # wrong
pc.list_restore_jobs(limit="100")  # wrong
pc.list_restore_jobs(page_size=100)  # wrong
pc.describe_restore_job(7)  # wrong
pc.describe_restore_job()  # wrong
pc.wait_for_restore_job("id", 60)  # wrong
pc.wait_for_restore_job("id", on_update="print")  # wrong
pc.create_index("docs", dimension=3)  # wrong
pc.create_index("docs", spec="aws", dimension=3)  # wrong
pc.create_index("docs", spec=ServerlessSpec("aws", "us-east-1"), dimension=3)  # wrong
pc.create_index("docs", spec={}, metric="manhattan")  # wrong
pc.create_index("docs", spec={}, deletion_protection=True)  # wrong
pc.create_index("docs", spec={}, tags=["a"])  # wrong
pc.configure_index("docs", replicas="2")  # wrong
pc.create_backup("docs", "nightly")  # wrong
pc.create_index_from_backup("id", "new")  # wrong
pc.create_index_from_backup("id")  # wrong
pc.create_collection("copy")  # wrong
pc.list_backups().data.restore_job_id  # wrong
len(pc.list_restore_jobs())  # wrong
pc.list_restores()  # wrong


async def asynchronous(client: AsyncPinecone) -> None:
    for _ in client.list_restore_jobs():  # wrong
        pass
    (await client.describe_restore_job("id")).state  # wrong
    (await client.list_restore_jobs()).data[0].percent_complete + 1  # wrong
