"""A survey page asks what to ask: everything it needs in one reply, in the respondent's language.

The evaluator sees the same beforehand. Looking uses nothing up.
"""

import json

import pytest

from tests.walkthrough import (
    CONTACT,
    approve,
    go,
    issue,
    ok,
    plan,
    refusal,
    send,
    surface,
    surveyed,
)

BOTH = {"en": "Call 0300 000 000", "cy": "Ffoniwch 0300 000 000"}
HELP = {"help": {"en": "Ring us", "cy": "Ffoniwch ni"}}
VOICES = [
    {"code": "older", "label": {"en": "Older people", "cy": "Pobl hŷn"}, "invited": 30}
    | {"audience": "service_user"},
    {"code": "carers", "label": {"en": "Carers", "cy": "Gofalwyr"}, "invited": 30}
    | {"audience": "carer"},
]
WELSH = {"languages": ["en", "cy"], "contact": CONTACT | HELP}


def look(client, token, language=None, accept=None):
    headers = {"Authorization": f"Bearer {token}"} | ({"Accept-Language": accept} if accept else {})
    params = {"language": language} if language else {}
    return client.get("/v1/questionnaire", headers=headers, params=params)


def preview(client, evaluation, audience="staff", **params):
    path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
    return ok(client.get(path, params={"audience": audience} | params))


def surveying(client, **design):
    evaluation = plan(client, **design)
    go(client, evaluation, "surveying")
    return evaluation, issue(client, evaluation, "staff", "council", 5)


def verifying(client, **design):
    """An open verification in both languages, its outcome, and a token for each audience."""
    evaluation = surveyed(client, [{"overall": 4}] * 10, voices=VOICES, **WELSH | design)
    outcome = surface(client, evaluation, "home")
    schedule = approve(client, evaluation, [outcome])
    schedule["outcomes"][0]["plain"] = {"en": "I stay at home", "cy": "Rwy'n aros gartref"}
    schedule.pop("methods")
    ok(client.put(f"/v1/evaluations/{evaluation['id']}/schedule", json=schedule))
    go(client, evaluation, "verifying")
    (user,) = issue(client, evaluation, "service_user", "older", 1)
    (carer,) = issue(client, evaluation, "carer", "carers", 1)
    return evaluation, outcome, user, carer


def item_codes(questionnaire):
    return [item["code"] for domain in questionnaire["domains"] for item in domain["items"]]


def test_a_member_of_staff_is_asked_everything_in_one_reply(evaluator):
    evaluation, tokens = surveying(evaluator)

    asked = ok(look(evaluator, tokens[0]))

    assert asked["evaluation"] == evaluation["id"]
    assert asked["audience"] == "staff"
    assert asked["instrument"] == "poet-staff@1"
    assert asked["groups"] == [{"code": "council", "label": "Northshire Council"}]
    assert len(item_codes(asked)) == 50
    assert asked["domains"][0]["label"] == "Purpose"
    assert asked["scales"]["agree5"]["labels"][0] == "Strongly disagree"
    assert set(asked["special_answers"]) == {"dont_know", "not_applicable"}
    role = next(one for one in asked["attributes"] if one["code"] == "role")
    values = [value["code"] for value in role["values"]]
    assert values == ["strategic", "manager", "frontline", "support"]
    assert asked["importance"]["points"] == 10
    assert asked["depth"]["levels"][0]["code"] == "information_sharing"
    assert [one["code"] for one in asked["depth"]["organisations"]] == ["trust", "council", "mind"]
    assert len(asked["context"]["items"]) == 5
    assert {"overall", "drivers", "prompts", "unwritten", "schema"} <= set(asked)


def test_it_says_whom_to_turn_to_and_what_happens_to_an_answer(evaluator, anybody):
    evaluation, tokens = surveying(evaluator, origins=["https://survey.example.org"], contact=HELP)

    asked = ok(look(evaluator, tokens[0]))

    assert asked["contact"] == {"help": "Ring us"}
    statement = ok(anybody.get(f"/v1/evaluations/{evaluation['id']}/privacy"))
    assert asked["privacy"] == statement
    assert statement["smallest_group"] == 10
    assert statement["origins"] == ["https://survey.example.org"]
    assert len(statement["residual_risks"]) >= 4


