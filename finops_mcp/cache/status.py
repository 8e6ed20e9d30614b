"""What the cache holds, in sentences: how it came to be, what drifts, what is kept out, whether it ties."""

from dataclasses import dataclass
from datetime import datetime

from finops_mcp.answers import cents
from finops_mcp.cache.alert_records import AlertRecords
from finops_mcp.cache.beside_cost import beside_cost_told
from finops_mcp.cache.opened import DataTest, Opened
from finops_mcp.cache.published import held
from finops_mcp.cache.quarantine import Quarantine
from finops_mcp.errors import RecordsUnreadable

_MOST_NAMED = 6


@dataclass(frozen=True)
class About:
    """Which generation it is."""

    number: int
    created_at: datetime
    source: str
    passed_over: list[str]


def _of(test: DataTest) -> str:
    month = f"{test.month:%Y-%m}" if test.month else test.tells
    return f"{month} {test.billing_account_id or ''}"


class Status:
    """What is known of one generation as a whole."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def about(self) -> About:
        """Say which generation this is, when it was made and from where."""
        row = (
            self._opened.cursor()
            .execute("select number, created_at, source, passed_over from generation.generation")
            .fetchall()[0]
        )
        return About(*row)

    def drift(self) -> list[str]:
        """Say which columns come and go between the files and months of an export."""
        months = (
            self._opened.cursor()
            .execute(
                "select d.export, c.name, list(strftime(m.month, '%Y-%m') order by m.month)"
                " filter (where not c.present) as absent from generation.own_columns as c"
                " join generation.delivery as d using (x_delivery)"
                " join (select x_delivery, min(billing_period_start) as month"
                " from generation.delivery_periods group by 1) as m using (x_delivery)"
                " group by all having bool_or(c.present) and not bool_and(c.present) order by all"
            )
            .fetchall()
        )
        found = (
            self._opened.cursor()
            .execute(
                "select d.export, r.kind, c.name, count(distinct r.x_delivery || r.file), min(r.file)"
                " from generation.drift as r join generation.delivery as d using (x_delivery),"
                " unnest(r.columns) as c(name) group by all order by all"
            )
            .fetchall()
        )
        said = {
            "absent": "has no column {} while others of the delivery have it",
            "unknown": "has an unknown column {}",
        }
        return [
            f"{export}: no column {name} in {', '.join(absent[:_MOST_NAMED])}"
            f"{' …' if len(absent) > _MOST_NAMED else ''}"
            for export, name, absent in months
        ] + [
            f"{export}: {file}{f' and {files - 1} more' if files > 1 else ''} {said[kind].format(name)}"
            for export, kind, name, files, file in found
        ]

    def standing_by(self) -> list[str]:
        """Say which deliveries are loaded but not counted, since another export speaks for the same month."""
        found = (
            self._opened.cursor()
            .execute(
                "select d.export, d.dialect, count(distinct p.billing_period_start),"
                " strftime(min(p.billing_period_start), '%Y-%m'),"
                " strftime(max(p.billing_period_start), '%Y-%m')"
                " from generation.delivery_periods as p join generation.delivery as d using (x_delivery)"
                " anti join generation.serving as s on s.x_delivery = p.x_delivery"
                " and s.billing_period_start = p.billing_period_start"
                " and s.billing_account_id is not distinct from p.billing_account_id"
                " group by all order by all"
            )
            .fetchall()
        )
        return [
            f"{export} ({dialect}): {months} month(s), {first} to {last}, told by another export of the payer"
            for export, dialect, months, first, last in found
        ]

    def quarantined(self) -> list[str]:
        """Say which delivered files brought down their reader and are not read as they are."""
        return Quarantine(self._opened.home).told()

    def held_back(self) -> list[str]:
        """Say what keeps newer data out: a rollback in force, files in quarantine."""
        hold, files = held(self._opened.home), len(Quarantine(self._opened.home).held())
        found = []
        if hold:
            found.append(
                f"A rollback holds generation {hold} in force; what was delivered since is not in any answer"
                " until `finops-duck rollback --release` and a refresh."
            )
        if files:
            found.append(
                f"{files} delivered file(s) brought down their reader and are not in any answer; not_counted"
                " names them."
            )
        return found

    def alerts_not_told(self) -> list[str]:
        """Say what failed when alerts were last looked at; nothing where no record can be read."""
        try:
            with AlertRecords(self._opened.home) as records:
                _, notes = records.last_look()
        except RecordsUnreadable:  # the freshness tells it
            return []
        return [f"Alerts are not all told: {note.said}" for note in notes if note.failed]

    def beside_cost(self) -> list[str]:
        """Say what recommendations and emissions there are, how fresh, and by which model."""
        return beside_cost_told(self._opened.cursor())

    def accounts(self) -> list[str]:
        """Say how many accounts the user named, and which have charges and no line."""
        said, absent = self._opened.accounts, self._opened.accounts_not_said
        if not said:
            return []
        others = f"; not in it: {', '.join(absent[:_MOST_NAMED])}" if absent else ""
        more = f" and {len(absent) - _MOST_NAMED} more" if len(absent) > _MOST_NAMED else ""
        return [f"Names and tags of {len(said)} account(s) are the user's own{others}{more}."]

    def rolled(self) -> list[str]:
        """Say of which months the line items are kept no longer."""
        months = {f"{p.month:%Y-%m}" for p in self._opened.periods if p.delivery in self._opened.rolled}
        return [f"line items are kept no longer: {', '.join(sorted(months))}"] if months else []

    def split_charges(self) -> list[str]:
        """Say how many split-cost rows are kept out of the totals."""
        found = (
            self._opened.cursor()
            .execute(
                "select d.export, sum(s.charges), sum(s.unblended_cost) from generation.split_charges as s"
                " join generation.delivery as d using (x_delivery) group by all order by all"
            )
            .fetchall()
        )
        return [
            f"{export}: {rows:,} split-cost rows ({cents(amount)}) that restate other charges by container"
            for export, rows, amount in found
        ]

    def restatements(self) -> list[str]:
        """Say what changed in months that were closed before: both totals, by service and account."""
        found = self._opened.cursor().execute(
            "select strftime(billing_period_start, '%Y-%m'), service_name, sub_account_id, billing_currency,"
            " billed_before, billed_after from generation.restatements where billed_before <> billed_after"
            " order by billing_period_start desc, abs(billed_after - billed_before) desc,"
            " service_name, sub_account_id, billing_currency"
        )
        return [
            f"{month}: {service or '(none)'} of {account or '(none)'}, {cents(before)} when closed,"
            f" {cents(after)} now ({currency})"
            for month, service, account, currency, before, after in found.fetchall()
        ]

    def tests_told(self) -> list[str]:
        """Say how the standing tests went: one sentence for each test, one for each month that fails it."""
        passed: dict[str, int] = {}
        failed: list[str] = []
        for test in self._opened.data_tests:
            if test.passed:
                passed[test.name] = passed.get(test.name, 0) + 1
            else:
                failed.append(
                    f"FAILED {_of(test)}: {test.name}, off by"
                    f" {test.off_by.normalize():f} (allowed {test.tolerance.normalize():f})"
                )
        return failed + [f"passed for {count} month(s): {name}" for name, count in passed.items()]
