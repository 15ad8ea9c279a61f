"""Anybody may read what is stored, who can learn what, and which risks remain."""

import uuid

import pytest

from tests.walkthrough import OpenSurvey, ok, plan, refusal

MEMBERS = {
    "smallest_group",
    "collection",
    "reminders",
    "origins",
    "statement",
    "residual_risks",
}


def read(client, evaluation, **query):
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}/privacy", params=query))


def test_it_is_public_and_tells_how_this_evaluation_works(evaluator, anybody):
    evaluation = plan(
        evaluator,
        smallest_group=12,
        collection="browser",
        reminders="sender_marks",
        origins=["https://survey.example.org"],
    )

    found = read(anybody, evaluation)

    assert found.keys() >= MEMBERS
    assert (found["smallest_group"], found["collection"]) == (12, "browser")
    assert (found["reminders"], found["origins"]) == (
        "sender_marks",
        ["https://survey.example.org"],
    )
    assert any("12 people" in text for text in found["statement"])
    assert not any("{" in text for text in found["statement"] + found["residual_risks"])


@pytest.mark.parametrize(
    ("collection", "says"),
    [
        ("browser", "straight to this service"),
        ("platform", "anonymous except to whoever runs the survey page"),
        ("interviewer", "interviewer hears"),
        ("mixed", "on paper or with an interviewer"),
    ],
)
def test_it_says_who_else_sees_the_answers(evaluator, anybody, collection, says):
    found = read(anybody, plan(evaluator, collection=collection))

    assert says in " ".join(found["statement"])
    excepted = "except to whoever runs the survey page" in " ".join(found["statement"])
    assert excepted == (collection != "browser")
    imported = "in one hand" in " ".join(found["residual_risks"])
    assert imported == (collection != "browser")


@pytest.mark.parametrize(
    ("reminders", "says"),
    [("everyone", "destroy its list"), ("sender_marks", "marks your invitation")],
)
def test_it_says_who_learns_that_somebody_answered(evaluator, anybody, reminders, says):
    found = read(anybody, plan(evaluator, reminders=reminders))

    assert says in " ".join(found["statement"])


def test_it_says_when_figures_are_compared_between_partnerships(evaluator, anybody):
    says = "takes part in comparisons between partnerships"

    sharing, keeping = (plan(evaluator, benchmark=shared) for shared in (True, False))

    assert says in " ".join(read(anybody, sharing)["statement"])
    assert says not in " ".join(read(anybody, keeping)["statement"])


@pytest.mark.parametrize(
    "risk",
    [
        "secret keys",
        "kept a copy of your access code",
        "makes up answers",
        "If everyone in a group",
    ],
)
def test_it_names_what_cannot_be_prevented(evaluator, anybody, risk):
    assert risk in " ".join(read(anybody, plan(evaluator))["residual_risks"])


def test_it_is_read_in_either_language(evaluator, anybody):
    evaluation = plan(evaluator, languages=["en", "cy"])
    path = f"/v1/evaluations/{evaluation['id']}/privacy"

    english = read(anybody, evaluation)
    insisted = read(anybody, evaluation, language="cy")
    preferred = ok(anybody.get(path, headers={"Accept-Language": "cy-GB,en;q=0.5"}))

    assert insisted == preferred
    assert "Rydym yn cadw" in insisted["statement"][0]
    assert len(insisted["statement"]) == len(english["statement"])
    assert not set(insisted["statement"]) & set(english["statement"])


def test_respondents_see_it_with_their_questions(evaluator, anybody):
    survey = OpenSurvey(evaluator, collection="browser")

    asked = ok(survey.asked(survey.token()))

    assert asked["privacy"] == read(anybody, survey.evaluation)


def test_of_an_evaluation_that_is_not_there_it_says_nothing(anybody):
    reply = anybody.get(f"/v1/evaluations/{uuid.uuid4()}/privacy")

    assert refusal(reply, 404) == "not-found"
