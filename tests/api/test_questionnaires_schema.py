"""A survey page checks an answer with the questionnaire's JSON Schema before it sends it.

What the schema accepts the service accepts, and the reverse, but for rules that it cannot say:
that something must be answered, that points sum to ten, that no outcome is named twice.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.walkthrough import approve, go, issue, ok, plan, register, send, surface, surveyed

STATEMENT = {"outcome": "People stay at home"}
LONG, TOO_LONG = "x" * 2000, "x" * 2001
STAFF = [
    ({"overall": 4}, True),
    ({"overall": 6}, False),
    ({"overall": True}, False),
    ({"overall": "4"}, False),
    ({"overall": "dont_know"}, True),
    ({"role": "frontline", "overall": 1}, True),
    ({"role": "wizard", "overall": 1}, False),
    ({"answers": {"trust1": 1, "trust2": 5, "trust3": "not_applicable"}}, True),
    ({"answers": {"trust1": 0}}, False),
    ({"answers": {"trust1": 4.5}}, False),
    ({"answers": {"trust9": 4}}, False),
    ({"answers": {"trust1": "perhaps"}}, False),
    ({"answers": [4]}, False),
    ({"context": {"context1": 3}}, True),
    ({"context": {"trust1": 3}}, False),
    ({"drivers": {"practice": {"saving_money": 0}, "official": {"saving_money": 4}}}, True),
    ({"drivers": {"practice": {"saving_money": "dont_know"}}}, True),
    ({"drivers": {"practice": {"saving_money": "not_applicable"}}}, False),
    ({"drivers": {"practice": {"saving_money": 5}}}, False),
    ({"drivers": {"hidden": {"saving_money": 1}}}, False),
    ({"importance": {"trust": 7, "means": 3}}, True),
    ({"importance": {"trust": 11, "means": -1}}, False),
    ({"importance": {"weather": 10}}, False),
    ({"depth": {"council": {"current": "coordination", "right": "formal_merger"}}}, True),
    ({"depth": {"council": {"current": "friendship"}}}, False),
    ({"depth": {"nobody": {"current": "coordination"}}}, False),
    ({"unwritten": LONG}, True),
    ({"unwritten": TOO_LONG}, False),
    ({"unwritten": "nul \0 byte"}, False),
    ({"unwritten": "two\nlines, ŵ and 🙂\n"}, True),
    ({"unwritten": 3}, False),
    ({"statements": [STATEMENT] * 5}, True),
    ({"statements": [STATEMENT] * 6}, False),
    ({"statements": [{"outcome": ""}]}, False),
    ({"statements": [{"mechanism": "We meet"}]}, False),
    ({"statements": [STATEMENT | {"horizon": "10y+", "distinctive": "partly"}]}, True),
    ({"statements": [STATEMENT | {"horizon": "soon"}]}, False),
    ({"statements": [STATEMENT | {"distinctive": "maybe"}]}, False),
    ({"statements": [STATEMENT | {"beneficiaries": ["older_people", "carers"]}]}, True),
    ({"statements": [STATEMENT | {"beneficiaries": ["cats"]}]}, False),
    ({"statements": [STATEMENT | {"beneficiaries": ["carers"] * 13}]}, False),
    ({"statements": [STATEMENT | {"author": "me"}]}, False),
    ({"overall": 4, "name": "me"}, False),
    ([], False),
]
RANKING = [
    ({"outcomes": [{"outcome": "HOME", "ours": "yes"}], "top": ["WELL", "HOME"]}, True),
    ({"outcomes": [{"outcome": "HOME", "ours": "dont_know"}]}, True),
    ({"outcomes": [{"outcome": "HOME"}]}, False),
    ({"outcomes": [{"outcome": "HOME", "ours": "mine"}]}, False),
    ({"outcomes": [{"outcome": "nothing", "ours": "yes"}]}, False),
    ({"top": ["HOME", "HOME"]}, False),
    ({"top": ["nothing"]}, False),
    ({"top": ["HOME", "WELL", "HOME", "WELL"]}, False),
]
VERIFICATION = [
    ({"matters_most": "My garden"}, True),
    ({"verdicts": [{"outcome": "HOME", "importance": 4, "delivered": "dont_know"}]}, True),
    ({"verdicts": [{"outcome": "HOME", "importance": "not_about_me"}]}, True),
    ({"verdicts": [{"outcome": "HOME", "delivered": "not_about_me"}]}, False),
    ({"verdicts": [{"outcome": "HOME", "importance": 5}]}, False),
    ({"verdicts": [{"outcome": "HOME", "expected": 0, "joint": "mostly"}]}, True),
    ({"verdicts": [{"outcome": "HOME", "direction": "too_soon"}]}, True),
    ({"verdicts": [{"outcome": "HOME", "direction": 1}]}, False),
    ({"verdicts": [{"importance": 4}]}, False),
    ({"verdicts": [{"outcome": "nothing", "importance": 4}]}, False),
    ({"worse": "Longer waits", "as": "proxy", "mode": "paper", "supporter": "family"}, True),
    ({"worse": "Longer waits", "as": "spy"}, False),
    ({"worse": "Longer waits", "mode": "telepathy"}, False),
    ({"missing": ["time"] * 10}, True),
    ({"missing": ["time"] * 11}, False),
    ({"missing": [TOO_LONG]}, False),
    ({"experience": {"respect": 4, "say": 0, "contact": 2}}, True),
    ({"experience": {"respect": 5}}, False),
    ({"experience": {"warmth": 4}}, False),
    ({"top": ["HOME"]}, True),
    ({"top": ["HOME", "HOME"]}, False),
    ({"scale": "easy3", "verdicts": [{"outcome": "HOME", "importance": 2}]}, True),
    ({"scale": "hard9", "worse": "Longer waits"}, False),
]
OWN = {"own": {"life": 4, "health": 0, "heard": 2, "shared": 1}}


class Page:
    """A survey page of one audience: its schema, and tokens enough."""

    def __init__(self, client, path, tokens):
        headers = {"Authorization": f"Bearer {tokens[0]}"}
        schema = ok(client.get("/v1/questionnaire", headers=headers))["schema"]
        Draft202012Validator.check_schema(schema)
        self._schema = Draft202012Validator(schema)
        self._client, self._path, self._tokens = client, path, list(tokens)

    def finds_valid(self, body):
        return self._schema.is_valid(body)

    def send(self, body):
        """The status of sending it, and the code of its refusal."""
        reply = send(self._client, self._path, self._tokens[-1], body)
        if reply.status_code == 201:
            self._tokens.pop()
        assert reply.status_code in (201, 422), reply.text
        return reply.status_code, reply.json().get("code")


def staff_page(client):
    organisations = [{"code": "council", "headcount": 300}]
    evaluation = plan(client, register(client, organisations=organisations))
    go(client, evaluation, "surveying")
    return Page(client, "responses", issue(client, evaluation, "staff", "council", 300))


def outcome_page(client, audience):
    """The page of a ranking or a verification, and the ids of its two outcomes."""
    voices = [
        {"code": kind.replace("_", "-"), "label": kind, "audience": kind, "invited": 40}
        for kind in ("service_user", "carer")
    ]
    evaluation = surveyed(client, [{"overall": 4}] * 10, voices=voices)
    outcomes = [surface(client, evaluation, code) for code in ("home", "well")]
    ids = {outcome["code"].upper(): outcome["id"] for outcome in outcomes}
    if audience == "ranking":
        return Page(client, "rankings", issue(client, evaluation, audience, "trust", 40)), ids
    approve(client, evaluation, outcomes)
    go(client, evaluation, "verifying")
    tokens = issue(client, evaluation, audience, audience.replace("_", "-"), 40)
    return Page(client, "verifications", tokens), ids


def named(value, ids):
    """The same body with outcomes by their ids."""
    if isinstance(value, dict):
        return {name: named(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [named(part, ids) for part in value]
    return ids.get(value, value) if isinstance(value, str) else value


def judged(page, bodies):
    """How the schema and the service judge each body."""
    return [(body, page.finds_valid(body), page.send(body)[0] == 201) for body in bodies]


def test_a_staff_page_finds_wrong_what_the_service_refuses(evaluator):
    found = judged(staff_page(evaluator), [body for body, _ in STAFF])

    assert found == [(body, valid, valid) for body, valid in STAFF]


@pytest.mark.parametrize(
    ("audience", "table"),
    [
        ("ranking", RANKING),
        ("service_user", [*VERIFICATION, (OWN, False)]),
        ("carer", [*VERIFICATION, (OWN, True), ({"own": {"life": 5}}, False)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_other_pages_do_too(evaluator, audience, table):
    page, ids = outcome_page(evaluator, audience)
    table = [(named(body, ids), valid) for body, valid in table]

    found = judged(page, [body for body, _ in table])

    assert found == [(body, valid, valid) for body, valid in table]


ANSWERS = st.one_of(
    st.integers(-1, 6), st.sampled_from(["dont_know", "not_applicable", "", "x"]), st.booleans()
)
ITEMS = st.sampled_from(["trust1", "trust2", "voice5", "nothing", "context1"])
WORDS = st.text(st.characters(codec="utf-8"), max_size=5)
CODES = st.sampled_from(["coordination", "formal_merger", "1-3y", "older_people", "yes", "x"])
STATEMENTS = st.fixed_dictionaries(
    {},
    optional={
        "outcome": WORDS,
        "context": WORDS,
        "horizon": CODES,
        "distinctive": CODES,
        "beneficiaries": st.lists(CODES, max_size=2),
    },
)
RESPONSES = st.fixed_dictionaries(
    {},
    optional={
        "role": st.sampled_from(["frontline", "manager", "wizard"]),
        "answers": st.dictionaries(ITEMS, ANSWERS, max_size=3),
        "context": st.dictionaries(ITEMS, ANSWERS, max_size=2),
        "overall": ANSWERS,
        "unwritten": WORDS,
        "statements": st.lists(STATEMENTS, max_size=2),
        "drivers": st.dictionaries(
            st.sampled_from(["practice", "official"]),
            st.dictionaries(st.sampled_from(["saving_money", "x"]), ANSWERS, max_size=2),
        ),
        "depth": st.dictionaries(
            st.sampled_from(["council", "nobody"]),
            st.dictionaries(st.sampled_from(["current", "right"]), CODES, max_size=2),
            max_size=2,
        ),
    },
)


def test_whatever_a_staff_page_sends_is_judged_alike(evaluator):
    page = staff_page(evaluator)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(RESPONSES)
    def alike(body):
        status, code = page.send(body)
        if code != "nothing-answered":
            assert page.finds_valid(body) == (status == 201), body

    alike()


def test_what_the_schema_cannot_say_the_service_still_refuses(evaluator):
    page = staff_page(evaluator)

    for body in ({}, {"role": "frontline"}, {"importance": {"trust": 9}}, {"unwritten": ""}):
        assert page.finds_valid(body)
        assert page.send(body)[0] == 422
