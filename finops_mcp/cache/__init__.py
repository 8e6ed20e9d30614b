"""The local memory of what AWS delivered: one canonical table, its rollups, and how they are refreshed.

The only folder that knows DuckDB.
"""
