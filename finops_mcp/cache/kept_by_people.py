"""What do people keep beside their exports? Terms, budgets, rules, policies and figures of their own."""

from datetime import date
from typing import TYPE_CHECKING

from finops_mcp.agreement import Agreement
from finops_mcp.agreement.reading import read_agreement
from finops_mcp.allocation import Version
from finops_mcp.benchmarks import Benchmark, public_benchmarks, read_benchmarks
from finops_mcp.budgets import Budget
from finops_mcp.budgets.reading import read_budgets
from finops_mcp.cache.home import Home
from finops_mcp.drivers import Driver
from finops_mcp.drivers.reading import read_drivers
from finops_mcp.errors import AgreementNotGiven, BudgetsNotGiven, DriversNotGiven
from finops_mcp.tag_policy import TagPolicy
from finops_mcp.tag_policy.reading import read_tag_policy

if TYPE_CHECKING:
    from finops_mcp.cache.charged_records import Charged
    from finops_mcp.cache.mutes import Mutes


class KeptByPeople:
    """The files and notes of a home that no export has, read anew whenever they are asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def agreement(self, what: str) -> Agreement:
        """Give the terms of the agreement that is kept. Raises AgreementNotGiven, which names what for."""
        path = self._home.agreement
        if not path.exists():
            raise AgreementNotGiven(what)
        return read_agreement(path)

    def budgets(self) -> list[Budget]:
        """Give the budgets that are kept. Raises BudgetsNotGiven."""
        path = self._home.budgets
        if not path.exists():
            raise BudgetsNotGiven
        return read_budgets(path)

    def allocation(self) -> list[Version]:
        """List the versions of the rules of allocation that are kept, the first kept first."""
        from finops_mcp.cache.allocation_records import AllocationRecords

        with AllocationRecords(self._home) as records:
            return records.versions()

    def charged(self) -> list["Charged"]:
        """List what cost centres were charged, the first kept first. Raises RecordsUnreadable."""
        from finops_mcp.cache.charged_records import ChargedRecords

        with ChargedRecords(self._home) as records:
            return records.charged()

    def tag_policy(self) -> TagPolicy | None:
        """Give the tag policy that is kept; nothing where none is."""
        path = self._home.tag_policy
        return read_tag_policy(path) if path.exists() else None

    def drivers(self) -> list[Driver]:
        """Give the quantities of what cost is divided by. Raises DriversNotGiven."""
        path = self._home.drivers
        if not path.exists():
            raise DriversNotGiven
        return read_drivers(path)

    def benchmarks(self) -> list[Benchmark]:
        """Give the public benchmarks, and the user's own after them."""
        path = self._home.benchmarks
        return [*public_benchmarks(), *(read_benchmarks(path, private=True) if path.exists() else [])]

    def mutes(self, day: date) -> "Mutes":
        """Give what people said not to tell of, as of a day of the data. Raises RecordsUnreadable."""
        from finops_mcp.cache.mutes import Mutes, muted

        return Mutes(muted(self._home), day)
