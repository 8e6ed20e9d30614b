"""Free SQL over the cache: one SELECT of the caller's own, run apart and within limits."""

from finops_mcp.cache.free_sql.run import Dialect, SqlResult, run

__all__ = ["Dialect", "SqlResult", "run"]
