"""The benchmark: each domain beside the same domain of other partnerships, as published."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.scoring.benchmarks import BENCHMARK, Comparison, Figure, Limits, comparison, figure
from app.scoring.forms import PublishedInterval, PublishedScore
from app.use_cases.peers import SAME, WIDENED, Search, Strata
from app.use_cases.reports import benchmark_words as words
from app.use_cases.reports.cells import SUPPRESSED, ends, in_steps, thresholds
from app.use_cases.reports.health import SCORING_VERSION

Published = Mapping[str, Any]
_OF_A_SCORE = ("n", "score", "at_least", "at_most", "interval", "basis")
_CONTENTS = "contents"  # tells questionnaires of one name apart, and nobody anything


def given(health: Published) -> dict[str, Any] | None:
    """What an evaluation gives to the benchmarks of others, or None unless it is all there.

    Peers are the same for every domain, so who does not publish each of them is nobody's peer.
    """
    domains = health["domains"]
    if not domains or any("suppressed" in part for part in domains):
        return None
    return {part["code"]: _scored(part) for part in domains}


def report(
    health: Published, strata: Strata, found: Search, figures: Sequence[Published]
) -> dict[str, Any]:
    """The benchmark of an evaluation.

    Args:
        health: Its own health report.
        strata: What kind of partnership it was when it concluded.
        found: Its peers.
        figures: What each of those chosen gives, in any order.
    """
    told = found.chosen or found.everybody
    document = {
        "evaluation": health["evaluation"],
        "report": "benchmark",
        "instrument": health["instrument"],
        "not_enough_peers": found.chosen is None,
        "peers": {
            "partnerships": in_steps(len(told.peers), BENCHMARK.least_peers),
            "accounts": in_steps(told.accounts, BENCHMARK.least_accounts),
        },
        "strata": {
            "own": _without_contents(strata),
            "alike_in": [name for name in _without_contents(strata) if name in told.alike],
            "widened_over": [name for name in WIDENED if name not in told.alike],
        },
        "domains": [] if found.chosen is None else [_domain(d, figures) for d in health["domains"]],
        "rests_on": {"health": health["digest"]},
        "method": {
            "scoring_version": SCORING_VERSION,
            "always_alike_in": list(_without_contents(dict.fromkeys(SAME))),
            "widened_in_order": list(WIDENED),
            "thresholds": thresholds(BENCHMARK),
            "caveats": words.caveats(),
        },
    }
    document["headline"] = words.headline(document)
    return document


def _domain(own: Published, figures: Sequence[Published]) -> dict[str, Any]:
    suppressed = "suppressed" in own
    others = [_figure(given_by[own["code"]]) for given_by in figures]
    found = comparison(others, None if suppressed else _figure(own))
    members = {
        "code": own["code"],
        "label": own["label"],
        **(SUPPRESSED if suppressed else _scored(own)),
        "pooled": found and _pooled(found),
        "shrunk": found and found.shrunk,
        "limits": found and _limits(found.limits),
    }
    return {**members, "summary": words.domain(members)}


def _pooled(found: Comparison) -> dict[str, Any]:
    quartiles = None
    if found.quartiles is not None:
        quartiles = dict(zip(("lower", "median", "upper"), found.quartiles, strict=True))
    return {"score": found.value, "interval": _ends(found.interval), "quartiles": quartiles}


def _limits(found: Limits | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"percent_95": _ends(found.inner), "percent_99_8": _ends(found.outer)}


def _figure(published: Published) -> Figure:
    score = PublishedScore(
        published["n"],
        published["score"],
        at_least="at_least" in published,
        at_most="at_most" in published,
    )
    interval = published["interval"]
    return figure(score, PublishedInterval(interval["from"], interval["to"], published["basis"]))


def _scored(part: Published) -> dict[str, Any]:
    return {name: part[name] for name in _OF_A_SCORE if name in part}


def _ends(interval: PublishedInterval) -> dict[str, float]:
    return ends(interval.low, interval.high)


def _without_contents(strata: Strata) -> Strata:
    return {name: value for name, value in strata.items() if name != _CONTENTS}
