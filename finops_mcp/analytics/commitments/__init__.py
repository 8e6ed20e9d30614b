"""Commitments as pure sums: how they are applied, how well they are used, and how much to commit.

`measures` and `cash` are exact and import nothing; the rest works on columns of hours with numpy.
"""
