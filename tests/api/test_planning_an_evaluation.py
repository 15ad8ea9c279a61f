"""An evaluator plans a round: what is asked, of whom, and how answers may be cut.

All of it is declared before anybody answers; afterwards only what nobody was promised changes.
"""

import pytest

from tests.walkthrough import CONTACT, faults, go, issue, ok, plan, refusal, register, send

POOLED = [{"code": "vol", "label": "Voluntary", "organisations": ["mind", "council"]}]
VOICE = {"code": "older", "label": "Older people", "audience": "service_user", "invited": 30}


@pytest.fixture
def partnership(evaluator):
    """A partnership of three organisations: trust (40), council (30) and mind (20)."""
    return register(evaluator)


def refused(client, partnership, **design):
    path = f"/v1/partnerships/{partnership['id']}/evaluations"
    return client.post(path, json={"instrument": "poet-staff@1"} | design)


def patch(client, evaluation, **changes):
    return client.patch(f"/v1/evaluations/{evaluation['id']}", json=changes)


def test_an_instrument_is_enough(evaluator, partnership):
    made = ok(refused(evaluator, partnership), 201)

    assert made == {
        "id": made["id"],
        "partnership": partnership["id"],
        "number": 1,
        "stage": "draft",
        "warnings": [],
        "instrument": "poet-staff@1",
        "form": "full",
        "modules": None,
        "languages": ["en"],
        "smallest_group": 10,
        "cuts": ["organisation"],
        "groups": [],
        "voices": [],
        "closes": {"staff": None, "ranking": None, "verification": None},
        "timezone": "Europe/London",
        "collection": "platform",
        "reminders": "everyone",
        "staff_selection": "all",
        "benchmark": False,
        "origins": [],
        "contact": {"help": None, "safeguarding": None},
        "sandbox": False,
        "updated_at": "2027-03-01T12:00:00Z",
    }
    assert ok(evaluator.get(f"/v1/evaluations/{made['id']}")) == made


def test_everything_that_is_declared_is_kept(evaluator, partnership):
    design = {
        "instrument": "poet-staff@1",
        "form": "short",
        "modules": ["health", "outcomes"],
        "languages": ["cy", "en"],
        "smallest_group": 11,
        "cuts": ["organisation", "role", ["organisation", "role"]],
        "groups": [POOLED[0] | {"label": {"en": "Vol", "cy": "Gwirf"}, "headcount": 45}],
        "voices": [
            VOICE
            | {"label": {"en": "Older"}, "selection": "all", "service_user_group": "older_people"}
        ],
        "closes": {"staff": "2027-03-31", "ranking": "2027-04-30", "verification": "2027-06-30"},
        "timezone": "Europe/Paris",
        "collection": "browser",
        "reminders": "sender_marks",
        "benchmark": True,
        "origins": ["https://survey.example.org"],
        "contact": CONTACT | {"help": {"en": "Ring us", "cy": "Ffoniwch ni"}},
    }

    made = plan(evaluator, partnership, **design)

    assert {name: made[name] for name in design} == design


def test_rounds_of_a_partnership_are_numbered(evaluator, partnership):
    numbers = [plan(evaluator, partnership)["number"] for _ in range(3)]

    assert numbers == [1, 2, 3]
    assert plan(evaluator, register(evaluator))["number"] == 1
    listed = ok(evaluator.get(f"/v1/partnerships/{partnership['id']}/evaluations"))["items"]
    assert sorted(round_["number"] for round_ in listed) == numbers


def test_rounds_are_listed_in_pages(evaluator, partnership):
    made = {plan(evaluator, partnership)["id"] for _ in range(3)}
    path = f"/v1/partnerships/{partnership['id']}/evaluations"

    first = ok(evaluator.get(path, params={"limit": 2}))
    second = ok(evaluator.get(path, params={"limit": 2, "cursor": first["next"]}))

    assert {one["id"] for one in first["items"] + second["items"]} == made
    assert second["next"] is None
    assert refusal(evaluator.get(path, params={"cursor": "x"}), 400) == "cursor-malformed"


ROLES = ["organisation", "role"]


