"""Every error a caller may see, and what to do about it.

FinopsError                     anything we say on purpose
├── CallerMistake               the question must change (exit 2, HTTP 4xx)
│   ├── UnknownTool
│   ├── InvalidArgument         a parameter is missing, misspelt or of the wrong form
│   ├── UnknownDimension
│   ├── UnknownValue
│   ├── UnknownMetric
│   ├── UnknownReport
│   ├── UnknownCharge
│   ├── UnknownFinding
│   ├── UnknownGeneration
│   ├── BackwardsDates
│   ├── NoDataForPeriod
│   ├── ChargesNotKept          the line items of the time are gone, its days and months are kept
│   ├── NothingToForget
│   ├── HistoryTooShort         too few days to forecast from, and to try the forecast on
│   ├── MeasureNotInExport
│   ├── SplitCostsNotInExport   what containers took of their nodes is in no export of the time
│   ├── HoursNotInExport        use is told by the month alone, where hours are asked about
│   ├── TooFewDays              the time is too short for what is looked for in it
│   ├── NothingToDraw
│   ├── SourceNotGiven
│   ├── NoExportsFound
│   ├── ConsentNeeded           somebody has to agree first
│   │   └── DownloadTooLarge
│   ├── SourceNotFound
│   ├── SourcesNested
│   ├── SourceForbidden
│   ├── InvoiceTotalsUnreadable the user's own CSV of invoice totals
│   ├── IdempotencyKeyReused    the key stood for another question
│   ├── IdempotencyKeyBusy      what the key stands for is being done right now
│   ├── AccountsUnreadable      the user's own CSV of account names and tags
│   ├── OfferFileUnreadable     a file of prices that the user gave
│   ├── InputUnreadable         a file of what the bill cannot show
│   ├── RateUnknown             neither the bill nor a file of prices tells it
│   ├── PriceUnknown            nor does a dated list price
│   ├── AgreementUnreadable     the user's own file of a private agreement
│   ├── AgreementNotGiven       what was asked is judged by an agreement, and none is kept
│   ├── AgreementElsewhere      the cache holds nothing in the agreement's currency, or of its payers
│   ├── AlertRulesUnreadable    the user's own file of rules for alerts
│   ├── BudgetsUnreadable       the user's own file of budgets
│   ├── BudgetsNotGiven         what was asked is held against budgets, and none are kept
│   ├── NoSuchBudget            budgets are kept, and none of what was asked
│   ├── UnknownExport           no file of that name was exported
│   ├── ExportStandsThere       a file of that name is there already, and is not written over
│   ├── LineItemsNotSent        a report of line items was to be sent to the webhook
│   ├── EmissionsNotGiven       no carbon export tells the time, or not by that model
│   ├── DriversUnreadable       the user's own CSV of what cost is divided by
│   ├── DriversNotGiven         what was asked divides cost by a quantity, and none are kept
│   ├── NoSuchDriver            quantities are kept, and none of what was asked
│   ├── DriverDaysMissing       the quantity is not told for every day of the cost
│   ├── AllocationUnreadable    the user's own file of allocation
│   ├── AllocationNotGiven      what was asked goes by rules of allocation, and none are kept
│   ├── AllocationRefused       rules are kept or given, and what was asked of them cannot be done
│   ├── TagPolicyUnreadable     the user's own file of which tags there should be
│   ├── TagPolicyNotGiven       what was asked is the policy, and none is kept
│   ├── BenchmarksUnreadable    the user's own rows of benchmarks
│   ├── NoSuchBenchmark         no source tells what was asked, so nothing is told
│   └── SqlRefused
│       ├── SqlTooSlow
│       └── SqlTooLarge
├── NoDataYet                   the cache is empty: nothing is known, which is not the same as zero
├── CacheOutdated               the cache was made by another version
├── AllocationDoesNotTie        what cost centres carry is not what the charges come to
├── RefreshRunning              another refresh holds the lock
├── RefreshHeld                 a rollback is in force, which a refresh would undo
├── NoRoom                      the disk is too full for a refresh
├── ExportNotWritten            a file could not be written where exports go
├── WebhookUnusable             where alerts are to be sent cannot be used as it is set
├── WebhookFailed               it did not take what was sent
├── ReportNotTaken              it did not take a report
├── MirrorKeyUnusable           the key of the downloaded files cannot be had
├── MirrorSealed                downloaded files are encrypted, and not with the key that is given
├── CacheDamaged                a file of the cache is not as it was written
├── RecordsUnreadable           what is remembered beside the cache cannot be read
├── StaleRows                   the exported files changed under a published generation
├── Cancelled                   the caller went away
└── ExportDamaged               what was delivered cannot be loaded whole (exit 1)
    ├── ManifestUnreadable
    ├── FileMissing
    ├── FileUnreadable
    ├── FileQuarantined         its reader crashed, hung or ran out of memory
    ├── ColumnMissing
    ├── ValueUnreadable
    ├── CheckFailed             what was loaded does not add up
    ├── FileDamaged             its bytes are no longer those that were recorded when it arrived
    └── SourceFailed            the store answered, but not with the file
        └── SourceChanged       it was delivered anew while it was read
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal


class FinopsError(Exception):
    """Anything the product says on purpose when it cannot answer."""

    status = 500
    exit_code = 1

    def __init__(self, message: str, *, valid: Iterable[str] = (), near: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.valid = list(valid)
        self.near = list(near)

    @property
    def kind(self) -> str:
        """The error's name in the words of a URL: UnknownValue is unknown-value."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(self).__name__).lower()

    def __str__(self) -> str:
        """Say what happened, then the near names, then what would be accepted."""
        said = self.message
        parts = [said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]} …"]
        if self.near:
            parts.append(f"Did you mean {_listed(self.near)}?")
        if self.valid:
            parts.append(f"Valid: {_listed(self.valid)}.")
        return " ".join(parts)


