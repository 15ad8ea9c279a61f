"""The service drafts what users and carers are asked; people edit it, and approve its words."""

import pytest

from app.use_cases import stages
from tests.walkthrough import (
    approve,
    faults,
    go,
    issue,
    ok,
    refusal,
    send_all,
    surface,
    surveyed,
)

ANSWERS = [{"statements": [{"outcome": f"people are well, {n}"}]} for n in range(12)]
VOICES = [
    {
        "code": "ld",
        "label": "People with a learning disability",
        "audience": "service_user",
        "service_user_group": "learning_disability",
        "invited": 20,
    },
    {"code": "carers", "label": "Carers", "audience": "carer", "invited": 20},
]


class Surfacing:
    """An evaluation whose outcomes are being put on a schedule."""

    def __init__(self, client, **design):
        self.client = client
        self.evaluation = surveyed(client, ANSWERS, voices=VOICES, **design)
        self.path = f"/v1/evaluations/{self.evaluation['id']}"

    def surface(self, code, **members):
        return surface(self.client, self.evaluation, code, **members)

    def code(self, named):
        """Code as many statements into each outcome as it says."""
        said = iter(ok(self.client.get(f"{self.path}/statements"))["items"])
        lines = [
            {"statement": next(said)["id"], "coder": "ann", "outcome": code}
            for code, times in named.items()
            for _ in range(times)
        ]
        ok(self.client.put(f"{self.path}/coding", json=lines))

    def schedule(self):
        return ok(self.client.get(f"{self.path}/schedule"))

    def put(self, **schedule):
        return self.client.put(f"{self.path}/schedule", json=schedule)

    def start(self, **options):
        return self.client.post(f"{self.path}/stage", json={"stage": "verifying"} | options)


@pytest.fixture
def surfacing(evaluator):
    """Such an evaluation."""
    return Surfacing(evaluator)


def test_the_draft_asks_about_the_eight_that_most_statements_name(surfacing):
    made = {code: surfacing.surface(code)["id"] for code in "abcdefghijk"}
    system = surfacing.surface("system", type="system")["id"]
    surfacing.code({"k": 3, "j": 2, "i": 1, "system": 4})

    schedule = surfacing.schedule()

    asked = [one["outcome"] for one in schedule["outcomes"]]
    assert schedule["status"] == "draft"
    assert asked == [made[code] for code in "kjiabcde"]
    assert schedule["outcomes"][0]["plain"] == {"en": "People are k"}
    assert all(one["reason"] for one in schedule["outcomes"])
    left_out = {one["outcome"]: one["reason"] for one in schedule["left_out"]}
    assert left_out.keys() == {made["f"], made["g"], made["h"], system}
    assert "system" in left_out[system]
    assert left_out[made["f"]] == left_out[made["g"]] != left_out[system]


def test_once_staff_have_ranked_the_draft_follows_what_they_share(surfacing, service):
    home, well, calm = (surfacing.surface(code)["id"] for code in ("home", "well", "calm"))
    surfacing.code({"calm": 5})
    path = surfacing.path
    ok(surfacing.client.patch(path, json={"closes": {"ranking": "2027-03-02"}}))
    tokens = issue(surfacing.client, surfacing.evaluation, "ranking", "trust", 12)
    ours = {home: ["yes"] * 12, well: ["yes"] * 6 + ["no"] * 6, calm: ["no"] * 12}
    rankings = [
        {"outcomes": [{"outcome": one, "ours": said[n]} for one, said in ours.items()]}
        for n in range(12)
    ]
    send_all(surfacing.client, "rankings", tokens, rankings)

    service.clock.advance(days=2)
    stages.close_due(service.deployment)

    assert [one["outcome"] for one in surfacing.schedule()["outcomes"]] == [home, well, calm]


def test_one_that_divides_staff_is_always_asked_about(surfacing, service):
    made = {code: surfacing.surface(code)["id"] for code in "abcdefghij"}
    ok(surfacing.client.patch(surfacing.path, json={"closes": {"ranking": "2027-03-02"}}))
    tokens = issue(surfacing.client, surfacing.evaluation, "ranking", "trust", 12)
    said = dict.fromkeys("abcdefghi", ["yes"] * 12) | {"j": ["yes"] * 6 + ["no"] * 6}
    rankings = [
        {"outcomes": [{"outcome": made[code], "ours": said[code][n]} for code in said]}
        for n in range(12)
    ]
    send_all(surfacing.client, "rankings", tokens, rankings)

    service.clock.advance(days=2)
    stages.close_due(service.deployment)
    schedule = surfacing.schedule()

    assert [one["outcome"] for one in schedule["outcomes"]] == [made[code] for code in "abcdefgj"]
    assert schedule["outcomes"][-1]["reason"] != schedule["outcomes"][0]["reason"]


def test_guidance_says_how_to_ask_each_group_of_the_voices(surfacing):
    surfacing.surface("home")

    methods = surfacing.schedule()["methods"]

    assert {one["service_user_group"] for one in methods} == {"learning_disability", "carers"}
    for one in methods:
        assert one["least"] >= 1
        for member in ("methods", "why", "not_when", "adjustments", "ethics"):
            assert one[member], member


