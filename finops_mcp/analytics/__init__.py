"""Pure functions over numbers: no SQL, no files, no clock."""