@pytest.mark.parametrize(
    ("design", "pointer", "code"),
    [
        ({"instrument": "poet-staff@2"}, "/instrument", "unknown-instrument"),
        ({"instrument": "poet-staff"}, "/instrument", None),
        (
            {"groups": [POOLED[0] | {"organisations": ["mind", "nobody"]}]},
            "/groups/0/organisations/1",
            "unknown-organisation",
        ),
        (
            {"groups": [*POOLED, POOLED[0] | {"code": "more", "organisations": ["mind"]}]},
            "/groups/1/organisations/0",
            "code-twice",
        ),
        ({"groups": [POOLED[0] | {"code": "trust"}]}, "/groups/0/code", "code-twice"),
        ({"groups": [POOLED[0] | {"organisations": []}]}, "/groups/0", "headcount-missing"),
        ({"cuts": ["age"]}, "/cuts/0", "unknown-cut"),
        ({"cuts": [["role", "age"]]}, "/cuts/0", "unknown-cut"),
        ({"cuts": [["role", "role"]]}, "/cuts/0", "unknown-cut"),
        ({"cuts": ["role", "role"]}, "/cuts", "code-twice"),
        ({"cuts": [ROLES, ROLES[::-1]]}, "/cuts", "too-many-crosses"),
        ({"modules": ["health", "weather"]}, "/modules/1", "unknown-value"),
        ({"modules": []}, "/modules", None),
        ({"form": "medium"}, "/form", "unknown-value"),
        ({"languages": ["en", "fr"]}, "/languages/1", "unknown-language"),
        ({"smallest_group": 9}, "/smallest_group", "below-deployment"),
        ({"smallest_group": 4}, "/smallest_group", None),
        ({"voices": [VOICE, VOICE]}, "/voices/1/code", "code-twice"),
        ({"voices": [VOICE | {"audience": "staff"}]}, "/voices/0/audience", "unknown-value"),
        (
            {"voices": [VOICE | {"service_user_group": "cats"}]},
            "/voices/0/service_user_group",
            "unknown-value",
        ),
        ({"closes": {"staff": "2027-02-30"}}, "/closes/staff", None),
        ({"timezone": "Mars/Olympus"}, "/timezone", None),
        ({"origins": ["javascript:alert(1)"]}, "/origins/0", None),
        ({"collection": "pigeon"}, "/collection", "unknown-value"),
        ({"stage": "surveying"}, "/stage", "unknown-field"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_does_not_fit_is_refused_at_its_place(evaluator, partnership, design, pointer, code):
    found = faults(refused(evaluator, partnership, **design))

    assert any(place == pointer and code in (None, name) for place, name in found), found
    path = f"/v1/partnerships/{partnership['id']}/evaluations"
    assert ok(evaluator.get(path))["items"] == []


def test_what_an_instrument_does_not_offer_cannot_be_asked(evaluator, partnership):
    scale = {"min": 1, "max": 2, "labels": {"en": ["No", "Yes"]}}
    item = {"code": "pace1", "text": "Fast?"}
    domain = {"code": "pace", "label": "Pace", "scale": "yes2", "items": [item]}
    plain = {"code": "plain", "version": 1, "title": "Plain", "languages": ["en"]}
    body = plain | {"scales": {"yes2": scale}, "domains": [domain]}
    ok(evaluator.post("/v1/instruments", json=body), 201)

    reply = refused(
        evaluator,
        partnership,
        instrument="plain@1",
        form="short",
        modules=["drivers"],
        languages=["cy"],
        cuts=["role"],
    )

    assert faults(reply) == {
        ("/form", "no-short-form"),
        ("/modules/0", "unknown-module"),
        ("/languages/0", "unknown-language"),
        ("/cuts/0", "unknown-cut"),
    }


def test_groups_and_voices_that_will_hardly_be_shown_are_named(evaluator):
    organisations = [
        {"code": code, "headcount": count} for code, count in [("a", 9), ("b", 19), ("c", 20)]
    ]
    few, many = VOICE | {"code": "few", "invited": 19}, VOICE | {"invited": 20}

    made = plan(evaluator, register(evaluator, organisations=organisations), voices=[few, many])

    assert made["warnings"] == [
        {"code": "groups-too-small", "groups": ["a"]},
        {"code": "groups-hardly-shown", "groups": ["b"]},
        {"code": "voices-hardly-shown", "groups": ["few"]},
    ]
    pooled = [{"code": "ab", "label": "A and B", "organisations": ["a", "b"]}]
    assert ok(patch(evaluator, made, groups=pooled, voices=[many]))["warnings"] == []


def test_all_of_the_design_changes_before_the_first_token(evaluator, partnership):
    evaluation = plan(evaluator, partnership, groups=POOLED, voices=[VOICE])
    changes = {
        "groups": [],
        "voices": [],
        "cuts": ["role"],
        "smallest_group": 12,
        "closes": {"staff": "2027-03-05", "ranking": None, "verification": None},
    }

    ok(patch(evaluator, evaluation, closes={"staff": "2027-03-31"}))
    changed = ok(patch(evaluator, evaluation, **changes))

    assert {name: changed[name] for name in changes} == changes
    assert ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}")) == changed


@pytest.mark.parametrize("fixed_by", ["token", "stage"])
@pytest.mark.parametrize(
    "change",
    [
        {"groups": []},
        {"groups": [POOLED[0] | {"organisations": ["council", "mind", "trust"]}]},
        {"groups": [POOLED[0] | {"headcount": 60}]},
        {"voices": []},
        {"voices": [VOICE | {"invited": 31}]},
        {"voices": [VOICE | {"audience": "carer"}]},
        {"cuts": ["role"]},
        {"smallest_group": 11},
    ],
    ids=str,
)
def test_the_first_token_or_stage_fixes_the_design(evaluator, partnership, fixed_by, change):
    evaluation = plan(evaluator, partnership, groups=POOLED, voices=[VOICE])
    if fixed_by == "token":
        issue(evaluator, evaluation, "staff", "trust", 1)
    else:
        go(evaluator, evaluation, "surveying")
    before = ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}"))

    assert refusal(patch(evaluator, evaluation, **change), 409) == "design-fixed"

    assert ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}")) == before