def test_the_schedule_is_edited_and_approved(surfacing):
    home, well = (surfacing.surface(code)["id"] for code in ("home", "well"))
    asked = [{"outcome": well, "plain": {"en": "I am well"}, "reason": "It matters"}]
    left_out = [{"outcome": home, "reason": "Later"}]

    put = ok(surfacing.put(status="draft", outcomes=asked, left_out=left_out))
    approved = ok(surfacing.put(status="approved", outcomes=asked, left_out=left_out))

    assert (put["status"], approved["status"]) == ("draft", "approved")
    assert (approved["outcomes"], approved["left_out"]) == (asked, left_out)
    assert surfacing.schedule() == approved


def test_every_outcome_is_asked_about_or_left_out_once(surfacing):
    home, well = (surfacing.surface(code)["id"] for code in ("home", "well"))
    gone = surfacing.surface("gone")["id"]
    merge = {"into": well, "why": "The same"}
    ok(surfacing.client.post(f"/v1/outcomes/{gone}/merge", json=merge))

    def asked(*outcomes):
        return [{"outcome": one, "plain": "I am", "reason": "It matters"} for one in outcomes]

    missing = surfacing.put(status="draft", outcomes=asked(home), left_out=[])
    twice = surfacing.put(
        status="draft", outcomes=asked(home, well), left_out=[{"outcome": home, "reason": "x"}]
    )
    unknown = surfacing.put(status="draft", outcomes=asked(home, well, "x"), left_out=[])
    merged = surfacing.put(status="draft", outcomes=asked(home, well, gone), left_out=[])
    without_reason = surfacing.put(
        status="draft", outcomes=asked(home), left_out=[{"outcome": well}]
    )
    nothing = surfacing.put(status="draft", outcomes=[], left_out=[])

    assert faults(missing) == {("/left_out", "outcome-missing")}
    assert faults(twice) == {("/left_out/0/outcome", "unknown-outcome")}
    assert faults(unknown) == faults(merged) == {("/outcomes/2/outcome", "unknown-outcome")}
    assert faults(without_reason) == {("/left_out/0/reason", "required")}
    assert faults(nothing) == {("/left_out", "outcome-missing")}


def test_nobody_is_asked_before_the_schedule_is_approved(surfacing):
    home = surfacing.surface("home")
    asked = [{"outcome": home["id"], "plain": "I am at home", "reason": "It matters"}]

    without = surfacing.start()
    surfacing.put(status="draft", outcomes=asked)
    as_draft = surfacing.start()
    approve(surfacing.client, surfacing.evaluation, [home])
    approved = surfacing.start()

    assert refusal(without, 409) == refusal(as_draft, 409) == "schedule-not-approved"
    assert ok(approved)["stage"] == "verifying"


def test_an_outcome_that_appears_after_the_approval_has_to_be_dealt_with(surfacing):
    home = surfacing.surface("home")
    approve(surfacing.client, surfacing.evaluation, [home])
    well = surfacing.surface("well")

    refused = surfacing.start()
    approve(surfacing.client, surfacing.evaluation, [home, well])

    assert refusal(refused, 409) == "schedule-not-approved"
    assert surfacing.start().status_code == 200


def test_an_outcome_that_is_merged_after_the_approval_has_to_be_dealt_with(surfacing):
    home, well = surfacing.surface("home"), surfacing.surface("well")
    approve(surfacing.client, surfacing.evaluation, [home, well])
    merge = {"into": home["id"], "why": "The same"}
    ok(surfacing.client.post(f"/v1/outcomes/{well['id']}/merge", json=merge))

    assert refusal(surfacing.start(), 409) == "schedule-not-approved"


def test_every_declared_language_has_its_words(evaluator):
    contact = {"safeguarding": {"en": "Call us", "cy": "Ffoniwch"}}
    labelled = [voice | {"label": {"en": "x", "cy": "y"}} for voice in VOICES]
    evaluation = surveyed(
        evaluator, ANSWERS, languages=["en", "cy"], contact=contact, voices=labelled
    )
    home = surface(evaluator, evaluation, "home")
    approve(evaluator, evaluation, [home])

    stage = f"/v1/evaluations/{evaluation['id']}/stage"
    reply = evaluator.post(stage, json={"stage": "verifying"})

    assert refusal(reply, 409) == "translation-missing"
    assert reply.json()["missing"] == [f"/schedule/{home['id']}/cy"]


def test_the_schedule_is_made_while_outcomes_are_surfaced(surfacing):
    home = surfacing.surface("home")
    approve(surfacing.client, surfacing.evaluation, [home])
    go(surfacing.client, surfacing.evaluation, "verifying")
    asked = [{"outcome": home["id"], "plain": "Other words", "reason": "It matters"}]

    reply = surfacing.put(status="approved", outcomes=asked)

    assert refusal(reply, 409) == "wrong-stage"
