"""Who carries which cost? Shared costs shared out to the cent, and commitments made fair (domain E.2)."""
