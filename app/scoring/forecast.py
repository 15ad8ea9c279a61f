"""Which groups of a survey will probably be shown, before anybody has answered it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod, sqrt
from typing import Final

import numpy as np
from scipy import special

from app.scoring.allocation import largest_remainders
from app.scoring.bands import CONVENTIONS
from app.scoring.codes import Counts
from app.scoring.disclosure import Table, audit_counted, tables_of
from app.scoring.forms import FULL_GROUPS

Cut = str | tuple[str, str]

MOST_RUNS: Final = 400
FEWEST_RUNS: Final = 10
STEPS: Final = 200_000
"""Additions for one cell's search: a hundredth of a report's, and enough for 100 groups."""

_BUDGET = 2_000_000  # microseconds of audits for a response rate, by the estimate of `_cost`
_DEAREST = 300_000  # microseconds of one audit beyond which a table is left out
_FIXED = 500  # microseconds that the smallest audit takes
_SEARCH = 4  # how much dearer a cell is whose category other tables cut across
_ROUNDING = 1e-9
_WHOLE_RUNS = 10_000
_TWO_SIDED = 1.96  # standard errors to each side of a 95 % interval


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A survey before anybody has answered, as it was declared.

    Attributes:
        groups: Name of the table of groups.
        headcounts: People invited in each group, at least 0.
        shares: By attribute, the share of people with each of its values, summing to at most 1;
            the rest do not say.
        cuts: The declared tables in their order: the groups, attributes, or two crossed.
        smallest_group: Fewest people that anything published may speak about, at least 1.
        missing: Share of those who answer who have no value of a domain, in [0, 1].
        random_sample: The invited were drawn at random.
    """

    groups: str
    headcounts: Mapping[str, int]
    shares: Mapping[str, Mapping[str, float]]
    cuts: tuple[Cut, ...]
    smallest_group: int
    missing: float
    random_sample: bool = False

    @property
    def invited(self) -> int:
        """How many people are asked."""
        return sum(self.headcounts.values())

    def categories(self, name: str) -> tuple[str, ...]:
        """The categories of a one-way table."""
        return tuple(self.headcounts if name == self.groups else self.shares[name])


@dataclass(frozen=True)
class Chance:
    """How likely a category is to be shown: by itself, or only pooled with others; in [0, 1]."""

    alone: Fraction
    pooled: Fraction

    @property
    def percent(self) -> tuple[int, int, int]:
        """Alone, pooled and neither in whole percents, which sum to 100."""
        shares = (self.alone, self.pooled, 1 - self.alone - self.pooled)
        alone, pooled, neither = largest_remainders([100 * share for share in shares])
        return alone, pooled, neither


@dataclass(frozen=True)
class CutForecast:
    """The cells of one table.

    Attributes:
        name: The table's name.
        runs: How many rounds were simulated.
        undecided: Share of decisions that the search gave up on; such a cell is not shown.
        cells: Chances by category, in their declared order.
    """

    name: str
    runs: int
    undecided: float
    cells: Mapping[str, Chance]

    @property
    def margin(self) -> float:
        """Half-width of the widest 95 % interval that a chance of this table has."""
        return _TWO_SIDED * 0.5 / sqrt(self.runs)


@dataclass(frozen=True)
class Forecast:
    """What a domain of the survey will probably show at one response rate.

    Attributes:
        answers: How many people answer on average.
        shown: Chance that its score over everybody is shown.
        banded: Chance that as many answer as a band other than "unclear" needs.
        cuts: The tables, in their declared order.
        left_out: Names of the last tables, where all would take too long.
    """

    answers: float
    shown: float
    banded: float
    cuts: tuple[CutForecast, ...]
    left_out: tuple[str, ...]


def forecast(plan: Plan, response_rate: float) -> Forecast:
    """Simulate who answers, and let the publication rule decide each time.

    Everybody answers with the same chance and by themselves, and attributes are spread alike
    over groups. Everybody enters the audit first, so the whole is reckoned and not simulated.

    Args:
        plan: What was declared.
        response_rate: Chance that a person answers, in [0, 1].

    Returns:
        The chances, the same for the same arguments. A table never depends on those after it,
        so tables at the end may be left out and the first be simulated more often.

    Raises:
        ValueError: A share is outside [0, 1], or shares sum to more than 1.

    Source:
        Metropolis, N., & Ulam, S. (1949). The Monte Carlo method. JASA 44(247), 335-341; the
        rule is `app.scoring.disclosure.audit`.
    """
    if not 0 <= response_rate <= 1 or not 0 <= plan.missing <= 1:
        raise ValueError("shares are in [0, 1]")
    millionths = [round(share * 1e6) for share in (response_rate, plan.missing)]
    draw = np.random.default_rng([*plan.headcounts.values(), *millionths])
    cuts = _affordable(plan, response_rate)
    found = _simulated(plan, response_rate, cuts, draw)
    if len(cuts) > 1 and found[0].runs < MOST_RUNS:
        found = [*_simulated(plan, response_rate, cuts[:1], draw), *found[1:]]
    return Forecast(
        answers=plan.invited * response_rate,
        shown=_shown(plan, response_rate),
        banded=_banded(plan, response_rate, draw),
        cuts=tuple(found),
        left_out=tuple(" × ".join(_parts(cut)) for cut in plan.cuts[len(cuts) :]),
    )


