"""Plan a round: how many people to invite, and what will then probably be shown."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from app.errors import Fault, Invalid
from app.instruments.answers import Survey
from app.instruments.design import ORGANISATION
from app.scoring.forecast import Chance, CutForecast, Plan, forecast
from app.scoring.samples import Aim, Expected, Sample, sample
from app.security.credentials import Caller
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import access, planning_words
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import groups, survey_of, warnings

_EVEN = 0.5
_ROUNDING = 1e-9


def sample_size(wish: Mapping[str, Any], *, smallest_group: int) -> dict[str, Any]:
    """How many to invite in each organisation for a stated precision.

    Args:
        wish: `organisations` (`code`, `headcount`), `margin`, `response_rate`, and perhaps
            `smallest_group`, `floor`, `everyone_from`.
        smallest_group: The least that this deployment allows, and what is used when none is given.

    Raises:
        Invalid: Two organisations have one code, or `smallest_group` is below the deployment's.
    """
    organisations = wish["organisations"]
    aim = Aim(
        margin=wish["margin"],
        response_rate=wish["response_rate"],
        smallest_group=wish["smallest_group"] or smallest_group,
        floor=wish["floor"],
        everyone_from=wish["everyone_from"],
    )
    if faults := _sample_faults(organisations, aim, smallest_group):
        raise Invalid(faults=faults)
    found = sample([one["headcount"] for one in organisations], aim)
    reply = {
        "headcount": sum(one["headcount"] for one in organisations),
        "smallest_group": aim.smallest_group,
        "floor": found.floor,
        "everyone_from": aim.everyone_from,
        "returns_needed": found.returns,
        "invitations": found.invitations,
        "reached": found.reached,
        **_expected(found.expected),
        "organisations": [
            {
                **one,
                "invite": part.invite,
                **_expected(part.expected),
                "note": part.note,
            }
            for one, part in zip(organisations, found.organisations, strict=True)
        ],
        "warnings": _sample_warnings(organisations, found, aim),
    }
    return {**reply, "summary": planning_words.sample_size(reply, aim)}


def forecasts(
    deployment: Deployment, caller: Caller, evaluation_id: uuid.UUID, wish: Mapping[str, Any]
) -> dict[str, Any]:
    """What an evaluation's staff survey will probably show, in any stage, at each response rate.

    It rests on what is declared and on headcounts, and looks at no answer.

    Args:
        wish: `response_rates`, `missing`, and `shares` of values by attribute.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        Invalid: `shares` names what the instrument does not offer, or sums to more than 1; or
            the survey asks about no domain.
    """
    with deployment.database.reading() as session:
        evaluation = access.evaluation(session, caller, evaluation_id)
        plan = _plan(session, evaluation, wish)
        found = {"evaluation": evaluation.id, "warnings": warnings(evaluation)}
    return {
        **found,
        "smallest_group": plan.smallest_group,
        "invited": plan.invited,
        "staff_selection": "random" if plan.random_sample else "all",
        "missing": plan.missing,
        "shares": plan.shares,
        "forecasts": [_forecast(plan, rate) for rate in wish["response_rates"]],
        "caveats": planning_words.caveats(),
    }


def _sample_faults(
    organisations: Sequence[Mapping[str, Any]], aim: Aim, smallest_group: int
) -> list[Fault]:
    codes = [one["code"] for one in organisations]
    faults = [
        Fault(f"/organisations/{at}/code", "code-twice", "Organisation codes are unique.")
        for at, code in enumerate(codes)
        if code in codes[:at]
    ]
    if aim.smallest_group < smallest_group:
        detail = f"Here it is at least {smallest_group}."
        faults.append(Fault("/smallest_group", "below-deployment", detail))
    return faults


def _expected(found: Expected) -> dict[str, Any]:
    return {
        "expected": round(found.answers, 1),
        "chance": round(found.chance, 2),
        "margin": None if found.margin is None else round(found.margin, 2),
        "score_margin": None if found.score_margin is None else round(found.score_margin, 2),
    }


def _sample_warnings(
    organisations: Sequence[Mapping[str, Any]], found: Sample, aim: Aim
) -> list[dict[str, Any]]:
    """What will disappoint: organisations that will not be shown, a margin out of reach."""
    parts = list(zip(organisations, found.organisations, strict=True))
    small = [one["code"] for one, _ in parts if one["headcount"] < aim.smallest_group]
    rarely = [
        one["code"]
        for one, part in parts
        if one["headcount"] >= aim.smallest_group and part.expected.chance < _EVEN
    ]
    named = [("groups-too-small", small), ("groups-hardly-shown", rarely)]
    warned = [{"code": code, "groups": codes} for code, codes in named if codes]
    return warned if found.reached else [*warned, {"code": "margin-not-reached", "groups": []}]


def _plan(session: Session, evaluation: Evaluation, wish: Mapping[str, Any]) -> Plan:
    survey = survey_of(session, evaluation)
    if not survey.domains:
        raise Invalid("The survey asks about no domain, so there is nothing to forecast.")
    if faults := _share_faults(survey, wish["shares"]):
        raise Invalid(faults=faults)
    parts = {
        part for cut in survey.design.cuts for part in ([cut] if isinstance(cut, str) else cut)
    }
    return Plan(
        groups=ORGANISATION,
        headcounts={group.code: group.headcount or 0 for group in groups(evaluation)},
        shares={
            attribute: _spread(values, wish["shares"].get(attribute, {}))
            for attribute, values in survey.attributes.items()
            if attribute in parts
        },
        cuts=tuple(survey.design.cuts),
        smallest_group=evaluation.smallest_group,
        missing=wish["missing"],
        random_sample=survey.design.staff_selection == "random",
    )


def _share_faults(survey: Survey, shares: Mapping[str, Mapping[str, float]]) -> list[Fault]:
    faults = []
    for attribute, given in shares.items():
        offered = survey.attributes.get(attribute)
        if offered is None:
            detail = "The instrument has no such attribute."
            faults.append(Fault(f"/shares/{attribute}", "unknown-attribute", detail))
            continue
        faults += [
            Fault(f"/shares/{attribute}/{value}", "unknown-value", "This is not offered.")
            for value in given
            if value not in offered
        ]
        if sum(given.values()) > 1 + _ROUNDING:
            detail = "The shares of an attribute sum to at most 1."
            faults.append(Fault(f"/shares/{attribute}", "sum-over-one", detail))
    return faults


def _spread(values: Sequence[str], given: Mapping[str, float]) -> dict[str, float]:
    """The share of each value: as given, and what is left alike over those not named."""
    unnamed = [value for value in values if value not in given]
    left = max(0.0, 1 - sum(given.values()))
    return {value: given.get(value, left / max(len(unnamed), 1)) for value in values}


def _forecast(plan: Plan, rate: float) -> dict[str, Any]:
    found = forecast(plan, rate)
    return {
        "response_rate": rate,
        "answered_expected": round(found.answers),
        "whole": {"chance": round(found.shown, 2), "band": round(found.banded, 2)},
        "cuts": {
            cut.name: [_cell(plan, cut, name, chance) for name, chance in cut.cells.items()]
            for cut in found.cuts
        },
        "precision": {
            cut.name: {
                "runs": cut.runs,
                "margin": round(cut.margin, 2),
                "undecided": round(cut.undecided, 2),
            }
            for cut in found.cuts
        },
        "left_out": list(found.left_out),
        "summary": planning_words.forecast(plan, rate, found),
    }


def _cell(plan: Plan, cut: CutForecast, name: str, chance: Chance) -> dict[str, Any]:
    alone, pooled, neither = chance.percent
    return {
        "groups": [name],
        "headcount": plan.headcounts[name] if cut.name == plan.groups else None,
        "chance": alone / 100,
        "pooled": pooled / 100,
        "suppressed": neither / 100,
    }
