"""What is sent: the real answers of lq2002, and what was invented around them."""

import csv
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# Who gets which invented words is drawn by chance, and the same chance every time.
SEED = 2002
Document = dict[str, Any]


@cache
def invented() -> Document:
    """Everything that was made up for the demonstration."""
    return json.loads((FOLDER / "invented.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def instrument() -> Document:
    """The questionnaire of lq2002, with placeholders for the wording of its items."""
    return json.loads((FOLDER / "lq2002.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def answers() -> dict[str, list[dict[str, int]]]:
    """The real answers, by organisation in the order of the data set."""
    found: dict[str, list[dict[str, int]]] = {}
    with (FOLDER / "lq2002.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            organisation = f"company-{row.pop('COMPID')}"
            given = {name.lower(): int(value) for name, value in row.items()}
            found.setdefault(organisation, []).append(given)
    return found


def partnership() -> Document:
    """The partnership: the real organisations and their sizes, in an invented setting.

    The data set does not say how many people an organisation has, so those who answered stand for
    all. It was formed five years ago, whenever that is: outcomes of three years are due, and those
    of fifteen are not.
    """
    organisations = [
        {"code": code, "name": f"Company {code.removeprefix('company-')}", "headcount": len(people)}
        for code, people in answers().items()
    ]
    formed_on = f"{datetime.now(UTC).year - 5}-01-01"
    return {**invented()["partnership"], "formed_on": formed_on, "organisations": organisations}


def staff_responses() -> dict[str, list[Document]]:
    """What each member of staff sends, by organisation: real answers, a statement with some."""
    people = [
        (organisation, Document(answers=given))
        for organisation, every in answers().items()
        for given in every
    ]
    chance = random.Random(SEED)
    written = [entry["statement"] for entry in invented()["statements"]]
    for (_, response), statement in zip(chance.sample(people, len(written)), written, strict=True):
        response["statements"] = [statement]
    found: dict[str, list[Document]] = {}
    for organisation, response in people:
        found.setdefault(organisation, []).append(response)
    return found


def rankings(outcomes: Mapping[str, str]) -> dict[str, list[Document]]:
    """What staff of the largest organisations, and of the smallest, send in the ranking round.

    Args:
        outcomes: The id of each outcome by its code.
    """
    plan = invented()["ranking"]
    by_size = sorted(answers(), key=lambda code: (-len(answers()[code]), code))
    chosen = [*by_size[: len(plan["answers"]) - 1], by_size[-1]]
    found = {}
    for at, (organisation, people) in enumerate(zip(chosen, plan["answers"], strict=True)):
        patterns = plan["ours"] | (plan["in_the_largest"] if at == 0 else {})
        dealt = {
            code: _dealt(pattern, organisation, code)[:people] for code, pattern in patterns.items()
        }
        found[organisation] = [
            _ranking({code: str(said[person]) for code, said in dealt.items()}, outcomes)
            for person in range(people)
        ]
    return found


def verifications(group: Document, outcomes: Mapping[str, str]) -> list[Document]:
    """What one group of service users, carers or proxies sends.

    Args:
        outcomes: The id of each outcome on the schedule by its code.
    """
    people = group["people"]
    name = f"{group['voice']} {group['as']}"
    shared = {part: group[part] for part in ("direction", "expected", "joint")}
    dealt = {
        code: {
            part: _dealt(pattern, name, code, part)
            for part, pattern in {**verdicts, **shared}.items()
        }
        for code, verdicts in group["verdicts"].items()
    }
    sent = [
        Document(
            {"as": group["as"], "mode": group["mode"], "supporter": group["supporter"]},
            verdicts=[
                {
                    "outcome": outcomes[code],
                    **{part: said[person] for part, said in by_part.items()},
                }
                for code, by_part in dealt.items()
            ],
        )
        for person in range(people)
    ]
    _add_ratings(sent, group, name)
    _add_words(sent, group)
    return sent


def _add_ratings(sent: Sequence[Document], group: Document, name: str) -> None:
    """Add how people were treated, and carers' own lives; each person's three that matter most."""
    for part in ("experience", "own"):
        for question, pattern in group.get(part, {}).items():
            for one, said in zip(sent, _dealt(pattern, name, part, question), strict=False):
                one.setdefault(part, {})[question] = said
    for one in sent:
        rated = [verdict for verdict in one["verdicts"] if verdict["importance"] in (3, 4)]
        one["top"] = [verdict["outcome"] for verdict in rated[:3]]


def _add_words(sent: Sequence[Document], group: Document) -> None:
    """Give each text to as many people as the plan says, to nobody two of a kind."""
    for kind in ("missing", "worse", "matters_most"):
        words = [entry["text"] for entry in group[kind] for _ in range(entry["times"])]
        chosen = random.Random(f"{SEED} {group['voice']} {kind}").sample(sent, len(words))
        for one, text in zip(chosen, words, strict=True):
            one[kind] = [text] if kind == "missing" else text


def _ranking(said: Mapping[str, str], outcomes: Mapping[str, str]) -> Document:
    ours = [{"outcome": outcomes[code], "ours": answer} for code, answer in said.items()]
    return {"outcomes": ours, "top": [one["outcome"] for one in ours if one["ours"] == "yes"][:3]}


def _dealt(pattern: Mapping[str, int], *named: str) -> list[int | str]:
    """The answers that a pattern counts, in an order drawn by chance."""
    said = list(_answers_of(pattern))
    random.Random(" ".join([str(SEED), *named])).shuffle(said)
    return said


def _answers_of(pattern: Mapping[str, int]) -> Iterator[int | str]:
    for answer, people in pattern.items():
        yield from [int(answer) if answer.isdigit() else answer] * people
