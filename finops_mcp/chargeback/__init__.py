"""What each cost centre carries: whose charges are, what is shared, what was charged and changed since."""