_MOST_SAID, _MOST_LISTED = 4_000, 1_500
"""Most characters of a message, which may quote what the caller sent, and of a list of words in it."""


def _listed(words: Sequence[str]) -> str:
    shown: list[str] = []
    for word in words:
        if shown and sum(map(len, shown)) + len(word) > _MOST_LISTED:
            return f"{', '.join(shown)} and {len(words) - len(shown)} more"
        shown.append(word)
    return ", ".join(shown)


class CallerMistake(FinopsError):
    """The question must change before it can be answered."""

    status = 422
    exit_code = 2


class UnknownTool(CallerMistake):
    """No tool goes by that name."""

    status = 404

    def __init__(self, name: str, *, valid: Iterable[str], near: Iterable[str]) -> None:
        super().__init__(f"There is no tool named {name!r}.", valid=valid, near=near)


class InvalidArgument(CallerMistake):
    """A parameter is missing, misspelt or of the wrong form."""


class UnknownDimension(CallerMistake):
    """Charges cannot be grouped or filtered by that."""

    def __init__(self, name: str, *, valid: Iterable[str], near: Iterable[str]) -> None:
        super().__init__(f"There is no dimension named {name!r}.", valid=valid, near=near)


class UnknownValue(CallerMistake):
    """No charge in the cache has that value."""

    def __init__(self, dimension: str, value: str, *, valid: Iterable[str], near: Iterable[str]) -> None:
        super().__init__(f"No charge has {dimension} = {value!r}.", valid=valid, near=near)


class UnknownMetric(CallerMistake):
    """There is no such measure of cost."""


class UnknownReport(CallerMistake):
    """No report was saved under that name."""

    status = 404

    def __init__(self, name: str, *, valid: Iterable[str], near: Iterable[str]) -> None:
        said = "" if valid else " None is saved yet: `finops-duck ask cost_by --save NAME` saves one."
        super().__init__(f"There is no saved report named {name!r}.{said}", valid=valid, near=near)


class UnknownCharge(CallerMistake):
    """No charge in force has that id."""

    status = 404

    def __init__(self, charge_id: str) -> None:
        super().__init__(
            f"There is no charge {charge_id!r}. `select x_charge_id, * from charges` (cost_sql) shows the"
            " ids; a month that was delivered again has new ones."
        )


class UnknownGeneration(CallerMistake):
    """There is no such generation to go back to."""

    status = 404

    def __init__(self, number: int | None, *, valid: Sequence[str]) -> None:
        what = "No older generation is" if number is None else f"Generation {number} is not"
        super().__init__(
            f"{what} on this disk whole, in a form that this version reads."
            " `finops-duck rollback --list` shows what there is; FINOPS_KEEP_GENERATIONS says how many are"
            " kept.",
            valid=valid,
        )


