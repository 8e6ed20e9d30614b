"""How risky is a finding, and how sure? Section D.0: the riskiest of what applies, more in production."""

import re
from collections.abc import Mapping

from finops_mcp.analytics.savings.finding import RISKS, Risk

ENVIRONMENT_KEYS = ("env", "environment", "stage", "tier", "user_env", "user_environment", "user_stage")
_PRODUCTION = re.compile(r"(^|[^a-z])(prod|production|prd|live)([^a-z]|$)")
_BEFORE = re.compile(r"(^|[^a-z])(non|pre|not)[^a-z]*(prod|production|prd|live)")
DEVELOPMENT = r"(dev|test|tst|qa|uat|stag|stg|sandbox|sbx|demo|lab|non.?prod|pre.?prod)"
"""What an environment's name says where people work on what is not for customers yet."""
MISSING_COSTS = 0.1


def environment_of(tags: Mapping[str, str]) -> str | None:
    """Give the value of the tag that names an environment; nothing where there is none."""
    return next((tags[key] for key in ENVIRONMENT_KEYS if tags.get(key)), None)


def is_production(environment: str) -> bool:
    """Say whether an environment's name says production; non-prod and pre-prod do not."""
    word = environment.lower()
    return bool(_PRODUCTION.search(word)) and not _BEFORE.search(word)


def is_development(environment: str | None, named: str = DEVELOPMENT) -> bool:
    """Say whether an environment's name says that it is not production; there are names that say neither."""
    if not environment or is_production(environment):
        return False
    return bool(re.search(named, environment.lower()))


def risk_of(
    base: Risk,
    tags: Mapping[str, str],
    *,
    restarts: bool = False,
    deletes: bool = False,
    snapshot_first: bool = False,
    idle_by_bill_alone: bool = False,
) -> tuple[Risk, str]:
    """Rate a change, and say why: `base` of the check, or what applies where that is more.

    A restart is med, deletion for good high (med after a snapshot), and idleness that the bill alone tells
    never below med; an environment that is production, or not told, is one step more.
    """
    applying: list[tuple[Risk, str]] = []
    if restarts:
        applying.append(("med", "a restart or failover is needed"))
    if deletes and snapshot_first:
        applying.append(("med", "deletion, after a snapshot"))
    elif deletes:
        applying.append(("high", "deletion cannot be undone"))
    if idle_by_bill_alone:
        applying.append(("med", "the bill alone says that it is idle"))
    applying.append((base, "as this kind of change is"))
    risk, why = max(applying, key=lambda one: RISKS.index(one[0]))
    environment = environment_of(tags)
    if environment is not None and not is_production(environment):
        return risk, f"{why}; environment {environment}"
    step = RISKS[min(RISKS.index(risk) + 1, len(RISKS) - 1)]
    said = "no tag names its environment" if environment is None else f"environment {environment}"
    return (
        step,
        f"{why}; one step more, since {said}" if environment is None else f"{why}; {said}, a step more",
    )


def confidence_of(base: float, missing: int) -> float:
    """Take a tenth off for each precondition that the data do not show."""
    return round(max(base - MISSING_COSTS * missing, 0.0), 2)
