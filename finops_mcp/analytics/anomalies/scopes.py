"""Which scopes are looked at: the organisation, each account, service of it, and usage type of that."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from finops_mcp.analytics.daily import Bools, DailyCosts, Floats, Key

STREAM = ("sub_account_id", "service_name", "region_id", "sku_meter")
"""What tells the finest scopes apart; how a charge is priced does not, for it changes without any use."""
LEVELS = (0, 1, 2, 4)
"""Scopes by how many of those dimensions they share."""
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Scopes:
    """Daily cost of every scope: the streams first, then what sums them up; days not covered are absent.

    `members` has for each scope which streams are in it, `depths` how many dimensions these share.
    """

    streams: int
    keys: tuple[Key, ...]
    amounts: Floats
    held: Bools
    depths: Indices
    members: tuple[Indices, ...]

    def named(self, at: int) -> Mapping[str, str | None]:
        """Give the dimensions that the streams of a scope share."""
        return dict(zip(STREAM, self.keys[at], strict=False))


def scopes_of(costs: DailyCosts) -> Scopes:
    """Sum streams up to scopes; one that has a single finer scope in it is left to that."""
    finest = costs.by(STREAM)
    finest = finest.of(sorted(range(len(finest.keys)), key=lambda at: _by_name(finest.keys[at])))
    count = len(finest.keys)
    keys: list[Key] = list(finest.keys)
    members = [np.array([at], dtype=np.intp) for at in range(count)]
    depths = [len(STREAM)] * count
    amounts, held = [finest.amounts], [finest.held]
    below: dict[Key, int] = {}
    for depth in reversed(LEVELS[:-1]):
        groups: dict[Key, list[int]] = {}
        for at, key in enumerate(finest.keys):
            groups.setdefault(key[:depth], []).append(at)
        for key, group in groups.items():
            if len(group) == 1 or below.get(tuple(finest.keys[group[0]][: depth + 1])) == len(group):
                continue
            inside = np.array(group, dtype=np.intp)
            keys.append(key)
            members.append(inside)
            depths.append(depth)
            amounts.append(finest.amounts[inside].sum(axis=0, keepdims=True))
            held.append(np.asarray(finest.held[inside].all(axis=0, keepdims=True)))
        below = {key: len(group) for key, group in groups.items()}
    return Scopes(
        count,
        tuple(keys),
        np.vstack(amounts),
        np.vstack(held),
        np.array(depths, dtype=np.intp),
        tuple(members),
    )


def _by_name(key: Key) -> tuple[tuple[bool, str], ...]:
    """Order streams by name, so that an answer does not depend on the order they come in."""
    return tuple((value is None, value or "") for value in key)
