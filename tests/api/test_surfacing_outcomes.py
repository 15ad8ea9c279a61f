"""Outcomes are surfaced from statements, changed with reasons, merged and split, then fixed."""

from itertools import count

import pytest

from tests.walkthrough import (
    ORGANISATIONS,
    faults,
    ok,
    refusal,
    register,
    surface,
    surveyed,
)

ANSWERS = [
    {"statements": [{"outcome": f"people are well, {n} {also}"} for also in range(5)]}
    for n in range(12)
]
VOICE = {"code": "op", "label": "Older people", "audience": "service_user", "invited": 20}
WHOLE = {
    "title": {"en": "People stay at home"},
    "origin": "policy",
    "type": "prevention",
    "horizon": "3-10y",
    "beneficiaries": ["older_people", "dementia"],
    "rationale": "Joint visits prevent crises",
    "indicator": "Emergency admissions",
    "prevention": {"counterfactual": "They would be admitted", "proxy": "Admissions"},
    "distinctive": "yes",
    "context": "beds are short",
    "mechanism": "we visit together",
    "domains": ["practice", "means"],
    "rivals": ["Frailty hubs"],
}


class Surfacing:
    """An evaluation that is open for coding, beside another initiative."""

    def __init__(self, client):
        self.client = client
        initiatives = [{"name": "Frailty hubs", "overlap": "The same people"}]
        partnership = register(client, organisations=ORGANISATIONS[:1], initiatives=initiatives)
        self.evaluation = surveyed(client, ANSWERS, partnership=partnership)
        self.path = f"/v1/evaluations/{self.evaluation['id']}"
        self._statements = iter(ok(client.get(f"{self.path}/statements"))["items"])
        self._numbers = count()

    def surface(self, **members):
        """Write an outcome down, under a code of its own."""
        return surface(self.client, self.evaluation, f"o{next(self._numbers)}", **members)

    def code(self, outcome, people):
        """Code statements that nobody coded yet into an outcome; their ids."""
        found = sorted(next(self._statements)["id"] for _ in range(people))
        lines = [{"statement": one, "coder": "ann", "outcome": outcome["code"]} for one in found]
        ok(self.client.put(f"{self.path}/coding", json=lines))
        return found

    def post(self, row, call, /, **body):
        """Merge or split an outcome."""
        return self.client.post(f"/v1/outcomes/{row['id']}/{call}", json=body)

    def read(self, outcome):
        return ok(self.client.get(f"/v1/outcomes/{outcome['id']}"))


@pytest.fixture(scope="module")
def shared(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Surfacing(client)


@pytest.fixture
def surfacing(shared, service):
    """The shared evaluation, with the clock at today."""
    return shared


def test_an_outcome_says_everything_and_is_read_back(surfacing):
    made = surfacing.surface(**WHOLE)

    assert {name: made[name] for name in WHOLE} == WHOLE
    assert made["statements"] == made["history"] == []
    assert made["merged_into"] is None
    assert ok(surfacing.client.get(f"/v1/outcomes/{made['id']}")) == made
    assert ok(surfacing.client.get(f"{surfacing.path}/outcomes"))["items"][-1:] == [made]


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"rationale": None}, "/rationale", "string-type"),
        ({"rationale": ""}, "/rationale", "string-too-short"),
        ({"title": {}}, "/title", "too-short"),
        ({"type": "nice"}, "/type", "unknown-value"),
        ({"horizon": "soon"}, "/horizon", "unknown-value"),
        ({"beneficiaries": ["older_people", "cats"]}, "/beneficiaries/1", "unknown-value"),
        ({"domains": ["love"]}, "/domains/0", "unknown-domain"),
        ({"rivals": ["Another"]}, "/rivals/0", "unknown-initiative"),
        ({"origin": "user"}, "/origin", "wrong-origin"),
        ({"origin": "me"}, "/origin", "unknown-value"),
        ({"prevention": {"proxy": "Admissions"}}, "/prevention/counterfactual", "required"),
        ({"code": "No Code"}, "/code", "string-pattern-mismatch"),
        ({"statements": []}, "/statements", "unknown-field"),
    ],
)
def test_what_an_outcome_may_not_say_is_pointed_at(surfacing, members, pointer, code):
    body = {"code": "home", "title": "Home", "type": "change", "rationale": "It helps"} | members

    reply = surfacing.client.post(f"{surfacing.path}/outcomes", json=body)

    assert (pointer, code) in faults(reply)


def test_a_rationale_is_required(surfacing):
    body = {"code": "home", "title": "Home", "type": "change"}

    reply = surfacing.client.post(f"{surfacing.path}/outcomes", json=body)

    assert faults(reply) == {("/rationale", "required")}


def test_a_code_is_taken_once(surfacing):
    home = surfacing.surface()
    body = {"code": home["code"], "title": "Other", "type": "change", "rationale": "It helps"}

    reply = surfacing.client.post(f"{surfacing.path}/outcomes", json=body)

    assert refusal(reply, 409) == "already-exists"


