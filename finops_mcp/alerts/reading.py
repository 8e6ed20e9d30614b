"""Does a file hold rules for alerts? Those that are kept in a home, or the defaults."""

import json
from pathlib import Path

from finops_mcp.alerts.rules import Rules, RulesFile
from finops_mcp.cache.home import Home
from finops_mcp.checked_yaml import read_checked
from finops_mcp.errors import AlertRulesUnreadable


def read_rules(path: Path) -> Rules:
    """Read the rules of a file. Raises AlertRulesUnreadable, which names each line and key."""
    return read_checked(path, RulesFile, AlertRulesUnreadable).alerts


def kept_rules(home: Home) -> Rules:
    """Read the rules that are kept in a home; the defaults where none are. Raises AlertRulesUnreadable."""
    return read_rules(home.alert_rules) if home.alert_rules.exists() else Rules()


def schema_text() -> str:
    """Write the JSON schema as it is published in examples/alerts.schema.json."""
    return json.dumps(RulesFile.model_json_schema(), indent=2) + "\n"
