"""What tests of several folders share: a contract that stays, and one way to call both clients."""
