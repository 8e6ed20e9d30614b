"""What is to be told without being asked: rules held against the answers of tools, kept, and delivered."""
