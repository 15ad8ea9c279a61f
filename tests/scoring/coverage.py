"""How often published intervals hold the truth: `python -m tests.scoring.coverage`.

Each study draws people from one of many populations whose truth is known, publishes what the
service would publish of them, and says whether the published interval holds that truth; beside
it, whether a familiar mistake in its place would. (Its first line names both.) The command prints
the table of the guide for the number of draws that it is given (20,000 without).

An interval that ends where scores end being published says "or more", or "or less": that end is
open. Averages are over populations, and over the sizes of groups that a study names.
"""

import sys
from dataclasses import dataclass
from functools import cache
from math import inf, sqrt
from typing import Any

import numpy as np
from scipy.special import ndtri

from app.scoring.between import tukey_kramer
from app.scoring.decimals import two_decimal_interval
from app.scoring.domains import DomainScale, person_scores
from app.scoring.drivers import driver_gap
from app.scoring.forms import published_interval, published_score, score_range
from app.scoring.gaps import published_gap, score_gap, share_gap
from app.scoring.intervals import Interval, mean_interval
from app.scoring.omega import mcdonald_omega
from app.scoring.products import cross_product
from app.scoring.reliability import cronbach_alpha, feldt_interval
from app.scoring.scores import score_of
from app.scoring.shares import share_band, share_interval
from tests.scoring.divisions import DESIGNS, false_alarms, said

K = 10
SCALE = DomainScale(5, (False,) * 5)
PEOPLE = 20_000
GROUPS = ((10, 40), (12, 12, 12), (10, 15, 60, 90), (10,) * 8, (10, 12, 15, 20, 30, 45, 80, 150))


@dataclass(frozen=True, eq=False)
class Population:
    """People from whom a study draws, with replacement; so what is true of them is known.

    Attributes:
        answers: To five items of five points, shape (5, people).
        scores: The score of each person, shape (people,).
        mean: Of the scores.
        alpha: Cronbach's alpha.
        omega: McDonald's omega.
    """

    answers: Any
    scores: Any
    mean: float
    alpha: float
    omega: float


def population(rng, middle, *, camps):
    """People whose answers lie about `middle` (0-4), or about `camps` to each side of it."""
    loadings = rng.uniform(0.5, 1.1, 5)[:, None] * rng.uniform(0.6, 1.3)
    lean = rng.normal(0, 0.3, 5)[:, None]
    view, noise = rng.normal(size=PEOPLE), rng.normal(0, 0.8, (5, PEOPLE))
    middle = middle + rng.choice((-camps, camps), PEOPLE)
    answers = np.clip(np.round(middle + lean + loadings * view + noise), 0, 4).astype(np.uint8)
    product = cross_product(answers, SCALE)
    scores = person_scores(answers, SCALE).scores
    alpha, omega = cronbach_alpha(product.covariance), mcdonald_omega(product.covariance, PEOPLE)
    return Population(answers, scores, float(scores.mean()), alpha, omega.value)


@cache
def populations(kind):
    """Thirty populations: `any` from one end to the other, `skewed` to an end, or two `camps`."""
    rng = np.random.default_rng([2027, len(kind)])
    low, high = {"any": (0.4, 3.6), "skewed": (3.3, 4.2), "camps": (1.5, 2.5)}[kind]
    camps = 2.0 if kind == "camps" else 0.0
    return [population(rng, middle, camps=camps) for middle in rng.uniform(low, high, 30)]


def drawn(rng, kind, sizes):
    """A population, and the places in it of the people who are drawn from it."""
    which = populations(kind)[rng.integers(30)]
    return which, rng.integers(0, PEOPLE, int(rng.choice(sizes)))


def holds(interval, truth, within=(-inf, inf)):
    """Whether an interval holds the truth; an end at the end of the range is open."""
    above = interval.low <= truth or interval.low <= within[0]
    return above and (truth <= interval.high or interval.high >= within[1])


def small_cell(rng):
    """Score of 10 to 29 people (`fixed`) | a fixed spread of 10 points."""
    return _fixed(*drawn(rng, "any", (10, 12, 16, 22, 29)))


def two_camps(rng):
    """Score of 10 to 29 people in two camps (`fixed`) | a fixed spread of 10 points."""
    return _fixed(*drawn(rng, "camps", (10, 12, 16, 22, 29)))


def large_cell(rng):
    """Score of 30 to 400 people (`answers`) | each of five answers counted as a person."""
    return _real(*drawn(rng, "any", (30, 45, 70, 120, 400)))


def skewed_cell(rng):
    """The same of people who mostly give the best answer | the same."""
    return _real(*drawn(rng, "skewed", (30, 45, 70, 120, 400)))


def _fixed(which, people):
    score = score_of(which.scores[people])
    wrongly = mean_interval(score.mean, 10.0, score.n).interval
    return _cell(score, which.mean), holds(wrongly, which.mean)


def _real(which, people):
    score = score_of(which.scores[people])
    wrongly = mean_interval(score.mean, score.spread, score.n * 5).interval
    return _cell(score, which.mean), holds(wrongly, which.mean)


def _cell(score, truth):
    return holds(published_interval(score, smallest_group=K), truth, score_range(score.n))


def before_rounding(rng):
    """The t interval of 10 to 400 people, not rounded | normal quantile, 10 people."""
    which, people = drawn(rng, "any", (10, 30, 45, 120, 400))
    score, ten = score_of(which.scores[people]), score_of(which.scores[people[:10]])
    margin = ndtri(0.975) * ten.spread / sqrt(10)
    return holds(score.interval, which.mean), abs(ten.mean - which.mean) <= margin


