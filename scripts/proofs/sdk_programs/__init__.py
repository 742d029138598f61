"""Programs that use Pinecone's official SDKs, each run in an environment of its own."""