def test_labels_contacts_and_origins_change_at_any_time(evaluator, partnership):
    evaluation = plan(evaluator, partnership, groups=POOLED, voices=[VOICE])
    issue(evaluator, evaluation, "staff", "trust", 1)
    go(evaluator, evaluation, "surveying")
    changes = {
        "groups": [POOLED[0] | {"label": {"en": "The others"}, "headcount": None}],
        "origins": ["https://new.example.org"],
        "contact": {"help": {"en": "Room 4"}, "safeguarding": {"en": "Call 999"}},
    }

    changed = ok(
        patch(evaluator, evaluation, voices=[VOICE | {"label": {"en": "Our elders"}}], **changes)
    )

    assert {name: changed[name] for name in changes} == changes
    assert changed["voices"][0]["label"] == {"en": "Our elders"}


def test_a_draft_can_be_deleted_with_its_tokens(evaluator, partnership):
    evaluation = plan(evaluator, partnership)
    (token,) = issue(evaluator, evaluation, "staff", "trust", 1)

    ok(evaluator.delete(f"/v1/evaluations/{evaluation['id']}"), 204)

    assert refusal(evaluator.get(f"/v1/evaluations/{evaluation['id']}"), 404) == "not-found"
    assert refusal(send(evaluator, "responses", token, {"overall": 4}), 410) == "token-unusable"


def test_an_evaluation_that_has_begun_cannot_be_deleted(evaluator, partnership):
    evaluation = plan(evaluator, partnership)
    go(evaluator, evaluation, "surveying")

    reply = evaluator.delete(f"/v1/evaluations/{evaluation['id']}")

    assert refusal(reply, 409) == "wrong-stage"
    assert reply.json()["stage"] == "surveying"
    ok(evaluator.get(f"/v1/evaluations/{evaluation['id']}"))


def test_a_round_that_has_begun_keeps_the_organisations_it_began_with(evaluator, partnership):
    drafted, begun = plan(evaluator, partnership), plan(evaluator, partnership)
    go(evaluator, begun, "surveying")
    only = [{"code": "newcomer", "headcount": 50}]

    ok(evaluator.patch(f"/v1/partnerships/{partnership['id']}", json={"organisations": only}))

    assert len(issue(evaluator, begun, "staff", "mind", 1)) == 1
    assert len(issue(evaluator, drafted, "staff", "newcomer", 1)) == 1
    body = {"audience": "staff", "group": "newcomer", "count": 1}
    reply = evaluator.post(f"/v1/evaluations/{begun['id']}/tokens", json=body)
    assert faults(reply) == {("/group", "unknown-group")}
