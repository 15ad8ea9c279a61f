"""Which cells of a report may be published without speaking about fewer than k people.

The rule is exact: no rational combination of the published cells may have non-zero coefficients
on fewer than `smallest_group` people. It looks at who has a value, never at the value.

    exact.py      rows of integers, so that no rounding can turn somebody into nobody
    search.py     is there a combination, using the new cell, that few people can tell apart?
    published.py  the cells admitted so far, as far as the next search needs them
    tables.py     tables of categories, their crosses, weighted totals, people as profiles
    audit.py      cells in a fixed order, one decision for each
"""

from app.scoring.disclosure.audit import Cell, Decision, audit, audit_counted, audit_each
from app.scoring.disclosure.published import STEPS, Safety, safety
from app.scoring.disclosure.tables import Table, WeightedTotal, crossed, tables_of

__all__ = [
    "STEPS",
    "Cell",
    "Decision",
    "Safety",
    "Table",
    "WeightedTotal",
    "audit",
    "audit_counted",
    "audit_each",
    "crossed",
    "safety",
    "tables_of",
]
