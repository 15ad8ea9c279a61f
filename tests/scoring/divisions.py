"""How often a report calls a domain divided although the groups do not differ.

Ten correlated domains of five items each; groups drawn from one and the same population.
"""

from functools import cache
from itertools import combinations

import numpy as np

from app.scoring.agreement import folded, van_der_eijk
from app.scoring.bands import CONVENTIONS, Division, divided
from app.scoring.between import tukey_kramer
from app.scoring.domains import DomainScale, person_scores
from app.scoring.gaps import score_gap
from app.scoring.scores import distribution_of, score_of

DOMAINS = 10
SCALE = DomainScale(5, (False,) * 5)
PEOPLE = 20_000
DESIGNS = (
    (10, 10),
    (10, 60),
    (10, 14, 20),
    (10,) * 5,
    (10,) * 8,
    (30,) * 8,
    (10, 10, 12, 15, 20, 30, 60, 120),
    (10,) * 12,
    (10, 10, 10, 12, 15, 15, 20, 25, 40, 60, 90, 150),
)


@cache
def populations():
    """Twenty populations: for each the scores of its people in every domain."""
    rng = np.random.default_rng(2028)
    return [_population(rng, general=rng.uniform(0.3, 1.2)) for _ in range(20)]


def _population(rng, *, general):
    outlook = general * rng.normal(size=PEOPLE)
    scores = np.empty((DOMAINS, PEOPLE))
    for domain in range(DOMAINS):
        view = rng.uniform(1.0, 3.0) + outlook + rng.uniform(0.4, 0.9) * rng.normal(size=PEOPLE)
        answers = np.clip(np.round(view + rng.normal(0, 0.8, (5, PEOPLE))), 0, 4)
        scores[domain] = person_scores(answers.astype(np.uint8), SCALE).scores
    return scores


def false_alarms(reports, sizes, seed=2028):
    """The share of reports that call a domain divided; and of those that would, unadjusted."""
    rng = np.random.default_rng([seed, *sizes])
    found = [_report(rng, sizes) for _ in range(reports)]
    flagged, naive = np.mean(found, axis=0)
    return float(flagged), float(naive)


def said(sizes):
    """The sizes of groups in words."""
    if len(set(sizes)) == 1:
        return f"{len(sizes)} of {sizes[0]}"
    return f"{len(sizes)}: " + ", ".join(map(str, sizes))


def _report(rng, sizes):
    scores = populations()[rng.integers(20)]
    people = scores[:, rng.integers(0, PEOPLE, sum(sizes))]
    ends = np.cumsum(sizes)[:-1]
    groups = [[score_of(part) for part in np.split(domain, ends)] for domain in people]
    domains = zip(people, groups, strict=True)
    flags = divided([_division(everybody, cells) for everybody, cells in domains])
    return any(flags), any(_looks_apart(cells) for cells in groups)


def _division(everybody, cells):
    agreement = van_der_eijk(folded(*distribution_of(everybody), SCALE.points))
    surest = tukey_kramer(cells).surest
    return Division(agreement, surest and surest.points, surest and surest.p)


def _looks_apart(cells):
    """Whether any two groups lie far apart by a test that knows of no other pair."""
    for one, other in combinations(cells, 2):
        gap = score_gap(one, other)
        apart = gap.interval.low > 0 or gap.interval.high < 0
        if apart and abs(gap.points) >= CONVENTIONS.divided_gap:
            return True
    return False