def test_looking_does_not_use_the_token_up(evaluator):
    _, (token, *_) = surveying(evaluator)

    first, second = look(evaluator, token), look(evaluator, token)

    assert first.content == second.content
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)
    assert refusal(look(evaluator, token), 410) == "token-unusable"


def test_before_the_survey_opens_a_token_shows_nothing_yet(evaluator):
    (token,) = issue(evaluator, plan(evaluator), "staff", "trust", 1)

    reply = look(evaluator, token)

    assert refusal(reply, 409) == "wrong-stage"
    assert reply.json()["needed"] == ["surveying"]


@pytest.mark.parametrize("stage", ["draft", "surveying"])
def test_the_evaluator_sees_what_respondents_will(evaluator, stage):
    evaluation = plan(evaluator, **WELSH)
    seen = preview(evaluator, evaluation, language="cy")
    go(evaluator, evaluation, "surveying")
    tokens = issue(evaluator, evaluation, "staff", "mind", 1)

    asked = ok(look(evaluator, tokens[0], language="cy"))

    if stage == "surveying":
        seen = preview(evaluator, evaluation, language="cy")
    assert [group["code"] for group in seen.pop("groups")] == ["trust", "council", "mind"]
    assert asked.pop("groups") == [{"code": "mind", "label": "Mind in Northshire"}]
    assert seen == asked


@pytest.mark.parametrize("audience", ["staff", "ranking", "service_user", "carer"])
def test_every_audience_can_be_previewed_in_a_draft(evaluator, audience):
    seen = preview(evaluator, plan(evaluator, voices=VOICES), audience)

    assert seen["audience"] == audience
    assert seen["schema"]["additionalProperties"] is False


def test_the_short_form_asks_three_items_of_each_domain(evaluator):
    seen = preview(evaluator, plan(evaluator, form="short"))

    assert len(seen["domains"]) == 10
    assert all(len(domain["items"]) == 3 for domain in seen["domains"])
    assert set(seen["schema"]["properties"]["answers"]["properties"]) == set(item_codes(seen))


@pytest.mark.parametrize(
    ("modules", "there", "absent"),
    [
        (["health"], {"answers"}, {"statements", "unwritten", "drivers", "importance", "depth"}),
        (["outcomes"], {"statements", "unwritten"}, {"answers", "context", "drivers"}),
        (["drivers", "context"], {"drivers", "context"}, {"answers", "statements", "importance"}),
        (["health", "importance"], {"answers", "importance"}, {"statements", "depth"}),
        (["depth"], {"depth"}, {"answers", "statements", "context"}),
    ],
    ids=lambda value: "+".join(sorted(value)),
)
def test_only_the_modules_that_were_chosen_are_asked(evaluator, modules, there, absent):
    seen = preview(evaluator, plan(evaluator, modules=modules))

    members = set(seen["schema"]["properties"])
    assert there <= members
    assert not absent & members
    assert not (absent - {"answers", "statements"}) & set(seen)
    assert bool(seen["domains"]) == ("health" in modules)
    assert ("prompts" in seen) == ("outcomes" in modules)


@pytest.mark.parametrize(
    ("language", "accept", "given"),
    [
        (None, None, "en"),
        ("cy", None, "cy"),
        ("cy", "en", "cy"),
        ("en", "cy", "en"),
        (None, "cy", "cy"),
        (None, "cy-GB,cy;q=0.9,en;q=0.8", "cy"),
        (None, "fr,cy;q=0.5", "cy"),
        (None, "fr", "en"),
        (None, ";;,,", "en"),
    ],
)
def test_the_language_is_what_the_page_insists_on_or_the_browser_prefers(
    evaluator, language, accept, given
):
    _, tokens = surveying(evaluator, **WELSH)

    asked = ok(look(evaluator, tokens[0], language, accept))

    assert asked["language"] == given
    assert asked["languages"] == ["en", "cy"]
    assert asked["domains"][0]["label"] == {"en": "Purpose", "cy": "Diben"}[given]
    assert asked["contact"]["help"] == HELP["help"][given]
    assert asked["draft_translation"] == (given == "cy")