def _affordable(plan: Plan, rate: float) -> tuple[Cut, ...]:
    """Keep as many tables, from the first, as can be simulated at all."""
    sizes = range(len(plan.cuts), 0, -1)
    kept = (size for size in sizes if _cost(plan, rate, plan.cuts[:size]) <= _DEAREST)
    return plan.cuts[: next(kept, 0)]


def _simulated(
    plan: Plan, rate: float, cuts: Sequence[Cut], draw: np.random.Generator
) -> list[CutForecast]:
    if not cuts:
        return []
    runs = int(min(MOST_RUNS, max(FEWEST_RUNS, _BUDGET / _cost(plan, rate, cuts))))
    shown: Counter[tuple[str, str, bool]] = Counter()
    undecided = 0
    tables: list[Table] = []
    for _ in range(runs):
        tables, people = _round(plan, rate, cuts, draw)
        decision = audit_counted(tables, people, smallest_group=plan.smallest_group, steps=STEPS)
        undecided += len(decision.undecided)
        for cell in decision.published:
            pooled = len(cell.categories) > 1
            shown.update((cell.table, category, pooled) for category in cell.categories)
    decided = runs * sum(len(table.categories) for table in tables)
    return [
        CutForecast(
            name=table.name,
            runs=runs,
            undecided=undecided / max(decided, 1),
            cells={
                category: Chance(
                    alone=Fraction(shown[table.name, category, False], runs),
                    pooled=Fraction(shown[table.name, category, True], runs),
                )
                for category in table.categories
            },
        )
        for table in tables
    ]


def _round(
    plan: Plan, rate: float, cuts: Sequence[Cut], draw: np.random.Generator
) -> tuple[list[Table], Counts]:
    """Draw who answers and has a value: tables over kinds of people, and how many of each kind."""
    people = draw.binomial(list(plan.headcounts.values()), rate * (1 - plan.missing))
    codes = {plan.groups: np.arange(len(people))}
    for attribute in [name for name in _names(cuts) if name != plan.groups]:
        shares = list(plan.shares[attribute].values())
        split = draw.multinomial(people, [*shares, _unsaid(plan, attribute)])
        kinds, values = np.nonzero(split)
        people = split[kinds, values]
        codes = {name: column[kinds] for name, column in codes.items()}
        codes[attribute] = np.where(values == len(shares), -1, values)
    one_way = {name: Table(name, plan.categories(name), column) for name, column in codes.items()}
    return tables_of(cuts, one_way), people


def _shown(plan: Plan, rate: float) -> float:
    """Reckon the chance that everybody together are enough."""
    least = plan.smallest_group
    if plan.invited < least:
        return 0.0
    return float(special.bdtrc(least - 1, plan.invited, rate * (1 - plan.missing)))


def _banded(plan: Plan, rate: float, draw: np.random.Generator) -> float:
    """Simulate whether enough people answer, and have a value, for a band."""
    answers = draw.binomial(plan.invited, rate, _WHOLE_RUNS)
    with_value = draw.binomial(answers, 1 - plan.missing)
    least = 0.0 if plan.random_sample else CONVENTIONS.least_response
    enough = answers >= least * plan.invited
    n = FULL_GROUPS * plan.smallest_group
    return float(np.mean(enough & (with_value >= n)))


def _cost(plan: Plan, rate: float, cuts: Sequence[Cut]) -> float:
    """Estimate the microseconds of one audit, from measurements; the same on every machine."""
    kinds = prod(
        len(plan.categories(name)) + (name != plan.groups and _unsaid(plan, name) > 0)
        for name in _names(cuts)
    )
    people = plan.invited * rate * (1 - plan.missing)
    cells = [prod(len(plan.categories(name)) for name in _parts(cut)) for cut in cuts]
    one_way = sum(size for size, cut in zip(cells, cuts, strict=True) if isinstance(cut, str))
    # One table is disjoint and needs no search; the cells of a cross are single kinds of people.
    weighed = sum(cells) + (0 if len(cuts) == 1 else _SEARCH * one_way)
    return _FIXED + min(kinds, people) * weighed


def _unsaid(plan: Plan, attribute: str) -> float:
    """Say which share of people do not say."""
    unsaid = 1 - sum(plan.shares[attribute].values())
    return unsaid if unsaid > _ROUNDING else 0.0


def _names(cuts: Sequence[Cut]) -> list[str]:
    """List the one-way tables that cuts are made of, each once."""
    return list(dict.fromkeys(name for cut in cuts for name in _parts(cut)))


def _parts(cut: Cut) -> tuple[str, ...]:
    return (cut,) if isinstance(cut, str) else cut
