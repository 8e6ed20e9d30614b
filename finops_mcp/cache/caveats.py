"""What to know before using a figure: what the data lacks, mixes or has not yet finished."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from finops_mcp.answers import cents
from finops_mcp.cache.opened import Opened
from finops_mcp.cache.periods import BilledPeriod
from finops_mcp.cache.selection import Selection, measure_column

_MOST_NAMED = 12
_CREATOR = ":aws_created_by"


def caveats(
    opened: Opened,
    selection: Selection,
    periods: Sequence[Sequence[BilledPeriod]],
    today: date,
    currencies: Sequence[str],
) -> list[str]:
    """Say what to know about a selection.

    `periods` are the billing periods of its span and of the one before, `currencies` those of its charges.
    """
    asked = periods[0]
    every = [p for span in periods for p in span]
    found = [
        *_bare(every),
        *_unfinished(selection, asked, today),
        *_gaps(selection, periods),
        *_failed_tests(opened, every),
        *_restated(opened, asked),
        *_ambiguous(selection, every),
        *_display_only(selection),
        *_net(selection, every),
        *_unknown_amounts(selection, every),
        *_no_resources(selection, every),
        *_no_invoices(every),
        *_currencies(currencies),
        *_dialects(every),
        *_of_creators(selection),
        *_of_accounts(opened, selection),
        *unknown_types(opened, every),
    ]
    return list(dict.fromkeys(found))


def whole_cache(opened: Opened) -> list[str]:
    """Say what to know about everything in the cache."""
    periods = opened.periods
    found = [*_bare(periods), *_failed_tests(opened, periods), *_restated(opened, periods)]
    found += [*_no_invoices(periods), *_dialects(periods), *unknown_types(opened, periods)]
    blind = sorted({f"{p.month:%Y-%m}" for p in periods if p.no_net})
    if blind:
        months = "any month" if len(blind) == len({p.month for p in periods}) else _some(blind)
        found.append(f"No private discount is visible in {months}: no net columns, so net equals gross.")
    return found


def unknown_types(opened: Opened, periods: Sequence[BilledPeriod]) -> list[str]:
    """Name the kinds of line that no rule knows; they are billed as they stand."""
    asked = {(p.delivery, p.month) for p in periods}
    found: dict[str, tuple[int, Decimal]] = {}
    for delivery, month, kind, charges, amount in opened.unknown_types:
        if (delivery, month) in asked:
            count, total = found.get(kind, (0, Decimal(0)))
            found[kind] = (count + charges, total + (amount or Decimal(0)))
    return [
        f"{count} charge(s) of the unknown type {kind!r} are counted as billed ({cents(total)})."
        for kind, (count, total) in sorted(found.items())
    ]


def _failed_tests(opened: Opened, periods: Sequence[BilledPeriod]) -> list[str]:
    """Name the standing tests that the data of some periods fails."""
    asked = {(p.month, p.billing_account_id) for p in periods}
    return [
        f"Standing test failed for {test.month:%Y-%m}, payer {test.billing_account_id}: {test.name}"
        f" (off by {test.off_by.normalize():f}, allowed {test.tolerance.normalize():f})."
        for test in opened.data_tests
        if not test.passed and test.tells == "charges" and (test.month, test.billing_account_id) in asked
    ]


def _restated(opened: Opened, periods: Sequence[BilledPeriod]) -> list[str]:
    return [
        f"{p.month:%Y-%m} was restated after it was closed: {cents(before)} became {cents(after)} (billed)."
        for p in periods
        if p.restated
        for before, after in [opened.restated_totals(p.month, p.billing_account_id)]
    ]


def _ambiguous(selection: Selection, periods: Sequence[BilledPeriod]) -> list[str]:
    if selection.metric != "billed_cost":
        return []
    return [
        f"{p.month:%Y-%m}: what the invoice asks for is ambiguous: net columns"
        f" ({cents(p.net_unblended_cost)}) and discount rows ({cents(p.unblended_cost)}) differ;"
        " billed_cost is the net one. Give invoice totals to decide it."
        for p in periods
        if p.billed_basis == "ambiguous"
    ]


def _display_only(selection: Selection) -> list[str]:
    if selection.metric != "blended_cost":
        return []
    return ["blended_cost is an average over the organisation, for display only: never allocate by it."]


def _some(months: Sequence[str]) -> str:
    shown = ", ".join(months[:_MOST_NAMED])
    return shown if len(months) <= _MOST_NAMED else f"{shown} and {len(months) - _MOST_NAMED} more months"


def _bare(periods: Sequence[BilledPeriod]) -> list[str]:
    if not any(p.layout == "bare" for p in periods):
        return []
    return [
        "Loaded from bare files without AWS's manifest: whether they are complete and current cannot be told."
    ]


def _unfinished(selection: Selection, periods: Sequence[BilledPeriod], today: date) -> list[str]:
    span = selection.span
    found = []
    last = max(p.last_charge.date() for p in periods)
    if span.end > last and any(
        p.last_day > last for p in periods if p.month == max(q.month for q in periods)
    ):
        found.append(
            f"{span.name} is not complete: charges run to {last}, and the newest day may still be growing."
        )
    elif any(p.state in {"open", "partial"} and p.invoiced for p in periods):
        found.append("Some charges have no invoice yet: the month may still change.")
    elif any(p.state == "open" and "invoice_id" not in p.lacks for p in periods):
        found.append("No charge has an invoice yet: the month may still change.")
    if selection.previous and selection.previous.until:
        found.append(f"Compared over like spans: {selection.previous.name} against data to {today}.")
    return found


def _gaps(selection: Selection, periods: Sequence[Sequence[BilledPeriod]]) -> list[str]:
    found = []
    spans = [s for s in (selection.span, selection.previous) if s]
    for span, held in zip(spans, periods, strict=True):
        missing = sorted({f"{m:%Y-%m}" for m in span.months} - {f"{p.month:%Y-%m}" for p in held})
        if missing:
            found.append(f"The cache holds no charges for {_some(missing)}: not counted, which is not zero.")
    return found


def _net(selection: Selection, periods: Sequence[BilledPeriod]) -> list[str]:
    if not any(p.no_net for p in periods) or not selection.metric.startswith("net_"):
        return []
    return ["No private discount is visible: the export has no net columns, so net equals gross."]


def _unknown_amounts(selection: Selection, periods: Sequence[BilledPeriod]) -> list[str]:
    column = measure_column(selection.metric)
    count = sum(p.unknown_amounts.get(column, 0) for p in periods)
    return [f"{count} charge(s) carry no {selection.metric} in the export: understated."] if count else []


def _no_resources(selection: Selection, periods: Sequence[BilledPeriod]) -> list[str]:
    if not any(d.name == "resource_id" for d in selection.dimensions):
        return []
    exports = sorted({p.export for p in periods if not p.with_resource})
    return [f"Export {e} has no resource ids: its charges show none." for e in exports]


def _no_invoices(periods: Sequence[BilledPeriod]) -> list[str]:
    exports = sorted({p.export for p in periods if "invoice_id" in p.lacks})
    return [f"Export {e} has no invoice ids: whether a month is final cannot be told." for e in exports]


def _currencies(currencies: Sequence[str]) -> list[str]:
    if len(currencies) < 2:  # noqa: PLR2004 - one is not several
        return []
    return [f"Several currencies ({', '.join(currencies)}): one line each, never added."]


def _dialects(periods: Sequence[BilledPeriod]) -> list[str]:
    dialects = sorted({p.dialect for p in periods})
    if len(dialects) == 1:
        return []
    return [f"The months come from different kinds of export ({', '.join(dialects)})."]


def _of_accounts(opened: Opened, selection: Selection) -> list[str]:
    """Say where names and tags of accounts are the user's own, and which accounts have none of these."""
    used = {d.name for d in selection.dimensions} | {f.dimension for f in selection.filters}
    if not opened.accounts or not any(n == "sub_account_name" or n.startswith("account_tag:") for n in used):
        return []
    absent = opened.accounts_not_said
    others = f"; it says nothing of {len(absent)} account(s), such as {absent[0]}" if absent else ""
    return [f"Account names and tags are the user's own, of {len(opened.accounts)} account(s){others}."]


def _of_creators(selection: Selection) -> list[str]:
    names = [d.name for d in selection.dimensions if d.name.endswith(_CREATOR)]
    return [f"{n} names who created a resource, which is not who spends or is to answer." for n in names]
