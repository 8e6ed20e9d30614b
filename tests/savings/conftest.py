"""What every test of savings is handed."""

from tests.checks.rows import rows

__all__ = ["rows"]
