"""What is asked of tags: spend by their values, held against a policy, and the values that fit the rest."""
