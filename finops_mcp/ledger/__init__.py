"""What became of findings of savings: noted after every refresh, said of by people, held against the bill."""