class BackwardsDates(CallerMistake):
    """The period ends before it starts."""

    def __init__(self, start: object, end: object) -> None:
        super().__init__(
            f"The period ends ({end}) on or before its start ({start}). `end` is exclusive: "
            f"for one day give the following day."
        )


class NoDataForPeriod(CallerMistake):
    """The cache holds other periods, not this one."""

    status = 404

    def __init__(
        self, asked: str, *, months: Sequence[str], days: str = "", near: Iterable[str] = ()
    ) -> None:
        held = f"{months[0]} to {months[-1]}" + (f", with charges of {days}" if days else "")
        super().__init__(
            f"The cache holds no charges for {asked}; it holds {held}."
            " Ask for one of those, or run refresh_data if the month has been delivered since.",
            valid=months,
            near=near,
        )


class ChargesNotKept(CallerMistake):
    """The line items of a time are no longer kept; its days and months are."""

    status = 410

    def __init__(self, months: Sequence[str]) -> None:
        super().__init__(
            f"The line items of {_listed(months)} are no longer kept here (FINOPS_KEEP_CHARGES_MONTHS), only"
            " their days and months: charges_daily and resources_monthly, which every question by day, month,"
            " service, account, region, resource or tag is answered from. Ask for one of those, or for later"
            " months."
        )


class UnknownFinding(CallerMistake):
    """There is no finding of that name now."""

    status = 404

    def __init__(self, name: str, *, valid: Iterable[str], near: Iterable[str]) -> None:
        super().__init__(
            f"There is no finding {name!r} in the newest data; it may have been put right.",
            valid=valid,
            near=near,
        )


class PriceUnknown(CallerMistake):
    """Neither the bill, nor a file of prices, nor a dated list price says what a unit costs."""

    def __init__(self, service: str, meter: str, region: str | None, currency: str) -> None:
        super().__init__(
            f"What a unit of {service} {meter} costs in {region or 'any region'} in {currency} is not known:"
            " the bill has not used it. Give AWS's price file of that service and region:"
            " finops-duck prices FILE."
        )


class NothingToForget(CallerMistake):
    """Nothing here is of that account or month."""

    status = 404

    def __init__(self, what: str, *, valid: Iterable[str]) -> None:
        super().__init__(f"Nothing here is of {what}.", valid=valid)


class HistoryTooShort(CallerMistake):
    """There are too few days to forecast from, and to try the forecast on."""

    def __init__(self, currency: str, days: int, fewest: int, newest: str, *, ended: bool) -> None:
        why = (
            "the exports of who pays for it ended more than a month before the newest charge"
            if ended and not days
            else f"the cache holds {days} finished days with such charges up to {newest}"
        )
        super().__init__(
            f"A forecast in {currency} needs {fewest} finished days, four weeks to forecast from and four to"
            f" try it on, and {why}. Ask with fewer filters, have refresh_data bring earlier months, or ask"
            " cost_trend what there is."
        )


class MeasureNotInExport(CallerMistake):
    """The export does not carry what the measure needs."""

    def __init__(self, measure: str, export: str, *, missing: Iterable[str], valid: Iterable[str]) -> None:
        super().__init__(
            f"{measure} cannot be told from export {export!r}: it has no {_listed(list(missing))}.",
            valid=valid,
        )


class SplitCostsNotInExport(CallerMistake):
    """No export of the time tells what containers took of the nodes they ran on."""

    def __init__(self, exports: Sequence[str]) -> None:
        super().__init__(
            f"What containers cost cannot be told from {_listed(exports)}: it has no columns of split cost"
            " allocation, which only a Cost and Usage Report can have."
            " Opt in to split cost allocation data in AWS's cost management preferences, have a CUR 2.0"
            " delivered with INCLUDE_SPLIT_COST_ALLOCATION_DATA, load it with `finops-duck refresh`, and ask"
            " again. What runs on Fargate is charged by itself: cost_by by resource_id, sku_meter contains"
            " Fargate."
        )


