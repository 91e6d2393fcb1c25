"""The terms that the law sets for contracts, from `resources/contracts/terms.json`."""

from dataclasses import fields
from functools import cache

from fuyuan_desk.contracts.facts import Terms
from fuyuan_desk.core.paths import read_json


@cache
def terms() -> Terms:
    """Return the terms."""
    data = read_json("contracts", "terms.json")
    return Terms(**{field.name: data[field.name] for field in fields(Terms)})
