"""Service users and carers say whether these are the right outcomes, and whether they happen."""

import jsonschema
import pytest

from tests.walkthrough import (
    approve,
    faults,
    go,
    issue,
    ok,
    refusal,
    send,
    surface,
    surveyed,
)

VOICES = [
    {"code": "op", "label": "Older people", "audience": "service_user", "invited": 200},
    {"code": "carers", "label": "Carers", "audience": "carer", "invited": 100},
]
LONG = "a" * 2001


class Verifying:
    """An evaluation that users and carers verify, and a supply of tokens."""

    def __init__(self, client):
        self.client = client
        self.evaluation = surveyed(client, [{"overall": 4}] * 10, voices=VOICES)
        self.outcomes = [
            surface(client, self.evaluation, code)["id"]
            for code in ("home", "well", "calm", "safe")
        ]
        listed = ok(client.get(f"/v1/evaluations/{self.evaluation['id']}/outcomes"))["items"]
        by_id = {one["id"]: one for one in listed}
        approve(client, self.evaluation, [by_id[one] for one in self.outcomes[:3]])
        self.left_out = self.outcomes.pop()
        go(client, self.evaluation, "verifying")
        self._tokens = {
            voice: iter(issue(client, self.evaluation, audience, voice, count))
            for audience, voice, count in (("service_user", "op", 200), ("carer", "carers", 50))
        }

    def token(self, voice="op"):
        return next(self._tokens[voice])

    def send(self, body, token=None, *, voice="op"):
        return send(self.client, "verifications", token or self.token(voice), body)

    def asked(self, token):
        return self.client.get("/v1/questionnaire", headers={"Authorization": f"Bearer {token}"})

    def everything(self):
        """A verification with every member."""
        verdict = {
            "importance": 4,
            "delivered": 2,
            "direction": "better",
            "expected": 1,
            "joint": "mostly",
        }
        return {
            "as": "proxy",
            "mode": "paper",
            "supporter": "family",
            "scale": "full",
            "matters_most": "my garden",
            "verdicts": [{"outcome": one} | verdict for one in self.outcomes],
            "top": self.outcomes[:3],
            "missing": ["company", "time"],
            "worse": "longer waits",
            "experience": {"respect": 4, "say": 3, "contact": 0},
        }


