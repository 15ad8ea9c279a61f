"""What the audit costs, in seconds: `python -m tests.scoring.disclosure_cost`."""

from time import perf_counter

import numpy as np

from app.scoring.cells import published_cells, scored_cells
from app.scoring.disclosure import Table, audit_each, crossed

SIZES = [
    ("300 people, 12 organisations × 4 roles and their cross", 300, (12, 4), True),
    ("300 people, a third table of 5 categories", 300, (12, 4, 5), True),
    ("5,000 people, 40 organisations and 5 roles, one way", 5_000, (40, 5), False),
    ("5,000 people, a third table of 6 categories, one way", 5_000, (40, 5, 6), False),
]
VARIABLES = 60
MISSING = 0.2


def measure(people, sizes, *, cross, seed=0):
    """Audit a report whose variables are all missing for different people: no two share work."""
    rng = np.random.default_rng(seed)
    tables = [
        Table(
            f"table {at}",
            tuple(f"{code:02}" for code in range(size)),
            rng.choice(size, people, p=rng.dirichlet(np.full(size, 3.0))),
        )
        for at, size in enumerate(sizes)
    ]
    tables += [crossed(tables[0], tables[1])] if cross else []
    has_value = rng.random((people, VARIABLES)) >= MISSING

    started = perf_counter()
    decisions = audit_each(tables, has_value, smallest_group=10)
    seconds = perf_counter() - started

    return seconds, decisions, _room_of_one(rng, tables, people)


def _room_of_one(rng, tables, people):
    """Seconds of giving the scores of one variable room."""
    values = np.where(
        rng.random(people) < MISSING, np.nan, np.clip(rng.normal(62, 22, people), 0, 100)
    )
    started = perf_counter()
    published_cells(values, tables, smallest_group=10)
    audited = perf_counter()
    scored_cells(values, tables, smallest_group=10)
    return perf_counter() - audited - (audited - started)


def report(title, seconds, decisions, room):
    """One line: what was published, and what it cost."""
    published = sum(len(decision.published) for decision in decisions)
    undecided = sum(len(decision.undecided) for decision in decisions)
    return (
        f"{title}: {seconds:.2f} s for {VARIABLES} variables, {room:.2f} s for the room of one; "
        f"{published} cells published, {undecided} beyond the budget"
    )


if __name__ == "__main__":
    for title, people, sizes, cross in SIZES:
        print(report(title, *measure(people, sizes, cross=cross)))  # noqa: T201
