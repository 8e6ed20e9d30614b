"""What fetching has cost so far, and what other services would have charged for the same answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

from finops_mcp.analytics.service_charges import athena_charge, cost_explorer_charge, s3_charge
from finops_mcp.cache.home import Home
from finops_mcp.cache.records import AnswersGiven, Records
from finops_mcp.settings import Prices

_SIX = Decimal("0.000001")


@dataclass(frozen=True)
class Spending:
    """What a home has asked of its store, and has answered."""

    home: Home
    prices: Prices

    def told(self) -> list[str]:
        """Say what was asked of the store, and what others would have charged. Raises RecordsUnreadable."""
        with Records(self.home) as records:
            return [*self._fetching(records), *self._elsewhere(records.answers_so_far())]

    def _fetching(self, records: Records) -> list[str]:
        """Say what all refreshes have asked and received, what that comes to, and when the last one was."""
        so_far, last = records.requests_so_far(), records.last_looked()
        if not so_far["lists"]:
            return []
        found = "none of which found the exports"
        if last:
            began = datetime.fromisoformat(last).isoformat(timespec="seconds")
            found = f"the last to find the exports began {began}"
        return [f"S3: {so_far['refreshes']} refresh(es), {found}: {s3_in_words(so_far, self.prices)}"]

    def _elsewhere(self, given: Sequence[AnswersGiven]) -> list[str]:
        """Say what Athena and Cost Explorer would have charged for the answers given, and what is assumed."""
        answers, megabytes = sum(g.answers for g in given), sum(g.megabytes for g in given)
        if not answers:
            return []
        p = self.prices
        athena = athena_charge(megabytes, p.athena_tb)
        explorer = cost_explorer_charge(answers, p.cost_explorer_request)
        queries = (
            f"Athena: {answers:,} answers x one query each = {megabytes:,} MB scanned / 1,048,576 MB a TB"
            f" x {p.athena_tb} USD = {_usd(athena)}. Assumed: a query scans the files of the months it is"
            " about, whole (of Parquet it may read fewer columns), and at least 10 MB."
        )
        requests = (
            f"Cost Explorer: {answers:,} answers x one request each x {p.cost_explorer_request} USD ="
            f" {_usd(explorer)}. Assumed: every answer is one page, and it could be asked there at all."
        )
        return [queries, requests]


def s3_in_words(asked: Mapping[str, int], prices: Prices) -> str:
    """Say requests and bytes, and the charge with its formula."""
    lists, gets, received = asked["lists"], asked["gets"] + asked.get("heads", 0), asked["received"]
    charge = s3_charge(
        lists=lists,
        gets=gets,
        received=received,
        per_1000_lists=prices.s3_list_1000,
        per_1000_gets=prices.s3_get_1000,
        per_gb=prices.s3_transfer_gb,
    )
    return (
        f"{lists:,} LIST x {prices.s3_list_1000}/1000 + {gets:,} GET x {prices.s3_get_1000}/1000"
        f" + {received / 10**9:,.3f} GB x {prices.s3_transfer_gb} = {_usd(charge)}"
    )


def _usd(amount: Decimal) -> str:
    return f"{amount.quantize(_SIX, rounding=ROUND_HALF_EVEN):,f} USD"