@pytest.fixture(scope="module")
def shared(running):
    """One such evaluation for the whole file."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        yield Verifying(client)


@pytest.fixture
def verifying(shared, service):
    """The shared evaluation, with the clock at today."""
    return shared


def test_everything_that_is_asked_can_be_answered(verifying):
    body, own = verifying.everything(), {"life": 1, "health": 2, "heard": 3, "shared": 4}

    user = verifying.send(body)
    carer = verifying.send(body | {"own": own}, voice="carers")

    assert ok(user, 201)["evaluation"] == ok(carer, 201)["evaluation"] == verifying.evaluation["id"]


@pytest.mark.parametrize("voice", ["op", "carers"])
def test_the_questionnaire_says_what_a_valid_answer_is(verifying, voice):
    asked = ok(verifying.asked(verifying.token(voice)))

    body = verifying.everything()
    jsonschema.validate(body, asked["schema"])
    with_own = body | {"own": {"life": 1}}
    if voice == "carers":
        jsonschema.validate(with_own, asked["schema"])
    else:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(with_own, asked["schema"])
    assert [one["id"] for one in asked["outcomes"]] == verifying.outcomes
    assert asked["contact"]["safeguarding"] == "Call 0300 000 000"


def test_what_matters_most_is_asked_before_the_list(verifying):
    asked = ok(verifying.asked(verifying.token()))

    codes = [question["code"] for section in asked["sections"] for question in section["questions"]]

    assert codes.index("matters_most") < codes.index("importance") < codes.index("delivered")


@pytest.mark.parametrize(
    "part",
    ["matters_most", "missing", "worse", "experience", "top"],
)
def test_one_part_is_enough(verifying, part):
    assert verifying.send({part: verifying.everything()[part]}).status_code == 201


@pytest.mark.parametrize(
    "verdict",
    [
        {"importance": 0},
        {"importance": "not_about_me"},
        {"delivered": "dont_know"},
        {"direction": "too_soon"},
        {"expected": 4},
        {"joint": "no"},
    ],
)
def test_one_answer_about_one_outcome_is_enough(verifying, verdict):
    body = {"verdicts": [{"outcome": verifying.outcomes[0]} | verdict]}

    assert verifying.send(body).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"as": "self", "mode": "online", "supporter": "none", "scale": "easy3"},
        {"verdicts": []},
        {"matters_most": "", "missing": [], "top": []},
        {"missing": [""]},
        {"experience": {}},
    ],
)
def test_what_says_nothing_spends_no_token(verifying, body):
    token = verifying.token()

    reply = verifying.send(body, token)

    assert refusal(reply, 422) == "nothing-answered"
    assert verifying.asked(token).status_code == 200


def test_to_name_an_outcome_is_to_say_nothing_of_it(verifying):
    reply = verifying.send({"verdicts": [{"outcome": one} for one in verifying.outcomes]})

    assert refusal(reply, 422) == "nothing-answered"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"importance": 5}, "/verdicts/0/importance", "less-than-equal"),
        ({"importance": "too_soon"}, "/verdicts/0/importance", "unknown-value"),
        ({"delivered": "not_about_me"}, "/verdicts/0/delivered", "unknown-value"),
        ({"delivered": 1.5}, "/verdicts/0/delivered", "int-from-float"),
        ({"expected": True}, "/verdicts/0/expected", "int-type"),
        ({"direction": 1}, "/verdicts/0/direction", "unknown-value"),
        ({"joint": "partially"}, "/verdicts/0/joint", "unknown-value"),
        ({"rating": 3}, "/verdicts/0/rating", "unknown-field"),
    ],
)
def test_a_wrong_verdict_is_pointed_at(verifying, changed, pointer, code):
    token = verifying.token()
    verdict = {"outcome": verifying.outcomes[0], "importance": 4} | changed

    reply = verifying.send({"verdicts": [verdict]}, token)

    found = faults(reply)
    assert {place for place, _ in found} == {pointer}
    assert code in {named for _, named in found} or code.startswith("int")
    assert verifying.asked(token).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"as": "friend"}, "/as", "unknown-value"),
        ({"mode": "fax"}, "/mode", "unknown-value"),
        ({"supporter": "dog"}, "/supporter", "unknown-value"),
        ({"scale": "easy5"}, "/scale", "unknown-value"),
        ({"worse": LONG}, "/worse", "string-too-long"),
        ({"matters_most": LONG}, "/matters_most", "string-too-long"),
        ({"missing": ["company", LONG]}, "/missing/1", "string-too-long"),
        ({"experience": {"respect": 5}}, "/experience/respect", "less-than-equal"),
        ({"experience": {"food": 1}}, "/experience/food", "unknown-field"),
        ({"own": {"life": 1}}, "/own", "not-asked"),
        ({"name": "Ann"}, "/name", "unknown-field"),
        ({"top": ["nothing"]}, "/top/0", "unknown-outcome"),
        ({"top": ["a", "b", "c", "d"]}, "/top", "too-long"),
    ],
)
def test_a_wrong_answer_is_pointed_at_and_spends_nothing(verifying, body, pointer, code):
    token = verifying.token()

    reply = verifying.send({"worse": "waits"} | body, token)

    assert (pointer, code) in faults(reply)
    assert verifying.asked(token).status_code == 200


def test_only_what_is_on_the_schedule_is_verified_and_once(verifying):
    first, left_out = verifying.outcomes[0], verifying.left_out

    unknown = verifying.send({"verdicts": [{"outcome": left_out, "importance": 4}]})
    twice = verifying.send({"verdicts": [{"outcome": first, "importance": n} for n in (1, 4)]})
    top = verifying.send({"top": [first, left_out, first]})

    assert faults(unknown) == {("/verdicts/0/outcome", "unknown-outcome")}
    assert faults(twice) == {
        ("/verdicts/0/outcome", "outcome-twice"),
        ("/verdicts/1/outcome", "outcome-twice"),
    }
    assert faults(top) == {
        ("/top/0", "outcome-twice"),
        ("/top/1", "unknown-outcome"),
        ("/top/2", "outcome-twice"),
    }


@pytest.mark.parametrize(("value", "status"), [(0, 201), (1, 422), (2, 201), (3, 422), (4, 201)])
@pytest.mark.parametrize("member", ["importance", "delivered", "expected"])
def test_the_easy_scale_has_three_points(verifying, member, value, status):
    verdict = {"outcome": verifying.outcomes[0], member: value}

    reply = verifying.send({"scale": "easy3", "verdicts": [verdict]})

    assert reply.status_code == status
    if status == 422:
        assert faults(reply) == {(f"/verdicts/0/{member}", "off-scale")}


def test_the_easy_scale_holds_for_every_rating(verifying):
    body = {"scale": "easy3", "experience": {"respect": 1}, "own": {"health": 3}}

    reply = verifying.send(body, voice="carers")

    assert faults(reply) == {("/experience/respect", "off-scale"), ("/own/health", "off-scale")}


def test_a_users_token_is_not_for_staff(verifying):
    token = verifying.token()

    reply = send(verifying.client, "responses", token, {"overall": 4})

    assert refusal(reply, 403) == "wrong-audience"
    assert verifying.send({"worse": "waits"}, token).status_code == 201