class HoursNotInExport(CallerMistake):
    """The export tells use by stretches that are longer than a day."""

    def __init__(self) -> None:
        super().__init__(
            "Commitments are used up hour by hour, and the export tells most of the use by stretches longer"
            " than a day, so that no size can be told from it. Have AWS deliver an hourly export (time"
            " granularity HOURLY), load it with `finops-duck refresh`, and ask again."
        )


class TooFewDays(CallerMistake):
    """The exports cover fewer days of a time than can tell what is asked."""

    status = 404

    def __init__(self, what: str, *, needed: int, held: int, when: str) -> None:
        super().__init__(
            f"{what} need {needed} whole days, and the exports tell {held} of {when}; days that they do not"
            " cover, and last days that have not arrived whole, are none. Ask for a longer time with start"
            " and end (cost_schema and data_status tell what there is), or load earlier months with"
            " refresh_data."
        )


class NothingToDraw(CallerMistake):
    """An answer without amounts has no picture."""

    def __init__(self, summary: str) -> None:
        super().__init__(f"There is nothing to draw: {summary}")


class SourceNotGiven(CallerMistake):
    """A refresh does not know where to look."""

    def __init__(self) -> None:
        super().__init__(
            "No source of exports is known yet. Give a folder or an S3 address:"
            " `finops-duck refresh --from s3://bucket/prefix` or `--from /path/to/exports`,"
            " or set FINOPS_SOURCE before the server starts."
        )


class NoExportsFound(CallerMistake):
    """The place exists, and there is no export in it."""

    status = 404

    def __init__(self, where: str, seen: str) -> None:
        super().__init__(
            f"No cost export was found under {where} ({seen}). An export is found by its manifest"
            " (…/metadata/…Manifest.json or …/yyyymmdd-yyyymmdd/…-Manifest.json). To load bare data files,"
            " give the path of the file, or of the folder that holds them directly."
        )


class ConsentNeeded(CallerMistake):
    """Somebody has to agree before this is done: a surface that can ask, asks `question`.

    The same call with `agreed` among its arguments is the one that was agreed to.
    """

    status = 409

    def __init__(self, why: str, *, question: str, agreed: Mapping[str, float]) -> None:
        arguments = ", ".join(f"{name} = {value}" for name, value in agreed.items())
        super().__init__(f"{why} If that is wanted, ask again with {arguments}.")
        self.question = question
        self.agreed = dict(agreed)


class DownloadTooLarge(ConsentNeeded):
    """A refresh would download more than it may without asking."""

    def __init__(self, source: str, gigabytes: float, limit: float, deliveries: int) -> None:
        size = f"{gigabytes:,.2f} GB in {deliveries} deliveries"
        super().__init__(
            f"The refresh would download {size} from {source}, more than the {limit:g} GB that are downloaded"
            " without asking (FINOPS_ASK_ABOVE_GB); nothing was downloaded.",
            question=f"Download {size} from {source}?",
            agreed={"download_up_to_gb": math.ceil(gigabytes * 100) / 100},
        )


class SourceNotFound(CallerMistake):
    """The folder, bucket or prefix does not exist."""

    status = 404


class SourcesNested(CallerMistake):
    """One of several places lies within another, and its exports would be read twice."""

    def __init__(self, outer: str, inner: str) -> None:
        super().__init__(f"{inner} lies within {outer}, which finds its exports too. Name one of the two.")


class SourceForbidden(CallerMistake):
    """The store refuses to show the exports."""

    status = 403

    def __init__(self, where: str, action: str) -> None:
        super().__init__(
            f"Access to {where} was refused (403). The credentials in use need {action} on it;"
            " check the IAM policy and the bucket policy, and which profile is active."
        )


class InvoiceTotalsUnreadable(CallerMistake):
    """The user's own CSV of invoice totals cannot be read."""

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(
            f"{path}, line {line}: {why}. The file has the columns invoice_id, amount, currency and, if you"
            " like, tax; amounts include tax and are written 1234.56."
        )


class IdempotencyKeyReused(CallerMistake):
    """The idempotency key stood for another question; a new question needs a new key."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used with other parameters. Make up a new key for this one."
        )


class IdempotencyKeyBusy(CallerMistake):
    """What the idempotency key stands for is being done right now."""

    status = 409

    def __init__(self, key: str) -> None:
        super().__init__(f"What was asked with the idempotency key {key!r} is being done. Ask again later.")


class AccountsUnreadable(CallerMistake):
    """The user's own CSV of account names and tags cannot be read."""

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(
            f"{path}, line {line}: {why}. The file has the columns account_id and name; every other column is"
            " a tag of the account."
        )


