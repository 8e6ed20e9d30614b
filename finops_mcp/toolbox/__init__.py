"""What a tool is, where tools are found, and the one way in to all of them."""
