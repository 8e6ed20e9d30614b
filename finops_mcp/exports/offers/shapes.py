"""The two kinds of offer file: which columns of each are read, and what a head must say."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

PLAN_TYPES = (
    "ComputeSavingsPlans",
    "EC2InstanceSavingsPlans",
    "SageMakerSavingsPlans",
    "DatabaseSavingsPlans",
)
TERMS = ("OnDemand", "Reserved")
_PLACES, _MOST = 18, 10**12
"""Decimal places that prices are kept with, of which AWS publishes up to ten; and what no price comes to."""
_HERE = Path(__file__).parent
_CURRENCY, _CODE = re.compile(r"[A-Z]{3}"), re.compile(r"[\w.-]{1,80}")

Write = Callable[[Sequence[str]], object]


class Refused(Exception):
    """What is wrong with a file, and where in it."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(why)
        self.place = place
        self.why = why


@dataclass(frozen=True)
class Shape:
    """One kind of offer file: the columns of its products and prices, and the SELECT that joins them."""

    name: str
    products: Sequence[str]
    prices: Sequence[str]
    price: str
    needed: Sequence[str]

    @property
    def sql(self) -> str:
        """The SELECT over `products` and `prices` that gives rates."""
        return (_HERE / f"{self.name}.sql").read_text()


SERVICE = Shape(
    "service",
    products=[
        "sku",
        "servicecode",
        "regioncode",
        "instancetype",
        "tenancy",
        "operatingsystem",
        "databaseengine",
        "usagetype",
        "operation",
    ],
    prices=[
        "sku",
        "offertermcode",
        "ratecode",
        "termtype",
        "pricedescription",
        "startingrange",
        "endingrange",
        "unit",
        "priceperunit",
        "currency",
        "leasecontractlength",
        "purchaseoption",
        "offeringclass",
    ],
    price="priceperunit",
    needed=["sku", "offertermcode", "ratecode", "termtype", "unit", "currency", "usagetype"],
)
SAVINGS_PLANS = Shape(
    "savings_plans",
    products=["sku", "servicecode", "productfamily", "instancefamily", "purchaseoption"],
    prices=[
        "sku",
        "ratecode",
        "unit",
        "discountedrate",
        "currency",
        "discountedservicecode",
        "discountedusagetype",
        "discountedoperation",
        "leasecontractlength",
        "leasecontractlengthunit",
        "discountedregioncode",
        "discountedinstancetype",
    ],
    price="discountedrate",
    needed=[
        "sku",
        "currency",
        "discountedservicecode",
        "discountedusagetype",
        "purchaseoption",
        "leasecontractlength",
        "productfamily",
        "servicecode",
    ],
)


@dataclass(frozen=True)
class Head:
    """What an offer file says of itself; times are UTC. `region` is what a Savings Plans' JSON names."""

    shape: Shape
    offer_code: str
    version: str
    published: datetime
    currency: str
    region: str = ""


def squeezed(name: str) -> str:
    """Spell a column or attribute as both formats do: Pre Installed S/W and preInstalledSw are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def head_of(
    shape: Shape, said: Mapping[str, str], currency: "OneCurrency", place: str, offer_code: str
) -> Head:
    """Make the head of a file. Raises Refused where it lacks what every answer has to tell."""
    version, published = said.get("version", ""), said.get("publicationdate", "")
    if not _CODE.fullmatch(version):
        raise Refused(place, "it has no version of the form that AWS writes")
    if not _CODE.fullmatch(offer_code):
        raise Refused(place, f"its offer code {offer_code!r} is none that AWS publishes")
    try:
        at = datetime.fromisoformat(published)
    except ValueError:
        raise Refused(place, f"its publication date {published!r} is none") from None
    if not currency.code:
        raise Refused(place, "it holds no price of a use on demand, reserved or under a Savings Plan")
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return Head(shape, offer_code, version, at, currency.code, said.get("regioncode", ""))


class OneCurrency:
    """The one currency of a file: a second one is refused, since prices are never converted."""

    def __init__(self) -> None:
        self.code = ""

    def check(self, given: str, place: str) -> None:
        """Take note of a price's currency. Raises Refused."""
        if given == self.code:
            return
        if not _CURRENCY.fullmatch(given):
            raise Refused(place, f"{given!r} is not a currency")
        if self.code:
            raise Refused(place, f"it is priced in {given}, what stands before it in {self.code}")
        self.code = given


def checked_price(text: str, place: str) -> str:
    """Give a price as plain digits. Raises Refused where it is none."""
    try:
        price = Decimal(text)
    except InvalidOperation:
        price = Decimal("NaN")
    exponent = price.as_tuple().exponent
    if not isinstance(exponent, int) or not 0 <= price < _MOST or exponent < -_PLACES:
        raise Refused(place, f"{text!r} is not a price")
    return f"{price:f}"


def check_plan_type(given: str, place: str) -> None:
    """Refuse a kind of Savings Plan that nobody here knows."""
    if given not in PLAN_TYPES:
        raise Refused(place, f"{given!r} is no Savings Plan known here, which are {', '.join(PLAN_TYPES)}")