class OfferFileUnreadable(CallerMistake):
    """A file of prices that the user gave is none that AWS publishes, or not whole."""

    def __init__(self, path: str, place: str, why: str) -> None:
        super().__init__(
            f"{path}, {place}: {why}. Give an offer file as AWS publishes it (index.json or index.csv of a"
            " service in a region, or of its Savings Plans; .gz too), fetched whole; what was held before"
            " stays."
        )


class InputUnreadable(CallerMistake):
    """A file given beside the bill is of no kind that is known, or has a value that cannot be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path}: {why}. Give CSV (.gz too) or Parquet: metrics with columns resource_id, metric, stat"
            " (avg, max, p95, p99_5), period_s, start, end, value; an inventory with resource_id,"
            " resource_type, state, and as far as known account, region, attached_to, size, created,"
            " last_used; or an export of Compute Optimizer as AWS writes it. What was held before stays."
        )


class RateUnknown(CallerMistake):
    """Neither the bill nor a file of prices tells the rate."""

    status = 404

    def __init__(self, offer: str, sku: str) -> None:
        super().__init__(
            f"No rate of {offer} is known for {sku}: the bill has none, and no file of prices that was given"
            " does. Give AWS's offer file of that service and region, or of its Savings Plans:"
            " `finops-duck prices FILE`; `finops-duck prices` lists what is held."
        )


class AgreementUnreadable(CallerMistake):
    """The user's own file of a private agreement cannot be read; each line and key is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. `finops-duck agreement schema` prints what the file may say, and"
            " examples/agreement.yaml is one."
        )
        self.faults = list(faults)


class AlertRulesUnreadable(CallerMistake):
    """The user's own file of rules for alerts cannot be read; each line and key is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. `finops-duck alerts schema` prints what the file may say, and"
            " examples/alerts.yaml is one."
        )
        self.faults = list(faults)


class AgreementNotGiven(CallerMistake):
    """What was asked is judged by the terms of an agreement, which no export has, and none is kept."""

    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} cannot be told: no export states the terms of a private agreement, and none is kept"
            " here. Write them down as in examples/agreement.yaml (`finops-duck agreement schema` prints what"
            " may stand there), then `finops-duck agreement keep FILE`."
        )


class AgreementElsewhere(CallerMistake):
    """The cache holds nothing in the agreement's currency, or of its payers."""

    def __init__(self, agreement: str, what: str, wanted: Sequence[str], held: Sequence[str]) -> None:
        super().__init__(
            f"Agreement {agreement!r} is for {what} {_listed(wanted)}, and the cache holds"
            f" {_listed(held)}: amounts are never converted, and others' are never counted. Correct {what}"
            " in the file and keep it again, or refresh from the exports of the payer it is for."
        )


class BudgetsUnreadable(CallerMistake):
    """The user's own file of budgets cannot be read; each line and key is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. `finops-duck budgets schema` prints what the file may say, and"
            " examples/budgets.yaml is one; as CSV, its columns are dimension, value, period, amount and, if"
            " you like, measure, scope, currency."
        )
        self.faults = list(faults)


class BudgetsNotGiven(CallerMistake):
    """What was asked is held against budgets, which no export has, and none are kept."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "No export has budgets, and none are kept here. Write them down as in examples/budgets.yaml, or"
            " as CSV with the columns dimension, value, period, amount, then `finops-duck budgets FILE`"
            " keeps them."
        )


class UnknownExport(CallerMistake):
    """No file of that name lies among the exports."""

    status = 404

    def __init__(self, name: str, *, valid: Iterable[str]) -> None:
        super().__init__(f"No export is named {name!r}.", valid=valid)


class ExportStandsThere(CallerMistake):
    """A file of that name is there already, and what people have is not written over unasked."""

    status = 409

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} is there already; give another path, or --force to write over it.")


