"""The prices that the user gave: AWS's offer files, each kept as one compact file of rates.

A file is named for its offer, region, version and content, so that an open reader never sees it change.
Of one offer and region the newest stays (of one version the fullest), in whatever order they are given.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from finops_mcp.cache.damage import told_when_damaged
from finops_mcp.cache.engine import EngineLimits, connect, scan_text
from finops_mcp.cache.home import Home
from finops_mcp.errors import OfferFileUnreadable
from finops_mcp.exports.line_items import literal
from finops_mcp.exports.offers import Head, unpack_offer

EVERYWHERE = "every region"
_RATES = "rates"


@dataclass(frozen=True)
class Held:
    """One offer file that is held: what it is of, how current it is, and how much it tells.

    `left_out` counts its prices that name no product of the file, or a product without a meter.
    """

    path: Path
    offer_code: str
    region: str
    version: str
    published: datetime
    currency: str
    rates: int
    left_out: int

    @property
    def _rank(self) -> tuple[datetime, str, int, str]:
        return (self.published, self.version, self.rates, self.path.name)

    def yields_to(self, other: "Held") -> bool:
        """Whether another file of the same offer and region is in force instead."""
        same = (self.offer_code, self.region, self.currency) == (
            other.offer_code,
            other.region,
            other.currency,
        )
        return same and self._rank < other._rank


def held_files(home: Home) -> tuple[str, ...]:
    """Name the files that are held; the names change whenever what they tell does."""
    return tuple(sorted(path.name for path in home.prices.glob("*.duckdb")))


def held(home: Home, limits: EngineLimits) -> list[Held]:
    """List the offer files that are held, by offer and region."""
    paths = [home.prices / name for name in held_files(home)]
    found = [_described(home, path, limits) for path in paths]
    return sorted(found, key=lambda h: (h.offer_code, h.region, h.currency))


def keep_offer(home: Home, path: Path, limits: EngineLimits) -> tuple[Held, Held | None]:
    """Take an offer file into the home; say what it is, and which newer one stays in force if one does.

    Raises OfferFileUnreadable; nothing is changed then.
    """
    home.made().prices.mkdir(mode=0o700, exist_ok=True)
    with _alone(home) as folder:
        head, products, prices = unpack_offer(path, folder)
        file = folder / "rates.duckdb"
        given = _written(home, path, file, head, (products, prices), limits)
        others = [h for h in held(home, limits) if h.path != given.path]
        newer = [h for h in others if given.yields_to(h)]
        if newer:
            return given, newer[0]
        file.replace(given.path)
        for old in others:
            if old.yields_to(given):
                old.path.unlink()
    return given, None


def forget_offers(home: Home) -> int:
    """Remove every offer file that is held; say how many there were."""
    names = held_files(home)
    for name in names:
        (home.prices / name).unlink()
    return len(names)


@contextmanager
def _alone(home: Home) -> Iterator[Path]:
    """Give a folder to work in, in the home and its owner's alone; what the engine writes there is too."""
    folder = Path(mkdtemp(prefix=".part-", dir=home.prices))
    before = os.umask(0o077)
    try:
        yield folder
    finally:
        os.umask(before)
        shutil.rmtree(folder, ignore_errors=True)


def _written(
    home: Home, source: Path, file: Path, head: Head, unpacked: Sequence[Path], limits: EngineLimits
) -> Held:
    """Write the rates of an offer file, and say which name it has to have."""
    with connect(limits, file) as engine:
        shape = head.shape
        of_product = ", ".join(f"max({name}) as {name}" for name in shape.products[1:])
        products, prices = (
            scan_text(path, columns, ("",))
            for path, columns in zip(unpacked, (shape.products, shape.prices), strict=True)
        )
        engine.execute(
            f"create temp view products as select sku, {of_product} from {products} group by sku;"
            f" create temp view prices as select * from {prices}"
        )
        engine.execute(f"create table {_RATES} as select * from ({shape.sql}) order by all")
        ((rates, lost),) = engine.execute(
            f"select (select count(*) from {_RATES}), (select count(*) from prices as p"
            " where not exists (select 1 from products as q where q.sku = p.sku))"
        ).fetchall()
        if not rates:
            raise OfferFileUnreadable(str(source), "as a whole", "none of its prices is of a use")
        region = _region(engine) or head.region or EVERYWHERE
        name = ".".join((head.offer_code, region.replace(" ", "-"), head.version, _content(engine), "duckdb"))
        given = Held(
            home.prices / name, head.offer_code, region, head.version, head.published, head.currency, rates, lost
        )  # fmt: skip
        engine.execute(
            "create table offer as select $code as offer_code, $region as region, $version as version,"
            " cast($published as timestamp) as published, $currency as currency, $rates as rates,"
            " $lost as left_out",
            {
                "code": given.offer_code,
                "region": given.region,
                "version": given.version,
                "published": head.published.replace(tzinfo=None),
                "currency": given.currency,
                "rates": rates,
                "lost": lost,
            },
        )
        engine.execute("checkpoint")
    return given


def _region(engine: duckdb.DuckDBPyConnection) -> str | None:
    """Give the region that more than half of the rates with a region are of: a file of one region may
    hold a few prices of its neighbours."""
    found = engine.execute(
        f"select region_id, count(*), sum(count(*)) over () from {_RATES} where region_id is not null"
        " group by region_id order by 2 desc, 1 limit 1"
    ).fetchall()
    return str(found[0][0]) if found and 2 * found[0][1] > found[0][2] else None


def _content(engine: duckdb.DuckDBPyConnection) -> str:
    """Sum up the rates, in whatever order they were read."""
    ((mixed,),) = engine.execute(f"select bit_xor(hash(r)) from {_RATES} as r").fetchall()
    return f"{mixed:016x}"


def _described(home: Home, path: Path, limits: EngineLimits) -> Held:
    with connect(limits) as engine, told_when_damaged(home):
        engine.execute(f"attach {literal(str(path))} as held (read_only)")
        ((code, region, version, published, currency, rates, lost),) = engine.execute(
            "select offer_code, region, version, published, currency, rates, left_out from held.offer"
        ).fetchall()
    at = published.replace(tzinfo=UTC)
    return Held(path, code, region, version, at, currency, rates, lost)
