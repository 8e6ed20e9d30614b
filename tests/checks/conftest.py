"""What every test of a check is handed."""

from tests.checks.rows import rows

__all__ = ["rows"]
