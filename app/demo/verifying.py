"""Service users and carers answer, their own words are coded, and the round is concluded."""

from datetime import UTC, datetime

from app.demo import content
from app.demo.calls import Submission
from app.demo.content import Document
from app.demo.printing import heading, say
from app.demo.surveying import Round


def verify(played: Round) -> None:
    """Put the schedule to service users and carers, and close the stage."""
    heading("Verify with service users and carers")
    played.go("verifying")
    submissions: list[Submission] = []
    for group in content.invented()["verifying"]:
        bodies = content.verifications(group, played.outcomes)
        audience = next(
            voice["audience"]
            for voice in content.invented()["voices"]
            if voice["code"] == group["voice"]
        )
        tokens = played.tokens(audience, group["voice"], len(bodies))
        submissions += zip(tokens, bodies, strict=True)
        spoke = "speak for themselves" if group["as"] == "self" else "speak for somebody else"
        say(f"{len(bodies)} answers (invented) of '{group['voice']}', who {spoke}.")
    shown = played.calls.as_respondent(submissions[0][0], "/v1/questionnaire?language=cy")
    say(f"In Welsh the first outcome is put like this: {shown['outcomes'][0]['plain']}")
    played.calls.submit("/v1/verifications", submissions, "Verifications submitted")
    played.go("interpreting")


def interpret(played: Round) -> None:
    """Code what users and carers wrote, record evidence, revise a theory, conclude."""
    heading("Interpret, and conclude")
    invented = content.invented()
    night = played.calls.post(f"{played.path}/outcomes", invented["user_outcome"])
    coded = _code_words(played)
    say(
        f"{coded} texts of users and carers were coded; an outcome that only they named:"
        f" '{night['title']['en']}'."
    )
    for found in invented["evidence"]:
        played.calls.post(
            f"{played.path}/evidence", {**found, "outcome": played.outcomes[found["outcome"]]}
        )
    say(f"{len(invented['evidence'])} pieces of evidence stand beside the figures, not in them.")
    revised = invented["revised"]
    changes = {"mechanism": revised["mechanism"], "why": revised["why"]}
    changed = played.calls.send(
        "PATCH", f"/v1/outcomes/{played.outcomes[revised['outcome']]}", json=changes
    ).json()
    say(f"The theory of '{changed['code']}' was revised: {changed['history'][-1]['why']}")
    played.go("concluded")


def act(played: Round) -> None:
    """Record what the partnership will do."""
    heading("Act")
    due_on = f"{datetime.now(UTC).year + 1}-06-30"
    for action in content.invented()["actions"]:
        outcome = played.outcomes.get(action.get("outcome"))
        body = {**action, "due_on": due_on} | ({"outcome": outcome} if outcome else {})
        kept = played.calls.post(f"{played.path}/actions", body)
        about = action.get("domain") or action["outcome"]
        say(f"{about}: {kept['what']} ({kept['owner']})", under="  - ")


def _code_words(played: Round) -> int:
    """Code what was missing, what got worse and what matters most, as JSON."""
    readings = {
        entry["text"]: entry
        for group in content.invented()["verifying"]
        for kind in ("missing", "worse", "matters_most")
        for entry in group[kind]
    }
    items = played.calls.get(f"{played.path}/statements?limit=5000")["items"]
    lines = [
        _line(item["id"], readings[item["text"]]) for item in items if item["text"] in readings
    ]
    coded: int = played.calls.send("PUT", f"{played.path}/coding", json=lines).json()["coded"]
    return coded


def _line(statement: str, reading: Document) -> Document:
    decided = (
        {"outcome": reading["coded"]} if reading["coded"] else {"not_an_outcome": reading["why"]}
    )
    return {"statement": statement, "coder": "first", **decided}