class LineItemsNotSent(CallerMistake):
    """What was to be sent to the webhook is made of line items, or may be, and those stay on this machine."""

    def __init__(self, report: str) -> None:
        super().__init__(
            f"{report} is not sent, because it holds line items of the export, or may: those stay on this"
            " machine. Write it to a file with --to, or send the answer of a tool that adds up, such as"
            " cost_by or allocated_costs."
        )


class ExportNotWritten(FinopsError):
    """A file could not be written where exports go; nothing is left of it."""

    def __init__(self, folder: object, why: str) -> None:
        super().__init__(
            f"The file could not be written to {folder}: {why}. Nothing of it is left there. Make room or"
            " allow it, or name another folder: FINOPS_EXPORTS, or --to on the command line."
        )


class EmissionsNotGiven(CallerMistake):
    """No carbon export tells the emissions of a time, or none by the model that was asked for."""

    status = 404

    def __init__(self, asked: str, *, valid: Iterable[str], near: Iterable[str] = ()) -> None:
        told = list(valid)
        todo = (
            " AWS tells a month's emissions weeks after it; ask for one that is told."
            if told
            else " No carbon export is loaded: have AWS Data Exports deliver CARBON_EMISSIONS below the root"
            " that is refreshed from, and run refresh_data."
        )
        super().__init__(f"No emissions are told for {asked}.{todo}", valid=told, near=near)


class NoSuchBudget(CallerMistake):
    """Budgets are kept, and none is of what was asked, or none can be held against the cache."""

    status = 404


class DriversUnreadable(CallerMistake):
    """The user's own CSV of what cost is divided by cannot be read; each line and column is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. Its columns are period (2026-10-05, or 2026-10), driver, quantity and, where it"
            " is told apart, dimension and value; examples/drivers.csv is one."
        )
        self.faults = list(faults)


class DriversNotGiven(CallerMistake):
    """What was asked divides cost by a quantity, which no export has, and none are kept."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "No export has orders, users or other quantities to divide cost by, and none are kept here. Write"
            " them down as in examples/drivers.csv, with the columns period, driver, quantity, then"
            " `finops-duck drivers FILE` keeps them."
        )


class NoSuchDriver(CallerMistake):
    """Quantities are kept, and none of what was asked."""

    status = 404


class DriverDaysMissing(CallerMistake):
    """The quantity is not told for every day of the cost, and is not guessed."""

    def __init__(self, driver: str, span: str, days: int, missing: Sequence[str]) -> None:
        super().__init__(
            f"{driver} is not told for {len(missing)} of {days} days of {span}: {_listed(missing)}. A"
            " quantity of a month stands for the whole month alone, once all of it is in the cache: ask by"
            " month, or of another time, or add the days to the file and keep it again with `finops-duck"
            " drivers FILE`."
        )


class AllocationUnreadable(CallerMistake):
    """The user's own file of allocation cannot be read; each line and key is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. `finops-duck allocation schema` prints what the file may say, and"
            " examples/allocation.yaml is one."
        )
        self.faults = list(faults)


class AllocationNotGiven(CallerMistake):
    """What was asked goes by rules of allocation, which no export has, and none are kept."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "No export says who carries which cost, and no rules are kept here. Write them down as in"
            " examples/allocation.yaml, then `finops-duck allocation FILE` keeps them; or name a dimension of"
            " charges, such as tag:team, to see what each of its values costs."
        )


class AllocationRefused(CallerMistake):
    """Rules of allocation are kept or given, and what was asked of them cannot be done."""


class TagPolicyUnreadable(CallerMistake):
    """The user's own tag policy cannot be read; each line and key is told."""

    def __init__(self, path: str, faults: Sequence[tuple[int, str, str]]) -> None:
        told = "; ".join(f"line {line}{f', {key}' if key else ''}: {why}" for line, key, why in faults)
        super().__init__(
            f"{path}, {told}. `finops-duck tags schema` prints what the file may say, and"
            " examples/tag_policy.yaml is one."
        )
        self.faults = list(faults)


class TagPolicyNotGiven(CallerMistake):
    """The tag policy was asked for, and none is kept."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "No export has a tag policy, and none is kept here. Write it down as in"
            " examples/tag_policy.yaml, then `finops-duck tags FILE` keeps it."
        )


class BenchmarksUnreadable(CallerMistake):
    """The user's own rows of benchmarks cannot be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path}: {why}. Each row has kpi, scope, scope_definition, value (or low and high), segment,"
            " year, source_url, retrieved and confidence; percentile only where the source gives it."
        )


