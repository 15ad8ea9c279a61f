"""The attacker's own copy of the service: it says what any imagined answers would publish.

The programme is public, so the attacker has it too. A world of answers is consistent with what
was read exactly when the copy, given that world, publishes the same report to the last member.
"""

import pickle
from collections import Counter
from functools import cached_property
from types import SimpleNamespace
from unittest.mock import patch

from app import instruments
from app.instruments.answers import Survey
from app.scoring import between, cells, reliability
from app.scoring.omega import mcdonald_omega
from app.use_cases import waves
from app.use_cases.evaluations import DESIGN, groups
from app.use_cases.reports import health
from tests.attacks.populations import INSTRUMENT

_OF_THE_CALL = ("evaluation", "digest", "headline")  # ids, and sentences that repeat figures


def comparable(report):
    """A report without what does not depend on anybody's answers."""
    return {name: part for name, part in report.items() if name not in _OF_THE_CALL}


class Copy:
    """The service for one partnership, without sockets and without a database.

    `changes` are patches that make it another service, for the controls.
    """

    def __init__(self, population, changes=()):
        self.population = population
        self._changes = changes
        self._known = {}

    @cached_property
    def _evaluation(self):
        return SimpleNamespace(
            id="",
            instrument="differencing@1",
            smallest_group=self.population.smallest_group,
            design=self.population.design,
            organisations=list(self.population.organisations),
        )

    @cached_property
    def groups(self):
        """The groups that people are counted under, with their headcounts."""
        return {group.code: group.headcount for group in groups(self._evaluation)}

    @cached_property
    def _survey(self):
        design = DESIGN.validate_python(self._evaluation.design)
        return Survey(instruments.parse(INSTRUMENT), design, list(self.groups))

    def publishes(self, population=None):
        """The health report on the answers of a population of the same people."""
        with _all_of(self._changes), _remembered(self._known):
            return self._report(self._wave(population or self.population))

    @cached_property
    def voices(self):
        """For each variable the groups, alone or pooled, behind its totals."""
        with _all_of(self._changes):
            published = self._wave(self.population).cells
        return {
            variable: [list(cell.groups) for cell in kept.tables["organisation"].published]
            for variable, kept in published.items()
        }

    def _wave(self, population):
        answers = [(person.group, person.content) for person in population.people]
        least = self.population.smallest_group
        return waves.fold_staff(self._survey, self.groups, answers, smallest_group=least)

    def _report(self, wave):
        with (
            patch.object(health.waves, "load", lambda *_: wave),
            patch.object(health, "survey_of", lambda *_: self._survey),
            patch.object(health.statements, "of_evaluation", lambda *_: Counter()),
            patch.object(health.change, "changes", lambda *_: []),
        ):
            return comparable(health.report(None, self._evaluation))


def _remembered(known):
    """The slow pure functions of the service, each computed once for the same arguments."""
    return _all_of(
        [
            lambda: patch.object(cells, "audit", _once(cells.audit, known)),
            lambda: patch.object(cells, "with_room", _once(cells.with_room, known)),
            lambda: patch.object(between, "_gap", _once(between._gap, known)),
            lambda: patch.object(reliability, "mcdonald_omega", _once(mcdonald_omega, known)),
        ]
    )


def _once(function, known):
    def remembered(*given, **options):
        key = pickle.dumps((function.__name__, given, options))
        if key not in known:
            known[key] = function(*given, **options)
        return known[key]

    return remembered


class _all_of:  # noqa: N801 - reads as the statement that it is
    """Several patches at once, entered anew each time."""

    def __init__(self, changes):
        self._changes = [change() for change in changes]

    def __enter__(self):
        for change in self._changes:
            change.__enter__()

    def __exit__(self, *raised):
        for change in reversed(self._changes):
            change.__exit__(*raised)
