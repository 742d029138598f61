"""What is made from the contract and from the asynchronous client."""
