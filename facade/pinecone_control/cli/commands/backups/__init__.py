"""The commands of `pinecone-control backups`."""