def share(rng):
    """Share of 10 to 400 people | Wald's interval, not rounded."""
    n, truth = int(rng.choice((10, 15, 24, 40, 90, 400))), rng.uniform()
    count = int(rng.binomial(n, truth))
    shown = share_interval(share_band(count, n, smallest_group=K), n)
    margin = ndtri(0.975) * sqrt(count * (n - count) / n**3)
    return holds(shown, 100 * truth), abs(count / n - truth) <= margin


def alpha(rng):
    """Alpha of 30 to 300 people | each of five answers counted as a person."""
    which, people = drawn(rng, "any", (30, 50, 100, 300))
    product = cross_product(which.answers[:, people], SCALE)
    found = cronbach_alpha(product.covariance)
    intervals = (feldt_interval(found, items=5, n=people.size * more) for more in (1, 5))
    shown, wrongly = intervals
    shown = two_decimal_interval(shown, people.size, smallest_group=K)
    return holds(shown, which.alpha), holds(wrongly, which.alpha)


def omega(rng):
    """Omega of 30 to 300 people | each of five answers counted as a person."""
    which, people = drawn(rng, "any", (30, 50, 100, 300))
    covariance = cross_product(which.answers[:, people], SCALE).covariance
    found, wrongly = (mcdonald_omega(covariance, people.size * more) for more in (1, 5))
    shown = two_decimal_interval(found.interval, people.size, smallest_group=K)
    if shown is None or wrongly.interval is None:
        return None
    return holds(shown, which.omega), holds(wrongly.interval, which.omega)


def largest_gap(rng):
    """Largest gap of 2 to 8 groups of 10 to 150 people | as if there were no other pair."""
    sizes = GROUPS[rng.integers(len(GROUPS))]
    chosen = [populations("any")[place] for place in rng.integers(0, 30, len(sizes))]
    chosen = [chosen[0]] * len(sizes) if rng.random() < 0.5 else chosen
    scores = [
        score_of(which.scores[rng.integers(0, PEOPLE, size)])
        for which, size in zip(chosen, sizes, strict=True)
    ]
    gap = tukey_kramer(scores).largest
    higher, lower = scores[gap.higher], scores[gap.lower]
    truth = chosen[gap.higher].mean - chosen[gap.lower].mean
    shown = _published(higher, lower, gap.interval, gap.standard_errors)
    return holds(shown, truth), holds(score_gap(higher, lower).interval, truth)


def paired_gap(rng):
    """A driver's gap of 10 to 200 people | one standard error to each side."""
    which, people = drawn(rng, "any", (10, 20, 40, 80, 200))
    practice, official = (which.answers[item : item + 1, people] for item in (0, 1))
    truth = 25 * float(which.answers[1].mean() - which.answers[0].mean())
    found = driver_gap(practice, official, points=5)
    gap = found.gap
    shown = _published(found.official, found.practice, gap.interval, found.standard_errors)
    return holds(shown, truth), abs(truth - gap.mean) <= gap.spread / sqrt(gap.n)


def _published(first, second, interval, standard_errors):
    """The published interval of a gap; a clamped score leaves its end open."""
    found = published_gap(
        published_score(first, smallest_group=K),
        published_score(second, smallest_group=K),
        interval,
        standard_errors=standard_errors,
        smallest_group=K,
    )
    low = -inf if found.at_most else found.interval.low
    return Interval(low, inf if found.at_least else found.interval.high)


def shares_gap(rng):
    """Gap of two shares of 10 to 200 people | between the two bands alone."""
    sizes, truths = [int(size) for size in rng.choice((10, 17, 30, 60, 200), 2)], rng.random(2)
    bands = [
        share_band(int(rng.binomial(n, truth)), n, smallest_group=K)
        for n, truth in zip(sizes, truths, strict=True)
    ]
    found, truth = share_gap(bands[0], sizes[0], bands[1], sizes[1]), 100 * (truths[0] - truths[1])
    shown = Interval(found.interval_low, found.interval_high)
    return holds(shown, truth), holds(Interval(found.low, found.high), truth)


STUDIES = (
    *(small_cell, large_cell, skewed_cell, before_rounding, share),
    *(alpha, omega, largest_gap, paired_gap, shares_gap),
)


def run(study, draws, seed=2027):
    """The share of draws in which the interval held the truth, and the same of the mistake."""
    rng = np.random.default_rng([seed, *study.__name__.encode()])
    found = [study(rng) for _ in range(draws)]
    held, wrongly = np.mean([pair for pair in found if pair is not None], axis=0)
    return float(held), float(wrongly)


def main(draws):
    """Print the two tables of the guide."""
    print("| interval | holds the truth | mistake | holds the truth |")  # noqa: T201
    print("|---|---|---|---|")  # noqa: T201
    for study in (*STUDIES, two_camps):
        held, wrongly = run(study, draws)
        interval, mistake = study.__doc__.rstrip(".").split(" | ")
        row = (interval, f"{100 * held:.1f} %", mistake, f"{100 * wrongly:.1f} %")
        print("| " + " | ".join(row) + " |", flush=True)  # noqa: T201
    print("\n| groups | reports | divided | without any adjustment |")  # noqa: T201
    print("|---|---|---|---|")  # noqa: T201
    for sizes in DESIGNS:
        found, naive = false_alarms(draws // 20, sizes)
        row = (said(sizes), f"{draws // 20}", f"{100 * found:.1f} %", f"{100 * naive:.1f} %")
        print("| " + " | ".join(row) + " |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
