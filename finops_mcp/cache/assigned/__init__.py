"""Whose is each charge? What the rules in force make of a selection, every amount with the rule it is by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from finops_mcp.allocation import Version

__all__ = ["Assigned", "Assignment"]


@dataclass(frozen=True)
class Assigned:
    """What one rule put on one value in a month, of one currency and kind of charge."""

    month: str
    value: str
    rule: str
    """The id of the rule; `default` where none fits."""
    pool: str | None
    """The id of the shared cost that the charges are in, whoever's they are by the rules."""
    currency: str
    charge_group: str
    by: tuple[str | None, ...]
    """Its values of the dimensions of the selection, in their order."""
    amounts: Mapping[str, Decimal | None]
    """By measure; nothing where the export does not tell it."""
    unit: str | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Assignment:
    """The charges of a selection by whose they are, and by which versions of the rules; in no order."""

    dimension: str
    rows: Sequence[Assigned]
    versions: Mapping[str, Version]
    """The version in force, by month (2026-10)."""