def test_the_first_declared_language_is_the_usual_one(evaluator):
    evaluation = plan(evaluator, **WELSH | {"languages": ["cy", "en"]})

    assert preview(evaluator, evaluation)["language"] == "cy"


def test_a_language_that_was_not_declared_is_refused(evaluator):
    evaluation, tokens = surveying(evaluator)
    path = f"/v1/evaluations/{evaluation['id']}/questionnaire"

    assert refusal(look(evaluator, tokens[0], "cy"), 422) == "invalid"
    assert refusal(evaluator.get(path, params={"language": "cy"}), 422) == "invalid"
    assert refusal(evaluator.get(path, params={"audience": "mayor"}), 422) == "invalid"


def test_in_welsh_no_english_remains(evaluator):
    evaluation = plan(evaluator, voices=VOICES, **WELSH)

    for audience in ("staff", "ranking", "service_user", "carer"):
        english = _texts(preview(evaluator, evaluation, audience, language="en"))
        welsh = _texts(preview(evaluator, evaluation, audience, language="cy"))
        assert len(welsh) > 10
        assert english & welsh <= {"Northshire NHS Trust", "Northshire Council"} | {
            "Mind in Northshire"
        }


def test_staff_rank_the_outcomes_that_stand(evaluator):
    evaluation = surveyed(evaluator, [{"overall": 4}] * 10)
    home, well = surface(evaluator, evaluation, "home"), surface(evaluator, evaluation, "well")
    gone = surface(evaluator, evaluation, "gone")
    merging = {"into": well["id"], "why": "The same"}
    ok(evaluator.post(f"/v1/outcomes/{gone['id']}/merge", json=merging))
    (token,) = issue(evaluator, evaluation, "ranking", "trust", 1)

    asked = ok(look(evaluator, token))

    assert asked["audience"] == "ranking"
    assert {one["id"]: one["plain"] for one in asked["outcomes"]} == {
        home["id"]: "People are home",
        well["id"]: "People are well",
    }


def test_users_and_carers_are_each_asked_their_own_questions(evaluator):
    _, outcome, user, carer = verifying(evaluator)

    to_user, to_carer = ok(look(evaluator, user, "cy")), ok(look(evaluator, carer, "cy"))

    assert to_user["audience"] == "service_user"
    assert to_carer["audience"] == "carer"
    for asked in (to_user, to_carer):
        assert asked["outcomes"] == [{"id": outcome["id"], "plain": "Rwy'n aros gartref"}]
        assert asked["draft_translation"] is True
    assert "own" not in to_user["schema"]["properties"]
    own = to_carer["schema"]["properties"]["own"]["properties"]
    assert set(own) == {"life", "health", "heard", "shared"}
    sections = [{section["code"] for section in asked["sections"]} for asked in (to_user, to_carer)]
    assert sections[1] - sections[0] == {"own"}


def test_safety_and_what_matters_come_before_the_list_of_outcomes(evaluator):
    _, _, user, _ = verifying(evaluator)

    reply = look(evaluator, user)

    members = list(json.loads(reply.content))
    assert members.index("contact") < members.index("sections") < members.index("outcomes")
    asked = ok(reply)
    assert list(asked["contact"]) == ["safeguarding", "help"]
    assert asked["contact"]["safeguarding"] == BOTH["en"]
    questions = [
        (question["code"], question["each"])
        for section in asked["sections"]
        for question in section["questions"]
    ]
    codes = [code for code, _ in questions]
    first_of_an_outcome = next(at for at, (_, each) in enumerate(questions) if each)
    assert codes.index("matters_most") < min(first_of_an_outcome, codes.index("top"))


def _texts(value):
    """Every text for people in a document: what has a space or a capital letter in it."""
    if isinstance(value, dict):
        kept = [part for name, part in value.items() if name not in ("schema", "origins")]
        return set().union(*map(_texts, kept)) if kept else set()
    if isinstance(value, list):
        return set().union(*map(_texts, value)) if value else set()
    if isinstance(value, str) and (" " in value or value != value.lower()):
        return {value}
    return set()
