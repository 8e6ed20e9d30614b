"""Trends, steps, seasons, regular jobs and idle cycles of cost, and what made it grow."""