class NoSuchBenchmark(CallerMistake):
    """No source tells what was asked, so nothing is told."""

    status = 404


class SqlRefused(CallerMistake):
    """The statement may not run; the cache answers reading questions only."""


class SqlTooSlow(SqlRefused):
    """The statement ran past its time and was stopped."""

    status = 408

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The statement ran longer than {seconds:g} s and was stopped."
            " Narrow it (a billing_period, fewer rows, charges_daily instead of charges)."
        )


class SqlTooLarge(SqlRefused):
    """The statement needed more memory than it may have and was stopped."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(
            f"The statement needed more than {megabytes} MB and was stopped."
            " Aggregate earlier, or read fewer rows or columns."
        )


class NoDataYet(FinopsError):
    """The cache is empty: nothing is known, which is not the same as zero."""

    status = 409
    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "There is no data yet. Run `finops-duck refresh --from PATH_OR_S3` (or the tool refresh_data,"
            " where FINOPS_SOURCE names the exports), or try `finops-duck demo`."
        )


class CacheOutdated(FinopsError):
    """The cache was made by another version, and is to be built anew from the files on this machine."""

    status = 409
    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "The cache was made by another version of finops-duck. Run `finops-duck refresh` (or the tool"
            " refresh_data): it is built anew, and nothing is downloaded again."
        )


class AllocationDoesNotTie(FinopsError):
    """What cost centres carry is not what the charges come to: a fault of ours, and no answer."""

    def __init__(self, month: str, currency: str, carried: Decimal, basis: Decimal) -> None:
        super().__init__(
            f"What cost centres carry of {month} adds up to {carried} {currency}, and the charges to {basis}:"
            " this is a fault of finops-duck, and nothing is answered. Please report it with the rules"
            " (`finops-duck allocation show`); cost_by answers by any dimension of charges meanwhile."
        )


class RefreshRunning(FinopsError):
    """Another refresh holds the lock."""

    status = 409
    exit_code = 2

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"A refresh is already running ({holder}). Wait for it; answers come from the last one meanwhile."
        )


class RefreshHeld(FinopsError):
    """A rollback is in force, which a refresh would undo."""

    status = 409
    exit_code = 2

    def __init__(self, held: str) -> None:
        super().__init__(
            f"A rollback holds generation {held} in force, and a refresh would undo that."
            " `finops-duck rollback --release` lets refreshes publish again (this generation answers until"
            " one does)."
        )


class NoRoom(FinopsError):
    """The disk is too full for a refresh; nothing that was published is touched."""

    status = 507

    def __init__(self, where: str, said: str) -> None:
        super().__init__(
            f"There is not enough room on the disk of {where}: {said}. Free some there, or have another"
            " FINOPS_HOME; the previous generation keeps answering."
        )


class CacheDamaged(FinopsError):
    """A file of the cache is not as it was written: nothing is answered from it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"A file of the cache is damaged ({why}), so nothing is answered from it. `finops-duck doctor`"
            " names it; `finops-duck refresh` loads anew what is damaged, and `finops-duck rollback` goes"
            " back to an older generation meanwhile."
        )


class MirrorKeyUnusable(FinopsError):
    """The key that downloaded files are encrypted with cannot be had from where the settings say it is."""

    status = 409
    exit_code = 2

    def __init__(self, place: str, why: str, remedy: str) -> None:
        super().__init__(
            f"The key of the downloaded files (FINOPS_MIRROR_KEY={place}) cannot be used: {why}. {remedy}"
        )


class WebhookUnusable(FinopsError):
    """Where alerts are to be sent cannot be used as it is set; nothing is sent there."""

    exit_code = 2

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"The webhook of alerts cannot be used: {why}. {remedy} Nothing was sent.")


class WebhookFailed(FinopsError):
    """The webhook of alerts did not take what was sent."""

    status = 502

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"{place} did not take the message: {why}. Alerts that could not be delivered are kept, and sent"
            " after the next refresh or by `finops-duck alerts check`."
        )


