"""What is asked of incidents by tools and by whoever watches: reading, finding, naming, and telling them."""