def test_a_change_keeps_its_reason(surfacing):
    made = surfacing.surface(**WHOLE)
    at = f"/v1/outcomes/{made['id']}"

    ok(surfacing.client.patch(at, json={"why": "Clearer", "title": "People live at home"}))
    changed = ok(
        surfacing.client.patch(at, json={"why": "Too far", "horizon": None, "domains": []})
    )

    assert changed["title"] == {"en": "People live at home"}
    assert (changed["horizon"], changed["domains"]) == (None, [])
    assert changed["mechanism"] == WHOLE["mechanism"]
    assert changed["history"] == [
        {"edition": 2, "why": "Clearer"},
        {"edition": 3, "why": "Too far"},
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": "Without a reason"}, "/why"),
        ({"why": "x", "type": "nice"}, "/type"),
        ({"why": "x", "rationale": ""}, "/rationale"),
        ({"why": "x", "code": "other"}, "/code"),
        ({"why": "x", "origin": "policy"}, "/origin"),
    ],
)
def test_a_change_without_a_reason_or_of_what_stays_is_refused(surfacing, change, pointer):
    made = surfacing.surface()

    reply = surfacing.client.patch(f"/v1/outcomes/{made['id']}", json=change)

    assert pointer in {fault for fault, _ in faults(reply)}


def test_merging_moves_the_statements_and_keeps_the_record(surfacing):
    home, stay = (surfacing.surface() for _ in range(2))
    first = surfacing.code(home, 4)
    second = surfacing.code(stay, 3)

    merge = {"into": home["id"], "why": "The same in other words"}
    merged = ok(surfacing.client.post(f"/v1/outcomes/{stay['id']}/merge", json=merge))

    gone = ok(surfacing.client.get(f"/v1/outcomes/{stay['id']}"))
    assert merged["id"] == home["id"]
    assert merged["statements"] == sorted(first + second)
    assert (gone["merged_into"], gone["statements"]) == (home["id"], [])
    assert merged["history"] == gone["history"] == [{"edition": 2, "why": merge["why"]}]


def test_what_was_merged_changes_no_more(surfacing):
    home, stay, third = (surfacing.surface() for _ in range(3))
    at = f"/v1/outcomes/{stay['id']}"
    ok(surfacing.client.post(f"{at}/merge", json={"into": home["id"], "why": "The same"}))
    new = {"code": "new", "title": "New", "type": "change", "rationale": "It helps"}

    replies = [
        surfacing.client.patch(at, json={"why": "x", "title": "Other"}),
        surfacing.post(stay, "merge", into=third["id"], why="x"),
        surfacing.post(stay, "split", outcome=new, statements=[], why="x"),
        surfacing.client.post(
            f"/v1/outcomes/{third['id']}/merge", json={"into": stay["id"], "why": "x"}
        ),
    ]

    assert [refusal(reply, 409) for reply in replies] == ["outcome-merged"] * 4
    assert {reply.json()["merged_into"] for reply in replies} == {home["id"]}


def test_an_outcome_is_merged_into_another_of_its_own_evaluation(surfacing):
    home = surfacing.surface()
    elsewhere = surface(surfacing.client, surveyed(surfacing.client, ANSWERS[:10]), "home")
    at = f"/v1/outcomes/{home['id']}/merge"

    into_itself = surfacing.client.post(at, json={"into": home["id"], "why": "x"})
    into_another = surfacing.client.post(at, json={"into": elsewhere["id"], "why": "x"})

    assert faults(into_itself) == faults(into_another) == {("/into", "unknown-outcome")}


def test_splitting_moves_some_of_the_statements(surfacing):
    home = surfacing.surface()
    every = surfacing.code(home, 5)
    new = {"code": "calm", "title": "Calm", "type": "quality_of_life", "rationale": "It differs"}
    split = {"outcome": new, "statements": every[:2], "why": "Two things"}

    made = ok(surfacing.client.post(f"/v1/outcomes/{home['id']}/split", json=split), 201)

    left = ok(surfacing.client.get(f"/v1/outcomes/{home['id']}"))
    assert (made["code"], made["statements"]) == ("calm", every[:2])
    assert left["statements"] == every[2:]
    assert left["history"] == [{"edition": 2, "why": "Two things"}]


@pytest.mark.parametrize(
    ("new", "pointer"),
    [
        ({}, "/statements/1"),
        ({"domains": ["love"]}, "/outcome/domains/0"),
        ({"rationale": ""}, "/outcome/rationale"),
    ],
)
def test_a_wrong_split_is_pointed_at_and_changes_nothing(surfacing, new, pointer):
    home = surfacing.surface()
    (own,) = surfacing.code(home, 1)
    (foreign,) = surfacing.code(surfacing.surface(), 1)
    outcome = {"code": "new", "title": "New", "type": "change", "rationale": "It differs"} | new
    moved = [own, foreign] if not new else [own]

    reply = surfacing.client.post(
        f"/v1/outcomes/{home['id']}/split",
        json={"outcome": outcome, "statements": moved, "why": "x"},
    )

    assert {fault for fault, _ in faults(reply)} == {pointer}
    assert ok(surfacing.client.get(f"/v1/outcomes/{home['id']}"))["statements"] == [own]
