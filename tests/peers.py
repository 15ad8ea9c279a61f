"""Small concluded evaluations with questions that no other test asks, and others' beside them."""

import uuid
from datetime import UTC, datetime

from app.storage.tables import Account, Benchmark, Evaluation, Partnership
from tests.walkthrough import approve, go, issue, ok, plan, register, send_all, surface

FIVE = (30, 40, 50, 60, 70)
ONE = [{"code": "alone", "headcount": 40}]
KIND = {
    "depth": {"current": "coordination"},
    "breadth": {"current": "health_and_social_care"},
    "country": "GB-ENG",
    "service_area": "Older people",
}


def questionnaire():
    """A questionnaire of two domains under a name of its own: its answers meet no others."""
    labels = ["Never", "Seldom", "Now and then", "Often", "Always"]
    domains = [
        {
            "code": code,
            "label": {"en": code.title(), "cy": f"Y {code}"},
            "scale": "often",
            "items": [{"code": f"{code}1", "text": "Is it so?"}],
        }
        for code in ("pace", "care")
    ]
    return {
        "code": f"q{uuid.uuid4().hex}",
        "version": 1,
        "title": "Two questions",
        "languages": ["en"],
        "scales": {"often": {"min": 1, "max": 5, "labels": {"en": labels}}},
        "domains": domains,
    }


def scoring(pace, people=10, **more):
    """What people say who score this in pace, a multiple of 25 / people, and 50 in care."""
    points, rest = divmod(round(pace * people / 25), people)
    both = [{"pace1": 1 + points + (number < rest), "care1": 3} for number in range(people)]
    return [{"answers": answers | more} for answers in both]


def conclude(
    client, asked, said, *, partnership=None, benchmark=True, form="full", sandbox=False, **kind
):
    """An evaluation, concluded, of a (new) partnership whose staff said this."""
    published = client.post("/v1/instruments", json=asked)
    assert published.status_code in (200, 201), published.text
    partnership = partnership or register(client, organisations=ONE, **KIND | kind)
    named = f"{asked['code']}@{asked['version']}"
    design = {"benchmark": benchmark, "form": form, "sandbox": sandbox}
    evaluation = plan(client, partnership, instrument=named, **design)
    go(client, evaluation, "surveying")
    tokens = issue(client, evaluation, "staff", "alone", len(said))
    send_all(client, "responses", tokens, said)
    go(client, evaluation, "surfacing", abandon=True)
    approve(client, evaluation, [surface(client, evaluation, "home", origin="policy")])
    for stage in ("verifying", "interpreting", "concluded"):
        go(client, evaluation, stage, abandon=True)
    return evaluation


def benchmark(client, evaluation):
    """The benchmark of an evaluation."""
    return ok(client.get(f"/v1/evaluations/{evaluation['id']}/benchmark"))


def pace(report):
    """The first domain of a benchmark."""
    return report["domains"][0]


def published(score, people=10):
    """What a health report publishes of a domain, with an interval that does not matter."""
    ends = {"from": score - 15, "to": score + 15}
    return {"n": people, "score": score, "interval": ends, "basis": "fixed"}


def editions(service, evaluation):
    """How many sets of peers the benchmark of an evaluation has shown so far."""
    with service.deployment.database.reading() as session:
        return len(session.get(Benchmark, uuid.UUID(evaluation["id"])).shown)


class Others:
    """Partnerships of other accounts that concluded the same kind of round, and share it.

    They are written straight into the database, as what an evaluation gives when it concludes;
    that it does is shown over HTTP.
    """

    def __init__(self, service, evaluation, domains=("pace", "care")):
        self._database, self._domains = service.deployment.database, domains
        self._instrument = evaluation["instrument"]
        with self._database.reading() as session:
            self._strata = session.get(Benchmark, uuid.UUID(evaluation["id"])).strata

    def account(self):
        """A new account."""
        made = Account(id=uuid.uuid4(), name=f"account {uuid.uuid4()}")
        return self._kept(made)

    def join(self, *scores, account=None, people=10, **strata):
        """Let partnerships conclude with these scores in every domain, each of its own account."""
        return [
            self.again(self._partnership(account), score, people=people, number=1, **strata)
            for score in scores
        ]

    def again(self, partnership, score, *, people=10, number=2, **strata):
        """Let a partnership conclude a round."""
        evaluation = Evaluation(
            id=uuid.uuid4(),
            partnership_id=partnership,
            number=number,
            stage="concluded",
            instrument=self._instrument,
            smallest_group=10,
            design={"instrument": self._instrument},
        )
        given = Benchmark(
            evaluation_id=self._kept(evaluation),
            strata=self._strata | strata,
            figures=dict.fromkeys(self._domains, published(score, people)),
            shown=[],
            digest="",
            body=b"",
        )
        with self._database.writing() as session:
            session.add(given)
        return partnership

    def _partnership(self, account):
        belongs = account or self.account()
        made = Partnership(id=uuid.uuid4(), account_id=belongs, name="Another", profile={})
        return self._kept(made)

    def _kept(self, record):
        """The id of a record that is written now."""
        record.updated_at = datetime.now(UTC)
        made = record.id
        with self._database.writing() as session:
            session.add(record)
        return made
