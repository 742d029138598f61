"""What the client does when the network, a proxy or the service misbehaves."""
