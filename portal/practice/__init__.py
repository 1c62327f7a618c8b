"""A practice portal on loopback that follows the flow of the real one with made-up people."""
