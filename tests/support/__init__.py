"""What tests of several folders share: real servers, and one way to call both clients."""
