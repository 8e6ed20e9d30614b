"""What was each cost centre charged, when, and by which rules? Kept, since AWS may restate a month."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from finops_mcp.cache.records import Records

Charge = tuple[str, str, str]
"""A currency, a cost centre, and a part of what it carries."""


@dataclass(frozen=True)
class Charged:
    """A chargeback as it was handed out: of one month, dimension and measure, and when (UTC)."""

    month: str
    dimension: str
    measure: str
    kept_at: str
    rules: str
    execution_ids: str
    amounts: Mapping[Charge, Decimal]


class ChargedRecords(Records):
    """The chargebacks of a home. Raises RecordsUnreadable."""

    def charged(self) -> list[Charged]:
        """List every chargeback that was kept, the first kept first."""
        found = []
        for row in self._rows("select * from charged order by id"):
            said = json.loads(row["said"])
            amounts: dict[Charge, Decimal] = {}
            for currency, centre, part, amount in said["amounts"]:  # those forgotten are one
                charge = currency, centre, part
                amounts[charge] = amounts.get(charge, Decimal(0)) + Decimal(amount)
            of = (row["month"], row["dimension"], row["measure"], row["kept_at"])
            found.append(Charged(*of, said["rules"], said["execution_ids"], amounts))
        return found

    def keep(
        self,
        month: str,
        dimension: str,
        measure: str,
        *,
        rules: str,
        execution_ids: str,
        amounts: Mapping[Charge, Decimal],
    ) -> None:
        """Keep what was charged for a month, beside what was kept of it before."""
        told = [[*charge, str(amount)] for charge, amount in sorted(amounts.items()) if amount]
        said = {"rules": rules, "execution_ids": execution_ids, "amounts": told}
        row = {
            "month": month,
            "dimension": dimension,
            "measure": measure,
            "kept_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "said": json.dumps(said, ensure_ascii=False),
        }
        with self._writing() as db:
            db.table("charged").insert(row)

    def forget(self, month: str) -> int:
        """Forget what was charged for a month; say how many chargebacks there were."""
        found = sum(each.month == month for each in self.charged())
        if found:
            with self._writing() as db:
                db.execute("delete from charged where month = ?", [month])
        return found

    def reword(self, reworded: Callable[[str], str]) -> int:
        """Say otherwise what chargebacks say, and of how many."""
        changed = [
            [new, row["id"]]
            for row in self._rows("select id, said from charged")
            if (new := reworded(row["said"])) != row["said"]
        ]
        if changed:
            with self._writing() as db:
                for change in changed:
                    db.execute("update charged set said = ? where id = ?", change)
        return len(changed)
