"""What each person thinks of a domain: the mean of their answers, 100 the good end."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from app.scoring.codes import NOT_APPLICABLE, Answers, Counts, Groups, Reals

_BLOCK = 65_536  # people at a time, so that what is worked on stays near the processor
_ROUNDING = 1e-9  # 0.6 × 5 must ask for three items, whatever binary fractions make of it


@dataclass(frozen=True)
class DomainScale:
    """How the items of a domain are answered and turned into points.

    Items of several domains may be scored together (a level) if all have the same points.

    Attributes:
        points: How many answers the scale offers, at least 2, "don't know" apart.
        reversed_items: For each item, whether agreeing is bad within its domain.
        worse_is_higher: The domain as a whole measures something bad.
        min_answered: Share of the items that apply to a person which they must have answered
            to have a score, in (0, 1]. Items that are "not applicable" do not apply: a person
            who was asked three of five items is judged on three. "Don't know" is no answer to
            an item that does apply.

    Raises:
        ValueError: Fewer than 2 points, or a share outside (0, 1].
    """

    points: int
    reversed_items: tuple[bool, ...]
    worse_is_higher: bool = False
    min_answered: float = 0.5

    def __post_init__(self) -> None:
        if self.points < 2 or not 0 < self.min_answered <= 1:
            raise ValueError("a scale has 2 points or more, and a score needs a share in (0, 1]")

    @property
    def turned(self) -> tuple[bool, ...]:
        """For each item, whether a low answer is the good one."""
        return tuple(item != self.worse_is_higher for item in self.reversed_items)


@dataclass(frozen=True, eq=False)
class PersonScores:
    """The score of each person in a domain, as a position in the list of possible scores.

    Attributes:
        values: Possible scores, shape (levels,), ascending, 0-100.
        level: Position of each person's score in `values`, shape (people,); the number of
            levels for a person without a score.
    """

    values: Reals
    level: NDArray[np.uint32]

    @property
    def scores(self) -> Reals:
        """One score for each person, shape (people,), 0-100, NaN for who has none."""
        return np.append(self.values, np.nan)[self.level]

    @cached_property
    def counts(self) -> Counts:
        """How many people have each of `values`, shape (levels,)."""
        return np.bincount(self.level, minlength=self.values.size + 1)[: self.values.size]

    def counts_by_group(self, groups: Groups, group_count: int) -> Counts:
        """How many people of each group have each of `values`.

        Args:
            groups: The group of each person, shape (people,), in [0, `group_count`).
            group_count: How many groups there are.

        Returns:
            Counts, shape (groups, levels).
        """
        columns = self.values.size + 1
        cell = groups.astype(np.intp) * columns + self.level
        counts = np.bincount(cell, minlength=group_count * columns)
        return counts.reshape(group_count, columns)[:, :-1]


def person_scores(answers: Answers, scale: DomainScale) -> PersonScores:
    """Score each person: the mean of the items they answered, as a percentage of the scale.

    Args:
        answers: Codes as in `app.scoring.codes`, shape (items, people).
        scale: How the items are answered and turned.

    Returns:
        The score of each person, 100 the good end; none for who answered too few items.

    Raises:
        ValueError: `answers` and `scale` do not have the same number of items.

    Source:
        Person-mean scoring as examined by Mazza, G. L., Enders, C. K., & Ruehlman, L. S.
        (2015). Addressing item-level missing data. Multivariate Behavioral Research 50(5),
        504-519; mapped to 0-100.
    """
    items, people = answers.shape
    if len(scale.turned) != items:
        raise ValueError(f"a scale of {len(scale.turned)} items cannot score {items}")
    level = np.empty(people, np.uint32)
    for start in range(0, people, _BLOCK):
        level[start : start + _BLOCK] = _levels(answers[:, start : start + _BLOCK], scale)
    return PersonScores(_possible_scores(items, scale.points)[0], level)


def overall_scores(domains: Sequence[PersonScores]) -> Reals:
    """Score each person over the domains: the mean of their domain scores.

    Args:
        domains: Person scores in the domains of the index, all over the same people.

    Returns:
        One score for each person with a score in at least half of the domains, shape
        (people,), 0-100; NaN for the others. Empty when there is no domain.
    """
    if not domains:
        return np.empty(0)
    total = np.zeros(domains[0].level.size)
    scored = np.zeros(domains[0].level.size, np.uint16)
    for domain in domains:
        total += np.append(domain.values, 0.0)[domain.level]
        scored += domain.level < domain.values.size
    enough = (scored > 0) & (2 * scored >= len(domains))
    return np.divide(total, scored, out=np.full_like(total, np.nan), where=enough)


def nobody_missing(people: int) -> Reals:
    """Give everybody the same value, shape (people,): a variable that says only who answered."""
    return np.zeros(people)


def _levels(answers: Answers, scale: DomainScale) -> NDArray[np.uint32]:
    """Place each person's score in the list of possible scores."""
    items, people = answers.shape
    top = items * (scale.points - 1)
    total = np.zeros(people, np.min_scalar_type(top))
    answered = np.zeros(people, np.min_scalar_type(items))
    applicable = np.zeros(people, answered.dtype)
    for row, turned in zip(answers, scale.turned, strict=True):
        is_answer = row < scale.points
        points = scale.points - 1 - row if turned else row
        total += points * is_answer
        answered += is_answer
        applicable += row != NOT_APPLICABLE
    values, level_of = _possible_scores(items, scale.points)
    level: NDArray[np.uint32] = level_of[answered.astype(np.intp) * (top + 1) + total]
    level[answered < _needed(items, scale.min_answered)[applicable]] = values.size
    return level


@lru_cache(maxsize=64)
def _possible_scores(items: int, points: int) -> tuple[Reals, NDArray[np.uint32]]:
    """List every score there can be, and where each (answered, total) stands in that list."""
    answered = np.arange(items + 1)[:, None]
    total = np.arange(items * (points - 1) + 1)[None, :]
    most = answered * (points - 1)
    scores = np.full((items + 1, total.size), np.nan)
    np.divide(100 * total, most, out=scores, where=(answered > 0) & (total <= most))
    values, position = np.unique(scores, return_inverse=True)
    values, level_of = values[~np.isnan(values)], position.reshape(-1).astype(np.uint32)
    values.flags.writeable = level_of.flags.writeable = False
    return values, level_of


def _needed(items: int, share: float) -> NDArray[np.intp]:
    """Say how many answers a score takes, by the number of items that apply."""
    needed = np.ceil(share * np.arange(items + 1) - _ROUNDING)
    at_least_one: NDArray[np.intp] = np.maximum(needed, 1).astype(np.intp)
    return at_least_one
