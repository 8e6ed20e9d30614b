"""One offer file as it is kept: a compact file of rates, and what it says of itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from finops_mcp.cache.engine import EngineLimits, connect, is_corrupt, scan_text
from finops_mcp.errors import OfferFileUnreadable
from finops_mcp.exports.line_items import literal
from finops_mcp.exports.offers import Head

_LAYOUT = 1
"""The number of a kept file's form: raised whenever that changes."""
_LONGEST_LINE = 256 << 10
_EVERYWHERE = "every region"
_AGAIN = "`finops-duck prices --forget`, and give the files again"


@dataclass(frozen=True)
class Held:
    """What an offer file is of, how current it is, and how much it tells; times are UTC.

    `content` is the same for files that tell the same rates; `left_out` counts prices of no product.
    """

    offer_code: str
    region: str
    version: str
    published: datetime
    currency: str
    rates: int
    left_out: int
    content: str

    @property
    def name(self) -> str:
        """The name that its kept file has: open readers never see the file of a name change."""
        region = self.region.replace(" ", "-")
        return f"{self.offer_code}.{region}.{self.version}.{self.content}.duckdb"

    @property
    def rank(self) -> tuple[datetime, str, int, str]:
        """What is compared among files of one offer and region: the newest, then the fullest."""
        return (self.published, self.version, self.rates, self.content)

    def yields_to(self, other: "Held") -> bool:
        """Whether another file of the same offer, region and currency is in force instead."""
        mine = (self.offer_code, self.region, self.currency)
        return mine == (other.offer_code, other.region, other.currency) and self.rank < other.rank


def write_offer(file: Path, head: Head, products: Path, prices: Path, limits: EngineLimits) -> Held:
    """Write the rates of an unpacked offer file, and say what it is."""
    with connect(limits, file) as engine:
        _read(engine, head, products, prices)
        engine.execute(f"create table rates as select * from ({head.shape.sql}) order by all")
        ((rates, content, lost),) = engine.execute(
            "select count(*), printf('%016x', coalesce(bit_xor(hash(r)), 0)), (select count(*) from prices"
            " where sku not in (select sku from products)) from rates as r"
        ).fetchall()
        region = _region(engine) or head.region or _EVERYWHERE
        held = Held(
            head.offer_code, region, head.version, head.published, head.currency, rates, lost, content
        )
        engine.execute(
            f"create table offer as select {_LAYOUT} as layout, $offer_code as offer_code,"
            " $region as region, $version as version, cast($published as timestamp) as published,"
            " $currency as currency, $rates as rates, $left_out as left_out, $content as content",
            {**vars(held), "published": head.published.replace(tzinfo=None)},
        )
        engine.execute("checkpoint")
    return held


def _read(engine: duckdb.DuckDBPyConnection, head: Head, products: Path, prices: Path) -> None:
    """Make the unpacked files readable; a product that stands twice is one."""
    shape = head.shape
    once = ", ".join(f"max({name}) as {name}" for name in shape.products[1:])
    engine.execute(
        f"create temp view products as select sku, {once} from {_scan(products, shape.products)}"
        " where sku is not null group by sku"
    )
    engine.execute(f"create temp view prices as select * from {_scan(prices, shape.prices)}")


def _scan(path: Path, columns: Sequence[str]) -> str:
    return scan_text(path, columns, ("",), longest=_LONGEST_LINE)


def _region(engine: duckdb.DuckDBPyConnection) -> str | None:
    """Give the region that most rates are of: a file of one region may hold a few of its neighbours."""
    found = engine.execute(
        "select region_id, count(*), sum(count(*)) over () from rates where region_id is not null"
        " group by region_id order by 2 desc, 1 limit 1"
    ).fetchall()
    return str(found[0][0]) if found and 2 * found[0][1] > found[0][2] else None


def described(path: Path, limits: EngineLimits) -> Held:
    """Say what a kept file is. Raises OfferFileUnreadable."""
    with connect(limits) as engine, told_when_offer_damaged():
        engine.execute(f"attach {literal(str(path))} as held (read_only)")
        ((layout,),) = engine.execute("select layout from held.offer").fetchall()
        if layout != _LAYOUT:
            raise OfferFileUnreadable(path.name, "as it is kept", f"another version made it; {_AGAIN}")
        ((code, region, version, published, currency, rates, lost, content),) = engine.execute(
            "select offer_code, region, version, published, currency, rates, left_out, content"
            " from held.offer"
        ).fetchall()
    at = published.replace(tzinfo=UTC)
    return Held(code, region, version, at, currency, rates, lost, content)


def attach_offers(engine: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> None:
    """Make the rates of some kept files readable as the view `offers`, each with its file's own words."""
    told = (
        "o.currency, o.published, o.offer_code || ' of ' || o.region || ', version ' || o.version as source"
    )
    with told_when_offer_damaged():
        for number, path in enumerate(paths):
            engine.execute(f"attach {literal(str(path))} as offer_{number} (read_only)")
        rows = " union all ".join(
            f"select r.*, {told} from offer_{n}.rates as r cross join offer_{n}.offer as o"
            for n in range(len(paths))
        )
        engine.execute(f"create view offers as {rows}")


@contextmanager
def told_when_offer_damaged() -> Iterator[None]:
    """Say in our own words that a kept file is damaged, and what to do."""
    try:
        yield
    except duckdb.Error as error:
        if not is_corrupt(str(error)):
            raise
        why = f"it is damaged ({str(error).partition(chr(10))[0]}); {_AGAIN}"
        raise OfferFileUnreadable("A file of prices", "as it is kept", why) from error
