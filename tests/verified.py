"""A concluded evaluation in which each verdict and each finding occurs, worked out by hand.

Forty staff make trust an area to celebrate, power one to develop and rules a middling one; they
differ over gain and say nothing of voice. Thirty older people, twenty carers and ten who speak for
somebody judge the outcomes.
"""

from itertools import chain, repeat

from tests.walkthrough import (
    agreeing,
    approve,
    go,
    issue,
    ok,
    plan,
    register,
    send_all,
    strict_json,
    surface,
)

ALL, NONE = [0, 0, 0, 0, 30], [15, 15, 0, 0, 0]
# For each outcome: the domains of its theory, how many of thirty say 0 to 4 of its delivery and of
# its importance, and when it is due.
OUTCOMES = {
    "fits": (["trust"], ALL, ALL, "0-1y"),
    "theory": (["trust"], NONE, NONE, None),
    "part": (["trust"], [0, 0, 30, 0, 0], [15, 0, 0, 0, 15], None),
    "steady": (["rules"], ALL, [2, 3, 10, 12, 3], None),
    "stuck": (["rules"], NONE, ALL, None),
    "lucky": (["power"], ALL, ALL, None),
    "weak": (["power"], NONE, ALL, None),
    "weakest": (["trust", "power"], ALL, ALL, None),
    "unclear": (["gain"], ALL, ALL, None),
    "nowhere": ([], ALL, ALL, None),
    "unasked": (["voice"], ALL, ALL, None),
    "early": (["trust"], ALL, ALL, "10y+"),
    "mixed": (["trust"], [6, 6, 6, 6, 6], ALL, None),
    "few": (["trust"], [0, 0, 0, 0, 9], [0, 0, 0, 0, 9], None),
}
VOICES = [
    {
        "code": "op",
        "label": {"en": "Older people", "cy": "Pobl hŷn"},
        "audience": "service_user",
        "invited": 40,
        "selection": "all",
    },
    {
        "code": "carers",
        "label": {"en": "Carers", "cy": "Gofalwyr"},
        "audience": "carer",
        "invited": 50,
        "selection": "volunteers",
    },
]


def opinions(glad):
    """What one of the staff says of the partnership."""
    middling = {"rules1": 3, "rules2": 3, "rules3": 4, "rules4": 4, "rules5": 3}
    divided = agreeing(5 if glad else 1, ["gain"])
    return agreeing(5, ["trust"]) | agreeing(1, ["power"]) | middling | divided


def answer(counts, number):
    """What person `number` of thirty says; None for who says nothing."""
    said = list(chain.from_iterable(repeat(point, times) for point, times in enumerate(counts)))
    return said[number] if number < len(said) else None


class Verified:
    """The evaluation, its outcomes by code, and its reports."""

    def __init__(self, client):
        self.client = client
        trust = [{"code": "trust", "name": "The Trust", "sector": "nhs", "headcount": 60}]
        rivals = [{"name": "Frailty hubs", "overlap": "The same people"}]
        partnership = register(
            client, organisations=trust, formed_on="2026-01-01", initiatives=rivals
        )
        self.evaluation = plan(client, partnership, voices=VOICES)
        self.path = f"/v1/evaluations/{self.evaluation['id']}"
        self._survey()
        self._surface()
        self._verify()
        self._interpret()
        go(client, self.evaluation, "concluded")

    def report(self, name, **query):
        """A published report."""
        return strict_json(self.client.get(f"{self.path}/reports/{name}", params=query))

    def _survey(self):
        go(self.client, self.evaluation, "surveying")
        answers = [{"answers": opinions(number < 20)} for number in range(40)]
        tokens = issue(self.client, self.evaluation, "staff", "trust", 40)
        send_all(self.client, "responses", tokens, answers)
        go(self.client, self.evaluation, "surfacing")

    def _surface(self):
        made = [
            surface(
                self.client,
                self.evaluation,
                code,
                domains=domains,
                horizon=horizon,
                rivals=["Frailty hubs"],
            )
            for code, (domains, _, _, horizon) in OUTCOMES.items()
        ]
        self.outcomes = {one["code"]: one["id"] for one in made}
        system = surface(self.client, self.evaluation, "system", type="system")
        self.outcomes["system"] = system["id"]
        evidence = {
            "outcome": self.outcomes["fits"],
            "method": "Interviews",
            "finding": "supports",
            "summary": "They say so",
            "strength": "strong",
        }
        ok(self.client.post(f"{self.path}/evidence", json=evidence), 201)
        tokens = issue(self.client, self.evaluation, "ranking", "trust", 20)
        ranking = {"top": [self.outcomes["fits"]]}
        send_all(self.client, "rankings", tokens, [ranking] * 20)
        approve(self.client, self.evaluation, made)
        go(self.client, self.evaluation, "verifying")

    def _verify(self):
        fits = {"outcome": self.outcomes["fits"], "importance": 0, "delivered": 0}
        carer = {
            "verdicts": [fits | {"importance": 4}],
            "top": [self.outcomes["fits"]],
            "own": {"life": 4, "health": 0},
        }
        proxy = {"as": "proxy", "verdicts": [fits], "top": [self.outcomes["fits"]]}
        users = [self._user(number) for number in range(30)]
        of_users = issue(self.client, self.evaluation, "service_user", "op", 40)
        of_carers = issue(self.client, self.evaluation, "carer", "carers", 20)
        proxies = [proxy] * 5 + [proxy | {"as": "advocate"}] * 5
        send_all(self.client, "verifications", of_users, users + proxies)
        send_all(self.client, "verifications", of_carers, [carer] * 20)

    def _user(self, number):
        verdicts = [
            {
                "outcome": self.outcomes[code],
                "importance": answer(important, number),
                "delivered": answer(delivered, number),
                "direction": "better" if number < 15 else "worse",
                "joint": "mostly",
                "expected": 0,
            }
            for code, (_, delivered, important, _) in OUTCOMES.items()
        ]
        for verdict in verdicts:
            if verdict["outcome"] == self.outcomes["lucky"] and number < 10:
                verdict["importance"] = "not_about_me"
        return {
            "verdicts": verdicts,
            "top": [self.outcomes["theory"]],
            "missing": ["company"] if number < 12 else [],
            "worse": "longer waits" if number < 11 else None,
            "experience": {"respect": 4, "say": 0},
        }

    def _interpret(self):
        go(self.client, self.evaluation, "interpreting")
        for code in ("company", "waits"):
            made = surface(self.client, self.evaluation, code, origin="user")
            self.outcomes[code] = made["id"]
        said = ok(self.client.get(f"{self.path}/statements"))["items"]
        coded = {"missing": "company", "worse": "waits"}
        lines = [
            {"statement": one["id"], "coder": "ann", "outcome": coded[one["kind"]]} for one in said
        ]
        ok(self.client.put(f"{self.path}/coding", json=lines))
