"""Staff answer: from the published instrument to the health report."""

import random
from dataclasses import dataclass, field

from app.demo import content
from app.demo.calls import Calls, DemonstrationFailed, Submission
from app.demo.content import Document
from app.demo.printing import Progress, heading, say


@dataclass
class Round:
    """The evaluation that is played.

    Attributes:
        outcomes: The id of each outcome by its code.
    """

    calls: Calls
    evaluation: str
    outcomes: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the evaluation is found."""
        return f"/v1/evaluations/{self.evaluation}"

    def go(self, stage: str) -> Document:
        """Take the evaluation to its next stage."""
        reached: Document = self.calls.post(f"{self.path}/stage", {"stage": stage}, status=200)
        return reached

    def tokens(self, audience: str, cell: str, count: int) -> list[str]:
        """Issue tokens to a group of staff or to a voice."""
        named = "group" if audience in ("staff", "ranking") else "voice"
        wanted = {"audience": audience, named: cell, "count": count}
        issued: list[str] = self.calls.post(f"{self.path}/tokens", wanted)["tokens"]
        return issued

    def report(self, name: str) -> Document:
        """A report; fetched twice, the second time only if it had changed."""
        path = f"{self.path}/reports/{name}"
        reply = self.calls.send("GET", path)
        self.calls.send("GET", path, status=304, headers={"If-None-Match": reply.headers["ETag"]})
        document: Document = reply.json()
        return document


def plan(calls: Calls) -> Round:
    """Publish the instrument, register the partnership, and plan its first round."""
    heading("Prepare")
    instrument = calls.post("/v1/instruments", content.instrument())
    name = f"{instrument['code']}@{instrument['version']}"
    scored = [
        f"{part['label']['en']} ({len(part['items'])} items)" for part in instrument["domains"]
    ]
    say(f"Published the instrument {name}: {', '.join(scored)}.")
    partnership = calls.post("/v1/partnerships", content.partnership())
    say(f"Registered a partnership of {len(partnership['organisations'])} organisations.")
    invented = content.invented()
    evaluation = calls.post(
        f"/v1/partnerships/{partnership['id']}/evaluations",
        {
            "instrument": name,
            "languages": ["en", "cy"],
            "cuts": ["organisation"],
            "voices": invented["voices"],
            "contact": invented["contact"],
            "collection": "platform",
        },
    )
    say(
        f"Planned round {evaluation['number']}; no figure will rest on fewer than"
        f" {evaluation['smallest_group']} people."
    )
    return Round(calls, evaluation["id"])


def survey(played: Round) -> Document:
    """Issue the tokens, submit every answer, close the survey; the health report."""
    heading("Survey the staff")
    played.go("surveying")
    submissions = _submissions(played)
    shown = played.calls.as_respondent(submissions[0][0], "/v1/questionnaire?language=cy")
    say(f"A respondent is shown, in Welsh: {shown['title']}")
    keys = played.calls.submit("/v1/responses", submissions, "Answers submitted")
    included = played.calls.post("/v1/receipts/check", {"key": keys[0]}, status=200)["included"]
    if not included:
        raise DemonstrationFailed("an answer is not there, though it was accepted")
    written = sum("statements" in body for _, body in submissions)
    say(f"{written} of the answers carried a statement that was invented for the demonstration.")
    say("One respondent asked with the receipt's key whether the answer is there: it is.")
    counted = played.calls.get(f"{played.path}/progress")
    say(f"Progress says at least {counted['answered']:,} of {counted['invited']:,}.")
    played.go("surfacing")
    say("The survey is closed: the answers are one frozen wave, and the rows are gone.")
    return played.report("health")


def _submissions(played: Round) -> list[Submission]:
    """Every answer with a token of its organisation, as they come in: in any order."""
    responses = content.staff_responses()
    progress = Progress("Organisations with tokens", len(responses))
    submissions: list[Submission] = []
    for organisation, bodies in responses.items():
        tokens = played.tokens("staff", organisation, len(bodies))
        submissions += zip(tokens, bodies, strict=True)
        progress.step()
    say(f"Issued {len(submissions):,} tokens.")
    random.Random(content.SEED).shuffle(submissions)
    return submissions