class ReportNotTaken(FinopsError):
    """The webhook did not take a report; unlike an alert it is kept nowhere to be sent later."""

    status = 502

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"{place} did not take the report: {why}. It is not kept: give the command again. While the data"
            " and the answer are the same, so is the id it is sent under."
        )


class MirrorSealed(FinopsError):
    """Downloaded files are encrypted, and no key or another one is given."""

    status = 409
    exit_code = 2

    def __init__(self, mirror: str, *, given: str) -> None:
        what = f"not with the key of {given}" if given else "no key is given"
        super().__init__(
            f"The downloaded files in {mirror} are encrypted, and {what}. Set FINOPS_MIRROR_KEY to where"
            " their key is; or, to go on without that key, remove the folder: the next refresh fetches again"
            " what it needs. What was published keeps answering."
        )


class StaleRows(FinopsError):
    """The exported files changed under a published generation."""

    status = 409

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} has changed since it was loaded, so its own columns can no longer be shown consistently."
            " Run refresh_data; questions that do not use the view `cur` are unaffected."
        )


class Cancelled(FinopsError):
    """The caller went away before the answer was ready."""

    status = 499

    def __init__(self) -> None:
        super().__init__("The call was cancelled.")


class ExportDamaged(FinopsError):
    """What was delivered cannot be loaded whole; the previous generation keeps answering."""

    status = 502


class ManifestUnreadable(ExportDamaged):
    """A manifest is not the JSON that AWS writes."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"The manifest {path} cannot be read: {why}. Nothing of its month was changed.")


class FileMissing(ExportDamaged):
    """A manifest names a file that is not there."""

    def __init__(self, path: str, manifest: str) -> None:
        super().__init__(
            f"{manifest} names {path}, which is not there. The month is not loaded in part:"
            " copy the missing file beside the others, or wait for AWS to deliver again, and refresh."
        )


class FileUnreadable(ExportDamaged):
    """A data file is cut short or is not what its name says."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} cannot be read whole: {why}. Fetch the file again and refresh;"
            " the previous generation keeps answering."
        )


class FileQuarantined(ExportDamaged):
    """A data file brought down the process that read it, and is not tried again as it is."""

    def __init__(self, path: str, more: int, why: str) -> None:
        others = f" (and {more} more of its delivery)" if more else ""
        super().__init__(
            f"{path}{others} is quarantined: {why}. It is read again when it has changed, or by"
            " `finops-duck refresh --retry-quarantined`; the previous generation keeps answering."
        )


class ColumnMissing(ExportDamaged):
    """An export lacks a column without which no cost can be told, or is not the export that it should be."""

    def __init__(self, path: str, columns: Sequence[str], of: str = "") -> None:
        if of:
            super().__init__(f"{path} has no column {_listed(columns)}, so it is no {of} export.")
            return
        super().__init__(
            f"{path} has no column {_listed(columns)}, without which its charges cannot be told."
            " Add the column to the export's query, or give the folder that holds the cost export."
        )


class ValueUnreadable(ExportDamaged):
    """A column holds values that are not of its type."""

    def __init__(self, path: str, column: str, count: int, example: str) -> None:
        super().__init__(
            f"{path}: column {column} holds {count} value(s) that cannot be read as its type,"
            f" such as {example!r}. Nothing of this delivery was loaded."
        )


class CheckFailed(ExportDamaged):
    """What was loaded does not add up to what was delivered."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"A check failed before publishing: {what}. The previous generation keeps answering."
        )


class SourceFailed(ExportDamaged):
    """The store answered, but not with the file."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where} could not be fetched: {why}. Try again; nothing was changed.")


class SourceChanged(SourceFailed):
    """What was listed was replaced before it was read whole: AWS is delivering it anew."""


class FileDamaged(ExportDamaged):
    """A file's bytes are no longer those that were recorded when it arrived, or was last loaded."""

    def __init__(self, path: str, what: str, remedy: str) -> None:
        super().__init__(
            f"{path} is damaged: {what}. Nothing was loaded from it, and the previous generation keeps"
            f" answering. {remedy}"
        )


class RecordsUnreadable(FinopsError):
    """What is remembered beside the cache cannot be read."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(
            f"{path} cannot be used: {why}. If it is damaged, move it away: the next refresh begins it anew"
            " and fetches the files again. The cache itself is not touched by this."
        )
