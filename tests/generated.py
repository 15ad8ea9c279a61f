"""An evaluation played with a generated Python client and nothing else."""

from http import HTTPStatus

from tests.walkthrough import CONTACT, ORGANISATIONS, agreeing, new_key

PACKAGE = "poet_client"
STAFF, USERS = 20, 25


class Caller:
    """Makes calls by their names in the contract, through the generated functions."""

    def __init__(self, package, folder, client):
        self._package, self.client = package, client
        self._tags = {
            path.stem: path.parent.name for path in (folder / PACKAGE / "api").glob("*/*.py")
        }

    def __call__(self, operation, *ids, status=HTTPStatus.OK, **options):
        """Call, and return the reply as the generated model; it must have this status."""
        function = self._package(f"api.{self._tags[operation]}.{operation}").sync_detailed
        reply = function(*ids, client=self.client, **options)
        assert reply.status_code == status, (operation, reply.content)
        return reply.parsed


class Round:
    """One evaluation, played with the generated client alone."""

    def __init__(self, story):
        self.machine, self._as_bearer, self._models = story

    def model(self, name, document):
        return getattr(self._models, name).from_dict(document)

    def plan(self):
        partnership = self.machine(
            "register_partnership",
            body=self.model(
                "NewPartnership", {"name": "Northshire", "organisations": ORGANISATIONS}
            ),
            status=HTTPStatus.CREATED,
        )
        voice = {"code": "older", "label": "Older people", "audience": "service_user"}
        design = {
            "instrument": "poet-staff@1",
            "contact": CONTACT,
            "voices": [{**voice, "invited": 30, "selection": "all"}],
        }
        self.evaluation = self.machine(
            "plan_evaluation",
            partnership.id,
            body=self.model("Design", design),
            status=HTTPStatus.CREATED,
        ).id

    def go(self, stage):
        wanted = self.model("NextStage", {"stage": stage})
        return self.machine("go_to_stage", self.evaluation, body=wanted)

    def respondents(self, audience, count, **cell):
        """Callers, each with a token of its own."""
        wanted = self.model("WantedTokens", {"audience": audience, "count": count, **cell})
        issued = self.machine(
            "issue_tokens", self.evaluation, body=wanted, status=HTTPStatus.CREATED
        )
        return [self._as_bearer(token) for token in issued.tokens]

    def survey(self):
        for number, person in enumerate(self.respondents("staff", STAFF, group="trust")):
            assert person("read_questionnaire") is not None
            said = {"answers": agreeing(3 + number % 3), "role": "frontline"}
            receipt = person(
                "submit_response",
                body=self.model("StaffResponse", said),
                idempotency_key=new_key(),
                status=HTTPStatus.CREATED,
            )
            assert receipt.evaluation == self.evaluation

    def import_one(self):
        """An answer that came on paper: one line a call."""
        line = {"key": new_key(), "group": "council", "answer": {"overall": 4}}
        found = self.machine(
            "import_responses", self.evaluation, body=self.model("ResponseLine", line)
        )
        assert (found.line, found.status) == (1, HTTPStatus.CREATED)

    def surface(self):
        outcome = {
            "code": "home",
            "title": {"en": "Older people stay at home", "cy": "Aros gartref"},
            "type": "change",
            "rationale": "Joint visits find what one service alone misses.",
            "domains": ["trust"],
        }
        self.outcome = self.machine(
            "surface_outcome",
            self.evaluation,
            body=self.model("NewOutcome", outcome),
            status=HTTPStatus.CREATED,
        ).id
        asked = {"outcome": str(self.outcome), "plain": "I stay at home", "reason": "Chosen"}
        schedule = {"status": "approved", "outcomes": [asked]}
        body = self.model("WantedSchedule", schedule)
        assert self.machine("put_schedule", self.evaluation, body=body).status == "approved"

    def verify(self):
        models = self._models
        verdict = models.Verdict(outcome=str(self.outcome), importance=4, delivered=3)
        body = models.Verification(as_=models.VerificationAs.SELF, verdicts=[verdict])
        for person in self.respondents("service_user", USERS, voice="older"):
            person(
                "submit_verification",
                body=body,
                idempotency_key=new_key(),
                status=HTTPStatus.CREATED,
            )
