"""What to ask one audience, in one language: everything a survey page needs, and no more."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.instruments import document_of, ladder, schedule, texts
from app.instruments.answers import DONT_KNOW, NOT_APPLICABLE, POINTS_TO_SHARE, Survey
from app.instruments.design import Audience, Contact, Group, Partner
from app.instruments.model import Texts

LONGEST_TEXT = 2000
MOST_STATEMENTS = 5
MOST_TEXTS = 10
MOST_BENEFICIARIES = 12
_Schema = dict[str, Any]


@dataclass(frozen=True)
class PutOutcome:
    """An outcome as it is put to a respondent."""

    id: str
    plain: Texts


def staff(
    survey: Survey, groups: Sequence[Group], partners: Sequence[Partner], *, language: str
) -> dict[str, Any]:
    """The staff survey: only what this evaluation asks, in the order it is asked."""
    document = document_of(survey.instrument)
    asked = survey.asked
    parts: dict[str, Any] = {
        name: document[name]
        for name in ("overall", "context", "drivers", "depth")
        if name in asked and document[name] is not None
    }
    if "depth" in parts:
        parts["depth"] |= {
            "levels": [dataclasses.asdict(rung) for rung in ladder("depth")],
            "organisations": [{"code": p.code, "name": p.name} for p in partners],
        }
    if "importance" in asked:
        parts["importance"] = {"text": document["importance"], "points": POINTS_TO_SHARE}
    if "statements" in asked:
        parts["prompts"] = document["prompts"] or []
        parts["unwritten"] = document["unwritten"]
    return {
        "instrument": survey.instrument.name,
        "form": survey.design.form,
        "draft_translation": language in (document["draft_languages"] or []),
        "groups": [_group(group, language) for group in groups],
        **in_language(
            {
                "title": document["title"],
                "scales": document["scales"],
                "special_answers": {code: dict(word) for code, word in texts("words").items()},
                "domains": [
                    _domain(code, document, survey) for code in (d.code for d in survey.domains)
                ],
                "attributes": document["attributes"] or [],
                **parts,
            },
            language,
        ),
        "schema": response_schema(survey),
    }


def ranking(outcomes: Sequence[PutOutcome], *, language: str) -> dict[str, Any]:
    """The ranking round."""
    asked = in_language(dataclasses.asdict(schedule("ranking")), language)
    return {**asked, "outcomes": _put(outcomes, language), "schema": ranking_schema(outcomes)}


def verification(
    outcomes: Sequence[PutOutcome], audience: Audience, *, language: str
) -> dict[str, Any]:
    """The schedule for service users or for carers; what matters most comes before the list."""
    asked = in_language(dataclasses.asdict(schedule("verification")), language)
    asked["sections"] = [
        {key: value for key, value in section.items() if key != "audience"}
        for section in asked["sections"]
        if section["audience"] in (None, audience)
    ]
    return {
        **asked,
        "draft_translation": language == "cy",
        "outcomes": _put(outcomes, language),
        "schema": verification_schema(outcomes, audience),
    }


def contacts(contact: Contact, *, language: str) -> dict[str, Any]:
    """Whom to turn to, safeguarding first."""
    return {
        name: said(by_language, language)
        for name, by_language in (("safeguarding", contact.safeguarding), ("help", contact.help))
        if by_language
    }


def said(by_language: Mapping[str, str], language: str) -> str:
    """A text in one language, in English where it is missing, else in any."""
    return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()))


def in_language(document: Any, language: str) -> Any:
    """A document with each text, and each list of labels, in one language alone."""
    if isinstance(document, dict):
        if "en" in document or language in document:
            return document.get(language, document.get("en"))
        return {name: in_language(value, language) for name, value in document.items()}
    if isinstance(document, (list, tuple)):
        return [in_language(value, language) for value in document]
    return document


def response_schema(survey: Survey) -> _Schema:
    """The JSON Schema of a valid staff response."""
    instrument, asked = survey.instrument, survey.asked
    members: dict[str, _Schema] = {
        code: {"enum": values} for code, values in survey.attributes.items()
    }
    if "answers" in asked:
        members["answers"] = _object(
            {code: _answer(scale.min, scale.max) for code, (_, scale) in survey.items.items()}
        )
    if "context" in asked and instrument.context:
        scale = instrument.scales[instrument.context.scale]
        items = instrument.context.items
        members["context"] = _object({i.code: _answer(scale.min, scale.max) for i in items})
    if instrument.overall:
        scale = instrument.scales[instrument.overall.scale]
        members["overall"] = _answer(scale.min, scale.max)
    if "statements" in asked:
        members["statements"] = {
            "type": "array",
            "maxItems": MOST_STATEMENTS,
            "items": _object(_statement_members(), required=["outcome"]),
        }
        members["unwritten"] = _text()
    if "drivers" in asked and instrument.drivers:
        scale = instrument.scales[instrument.drivers.scale]
        side = _object(
            {d.code: _answer(scale.min, scale.max, DONT_KNOW) for d in instrument.drivers.items}
        )
        members["drivers"] = _object({"practice": side, "official": side})
    if "importance" in asked:
        points = {"type": "integer", "minimum": 0, "maximum": POINTS_TO_SHARE}
        members["importance"] = {
            **_object({domain.code: points for domain in survey.domains}),
            "description": f"Whole points that sum to {POINTS_TO_SHARE}.",
        }
    if "depth" in asked:
        members["depth"] = _depth(survey.organisations)
    return _schema(members)


def ranking_schema(outcomes: Sequence[PutOutcome]) -> _Schema:
    """The JSON Schema of a valid ranking."""
    outcome = {"enum": [one.id for one in outcomes]}
    ours = {"enum": ["yes", "partly", "no", DONT_KNOW]}
    entry = _object({"outcome": outcome, "ours": ours}, required=["outcome", "ours"])
    return _schema({"outcomes": {"type": "array", "items": entry}, "top": _top(outcome)})


def verification_schema(outcomes: Sequence[PutOutcome], audience: Audience) -> _Schema:
    """The JSON Schema of a valid verification."""
    outcome = {"enum": [one.id for one in outcomes]}
    members: dict[str, _Schema] = {}
    verdict: dict[str, _Schema] = {"outcome": outcome}
    for section in schedule("verification").sections:
        if section.audience not in (None, audience):
            continue
        for question in section.questions:
            asked = _question(question, outcome)
            if question.each:
                verdict[question.code] = asked
            elif section.code in ("experience", "own"):
                members.setdefault(section.code, _object({}))["properties"][question.code] = asked
            else:
                members[question.code] = asked
    members["verdicts"] = {"type": "array", "items": _object(verdict, required=["outcome"])}
    return _schema(members)


def _question(question: Any, outcome: _Schema) -> _Schema:
    if question.answer == "one":
        return {"enum": [choice.code for choice in question.choices]}
    if question.answer == "top":
        return _top(outcome)
    if question.answer == "text":
        return _text()
    return {"type": "array", "maxItems": MOST_TEXTS, "items": _text()}


def _depth(organisations: Sequence[str]) -> _Schema:
    rung = {"enum": [choice.code for choice in ladder("depth")]}
    pair = _object({"current": rung, "right": rung})
    return _object(dict.fromkeys(organisations, pair))


def _group(group: Group, language: str) -> dict[str, Any]:
    return {"code": group.code, "label": said(group.label, language)}


def _put(outcomes: Sequence[PutOutcome], language: str) -> list[dict[str, str]]:
    return [{"id": one.id, "plain": said(one.plain, language)} for one in outcomes]


def _domain(code: str, document: Mapping[str, Any], survey: Survey) -> dict[str, Any]:
    domain = next(part for part in document["domains"] if part["code"] == code)
    items = [item for item in domain["items"] if item["code"] in survey.items]
    shown = ("code", "label", "description", "scale")
    asked = ("code", "text", "required", "show_if")
    return {
        **{name: domain[name] for name in shown},
        "items": [{name: item[name] for name in asked} for item in items],
    }


def _schema(members: dict[str, _Schema]) -> _Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(members)}


def _object(members: Mapping[str, _Schema], *, required: Sequence[str] = ()) -> _Schema:
    schema: _Schema = {
        "type": "object",
        "properties": dict(members),
        "additionalProperties": False,
    }
    return {**schema, "required": list(required)} if required else schema


def _answer(lowest: int, highest: int, *words: str) -> _Schema:
    return {"enum": [*range(lowest, highest + 1), *(words or (DONT_KNOW, NOT_APPLICABLE))]}


def _text() -> _Schema:
    return {"type": "string", "maxLength": LONGEST_TEXT, "pattern": "^[^\\u0000]*$"}


def _top(outcome: _Schema) -> _Schema:
    return {"type": "array", "maxItems": 3, "uniqueItems": True, "items": outcome}


def _statement_members() -> dict[str, _Schema]:
    written = (
        "outcome",
        "for_whom",
        "context",
        "mechanism",
        "first_sign",
        "evidence",
        "unintended",
    )
    groups = {"enum": [choice.code for choice in ladder("service_user_groups")]}
    return {
        **{name: _text() for name in written},
        "outcome": _text() | {"minLength": 1},
        "beneficiaries": {"type": "array", "maxItems": MOST_BENEFICIARIES, "items": groups},
        "horizon": {"enum": [choice.code for choice in ladder("horizons")]},
        "distinctive": {"enum": ["yes", "partly", "no"]},
    }
