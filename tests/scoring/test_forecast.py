"""What will probably be shown: the publication rule over simulated rounds."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from scipy.stats import binom

from app.scoring.cells import published_cells
from app.scoring.disclosure import Table, audit, audit_counted, crossed
from app.scoring.forecast import FEWEST_RUNS, MOST_RUNS, Plan, forecast

K = 10
ROLES = {"frontline": 0.6, "manager": 0.25, "support": 0.15}
CROSS = ("organisation", "role")


def plan(*headcounts, **members):
    """Groups a, b, c, … of so many people, everybody with a role and with a value."""
    given = {
        "groups": "organisation",
        "headcounts": dict(zip("abcdefghijklmnop", headcounts, strict=False)),
        "shares": {"role": ROLES},
        "cuts": ("organisation",),
        "smallest_group": K,
        "missing": 0.0,
    }
    return Plan(**given | members)


def chances(found, cut):
    return next(one for one in found.cuts if one.name == cut).cells


def margin(runs, other):
    """Five standard errors of the difference of two simulated chances: once in a million."""
    return 5 * 0.5 * sqrt(1 / runs + 1 / other)


# What everybody's answers would show.


@pytest.mark.parametrize(
    "headcounts",
    [[5], [12], [14, 12, 3], [30, 9, 8, 7], [40, 5], [11, 10, 9, 1], [4, 3, 2], [60, 50, 6, 5]],
    ids=str,
)
def test_when_everybody_answers_it_shows_what_the_audit_shows_of_everybody(headcounts):
    asked = plan(*headcounts)
    names = tuple(asked.headcounts)
    table = Table("organisation", names, np.repeat(np.arange(len(names)), headcounts))
    decision = audit([table], np.ones(sum(headcounts), dtype=bool), smallest_group=K)
    alone = {c.categories[0] for c in decision.published if len(c.categories) == 1}
    pooled = {code for c in decision.published if len(c.categories) > 1 for code in c.categories}

    found = forecast(asked, 1)

    cells = chances(found, "organisation")
    assert {name: chance.alone for name, chance in cells.items()} == {
        name: int(name in alone) for name in names
    }
    assert {name: chance.pooled for name, chance in cells.items()} == {
        name: int(name in pooled) for name in names
    }
    assert found.shown == (sum(headcounts) >= K)


def test_when_nobody_answers_nothing_is_shown():
    found = forecast(plan(40, 30, 20, cuts=("organisation", "role", CROSS)), 0)

    assert (found.answers, found.shown, found.banded) == (0, 0, 0)
    assert [cut.name for cut in found.cuts] == ["organisation", "role", "organisation × role"]
    for cut in found.cuts:
        assert {chance.percent for chance in cut.cells.values()} == {(0, 0, 100)}


# Against other ways to the same chances.


def test_one_group_alone_is_shown_when_ten_answer():
    found = forecast(plan(40), 0.3)

    assert found.shown == pytest.approx(binom.sf(K - 1, 40, 0.3))
    assert float(chances(found, "organisation")["a"].alone) == pytest.approx(
        found.shown, abs=margin(MOST_RUNS, 10**9)
    )


def test_a_band_needs_thirty_people_and_three_in_ten_of_the_invited():
    counted = forecast(plan(60), 0.5).banded
    few = forecast(plan(200), 0.29)
    drawn = forecast(plan(200, random_sample=True), 0.29)
    missing = forecast(plan(60, missing=0.2), 0.5).banded

    assert counted == pytest.approx(binom.sf(29, 60, 0.5), abs=0.025)
    assert few.banded == pytest.approx(binom.sf(59, 200, 0.29), abs=0.025)
    assert drawn.banded == pytest.approx(1, abs=0.01)
    assert missing == pytest.approx(binom.sf(29, 60, 0.4), abs=0.025)


def one_by_one(asked, rate, rounds, seed):
    """Draw each person of each group by itself, and fold the answers as a report does."""
    rng = np.random.default_rng(seed)
    names = tuple(asked.headcounts)
    shown = {}
    for _ in range(rounds):
        group = np.repeat(np.arange(len(names)), list(asked.headcounts.values()))
        group = group[rng.random(group.size) < rate]
        role = rng.choice(len(ROLES), group.size, p=list(ROLES.values()))
        values = np.where(rng.random(group.size) < asked.missing, np.nan, 50.0)
        one_way = [Table("organisation", names, group), Table("role", tuple(ROLES), role)]
        cells = published_cells(values, [*one_way, crossed(*one_way)], smallest_group=K)
        for table, kept in cells.tables.items():
            for cell in kept.published:
                for code in cell.groups:
                    key = (table, code, len(cell.groups) > 1)
                    shown[key] = shown.get(key, 0) + 1
    return {key: count / rounds for key, count in shown.items()}


@pytest.mark.parametrize("seed", range(4))
def test_it_agrees_with_people_drawn_one_by_one(seed):
    rng = np.random.default_rng(seed)
    headcounts = rng.integers(8, 70, int(rng.integers(2, 6))).tolist()
    cuts = ("organisation", "role", CROSS)
    asked = plan(*headcounts, cuts=cuts, missing=0.15)
    rate = float(rng.uniform(0.25, 0.8))

    expected = one_by_one(asked, rate, 300, seed)
    found = forecast(asked, rate)

    for cut in found.cuts:
        for code, chance in cut.cells.items():
            for pooled, simulated in ((False, chance.alone), (True, chance.pooled)):
                known = expected.get((cut.name, code, pooled), 0)
                assert abs(float(simulated) - known) <= margin(cut.runs, 300), (cut.name, code)


@pytest.mark.parametrize("seed", range(20))
def test_kinds_of_people_are_decided_like_the_people_themselves(seed):
    rng = np.random.default_rng(seed)
    kinds = int(rng.integers(1, 30))
    people = rng.integers(0, 12, kinds)
    tables = [
        Table("organisation", tuple("abcde"), rng.integers(-1, 5, kinds)),
        Table("role", tuple("xyz"), rng.integers(-1, 3, kinds)),
    ]
    each = [Table(one.name, one.categories, np.repeat(one.codes, people)) for one in tables]
    everyone = np.ones(people.sum(), dtype=bool)

    decision = audit_counted(tables, people, smallest_group=K)

    assert decision == audit(each, everyone, smallest_group=K)


# What chances depend on.


def test_the_same_question_gets_the_same_answer():
    asked = plan(40, 30, 20, cuts=("organisation", "role"), missing=0.1)

    assert forecast(asked, 0.45) == forecast(asked, 0.45)


@pytest.mark.parametrize("rate", [0.3, 0.7])
@pytest.mark.parametrize(("people", "more"), [(8, 6), (15, 5), (22, 10), (49, 2), (60, 40)])
def test_more_people_in_a_group_do_not_make_it_much_less_likely(people, more, rate):
    few = chances(forecast(plan(people, 50, 50), rate), "organisation")["a"]
    many = chances(forecast(plan(people + more, 50, 50), rate), "organisation")["a"]

    assert many.alone >= few.alone - margin(MOST_RUNS, MOST_RUNS)


def test_unsaid_attributes_and_missing_values_count_as_nobody_of_a_category():
    role = {"frontline": 0.5, "manager": 0.0}
    found = forecast(plan(200, cuts=("role",), shares={"role": role}), 1)

    cells = chances(found, "role")
    assert (cells["frontline"].percent, cells["manager"].percent) == ((100, 0, 0), (0, 0, 100))
    nobody = forecast(plan(200, missing=1.0), 1)
    assert (nobody.answers, nobody.shown, nobody.banded) == (200, 0, 0)


def test_percents_of_a_chance_sum_to_a_hundred():
    found = forecast(plan(25, 22, 19, 14), 0.5)

    percents = [chance.percent for chance in chances(found, "organisation").values()]
    assert {sum(three) for three in percents} == {100}
    assert all(
        abs(three[0] - 100 * c.alone) < 1
        for three, c in zip(percents, chances(found, "organisation").values(), strict=True)
    )


# A large survey.


def test_a_large_survey_is_simulated_less_often_and_says_so():
    many = {f"group-{at}": 41 for at in range(49)}
    large = plan(cuts=("organisation", "role", CROSS), missing=0.1)
    found = forecast(replace(large, headcounts=many), 0.45)

    organisation, role, cross = found.cuts
    assert organisation.runs == MOST_RUNS
    assert FEWEST_RUNS <= role.runs == cross.runs < MOST_RUNS
    assert cross.margin == pytest.approx(0.98 / sqrt(cross.runs))
    assert (cross.undecided, found.left_out) == (0, ())


def test_cuts_that_would_take_too_long_are_left_out_from_the_last():
    many = {f"group-{at}": 100 for at in range(60)}
    shares = {"role": {f"role-{at}": 0.05 for at in range(20)}}
    cuts = ("organisation", "role", CROSS)
    large = replace(plan(cuts=cuts, shares=shares), headcounts=many)

    found = forecast(large, 0.5)
    first = forecast(replace(large, cuts=("organisation",)), 0.5)

    assert [cut.name for cut in found.cuts] == ["organisation"]
    assert found.left_out == ("role", "organisation × role")
    assert chances(found, "organisation") == chances(first, "organisation")


@pytest.mark.parametrize(
    "impossible",
    [
        pytest.param(lambda: forecast(plan(40), 1.1), id="more than all answer"),
        pytest.param(lambda: forecast(plan(40), -0.1), id="fewer than nobody"),
        pytest.param(lambda: forecast(plan(40, missing=2), 0.5), id="more than all missing"),
        pytest.param(
            lambda: forecast(plan(40, cuts=("role",), shares={"role": {"a": 0.9, "b": 0.9}}), 0.5),
            id="shares over 1",
        ),
        pytest.param(lambda: audit_counted([], [1, -1], smallest_group=5), id="negative people"),
        pytest.param(lambda: audit_counted([], [1], smallest_group=0), id="group of nobody"),
    ],
)
def test_what_cannot_be_is_refused(impossible):
    with pytest.raises(ValueError):
        impossible()
