"""An offer file as CSV: five lines about the file, a line of column names, a line for each price."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO

from finops_mcp.exports.offers.shapes import (
    SAVINGS_PLANS,
    SERVICE,
    TERMS,
    Head,
    OneCurrency,
    Refused,
    Shape,
    Write,
    check_plan_type,
    checked_price,
    head_of,
    squeezed,
)

_ABOUT = 5
_NO_OFFER = "it is no offer file: one begins with FormatVersion, Disclaimer, Publication Date, Version, OfferCode"


def read_csv(file: BinaryIO, product: Write, price: Write) -> Head:
    """Read a file to its end. Raises Refused, and what a broken archive or text raises."""
    text = _Text(file)
    lines = csv.reader(text, strict=True)
    about = [line for _ in range(_ABOUT) if (line := next(lines, []))]
    said = {squeezed(line[0]): line[1] for line in about if len(line) > 1}
    if "formatversion" not in said or "offercode" not in said:
        raise Refused("line 1", _NO_OFFER)
    header = [squeezed(name) for name in next(lines, [])]
    shape = _shape(header)
    currency = OneCurrency()
    row: Sequence[str] = []
    before = ""
    codes = set()
    products, prices = (_picked(header, columns) for columns in (shape.products, shape.prices))
    at = {name: place for place, name in enumerate(shape.prices)}
    for row in lines:
        place = f"line {lines.line_num}"
        if len(row) != len(header):
            raise Refused(place, f"it has {len(row)} values for {len(header)} columns; it may be cut short")
        padded = [*row, ""]
        of_price = list(prices(padded))
        if shape is SERVICE and of_price[at["termtype"]] not in TERMS:
            continue
        of_price[at[shape.price]] = checked_price(of_price[at[shape.price]], place)
        currency.check(of_price[at["currency"]], place)
        if of_price[0] != before:
            of_product = dict(zip(shape.products, products(padded), strict=True))
            if shape is SAVINGS_PLANS:
                check_plan_type(of_product["productfamily"], place)
            codes.add(of_product["servicecode"])
            product(list(of_product.values()))
            before = of_price[0]
        price(of_price)
    if not text.ended and not _is_whole(text.last.rstrip(), row):
        raise Refused(f"line {lines.line_num}", "it does not end with a whole line; it may be cut short")
    code = said["offercode"] if shape is SERVICE else min(codes, default="")
    return head_of(shape, said, currency, f"line {_ABOUT}", code)


class _Text:
    """The lines of a file, and how the last of them ended."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = io.TextIOWrapper(file, "utf-8-sig", newline="")
        self.last = ""

    @property
    def ended(self) -> bool:
        """Whether the last line that was read has an end."""
        return self.last.endswith(("\n", "\r"))

    def __iter__(self) -> Iterator[str]:
        try:
            for self.last in self._lines:
                yield self.last
        finally:
            self._lines.detach()


def _is_whole(text: str, row: Sequence[str]) -> bool:
    """Tell whether a last line without an end has all of its last value: quoted, or known from another."""
    return text.endswith('"') or any(row[-1] and v.endswith(f":{row[-1]}") for v in row[:-1])


def _shape(header: Sequence[str]) -> Shape:
    for shape in (SERVICE, SAVINGS_PLANS):
        if shape.price in header:
            missing = [name for name in shape.needed if name not in header]
            if missing:
                raise Refused(f"line {_ABOUT + 1}", f"it has no column {', '.join(missing)}")
            return shape
    raise Refused(
        f"line {_ABOUT + 1}", "it has the columns neither of a service's prices nor of Savings Plans"
    )


def _picked(header: Sequence[str], columns: Sequence[str]) -> Callable[[Sequence[str]], Iterable[str]]:
    """Pick columns from a row that ends with one empty value more, for those that the file lacks."""
    return itemgetter(*(header.index(c) if c in header else len(header) for c in columns))
