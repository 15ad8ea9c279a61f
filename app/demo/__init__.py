"""The demonstration: a whole evaluation over HTTP, on a real staff survey."""

import json
import time

from app.demo import checks, content, reports, surfacing, surveying, verifying
from app.demo.calls import Calls, DemonstrationFailed
from app.demo.content import Document
from app.demo.hosting import Hosted, hosted
from app.demo.printing import heading, say, table, title
from app.demo.surveying import Round

__all__ = ["DemonstrationFailed", "play"]


def play(*, serve: bool) -> None:
    """Play an evaluation against a service of its own; with `serve`, leave that up to explore.

    Raises:
        DemonstrationFailed: The service did not answer as it should, or a figure is not right.
    """
    try:
        with hosted() as service:
            _play(service, serve=serve)
    except KeyboardInterrupt:
        raise DemonstrationFailed("interrupted before it was done") from None


def _play(service: Hosted, *, serve: bool) -> None:
    began = time.monotonic()
    credential = {"client_id": service.client_id, "client_secret": service.client_secret}
    _introduce(service)
    with Calls(service.url, **credential) as calls:
        played, health = _evaluate(calls)
    _list_calls(calls)
    scores = {part["code"]: part["score"] for part in health["domains"]}
    result: Document = {"scores": scores, "health": f"{played.path}/reports/health"}
    if serve:
        result |= {"base_url": service.url, **credential}
        _explain(service, result["health"])
    _conclude(health, time.monotonic() - began)
    print(json.dumps(result), flush=True)
    if serve:
        _wait(service)


def _introduce(service: Hosted) -> None:
    written, groups = content.invented()["statements"], content.invented()["verifying"]
    people = sum(len(one) for one in content.answers().values())
    title("POET: a demonstration")
    say(
        f"the answers of {people:,} people in {len(content.answers())} companies to a staff survey"
        " (data set lq2002: Bliese, Halverson & Schriesheim 2002; GPL-2 or later; see"
        " app/demo/NOTICE.md), and the sizes of those organisations, taken to be those who"
        " answered. The scores are theirs.",
        under="Real      ",
    )
    say(
        "the partnership that these companies are said to form, the wording of the items (the"
        f" data set has none), {len(written)} statements that go with some of the answers,"
        f" the outcomes, the ranking round, and all {sum(group['people'] for group in groups)}"
        " answers of service users, carers and proxies. Nobody said any of it.",
        under="Invented  ",
    )
    say(f"The service runs on a fresh SQLite file, at {service.url}.")


def _evaluate(calls: Calls) -> tuple[Round, Document]:
    """Play every stage and print every report; the round, and the health report."""
    played = surveying.plan(calls)
    health = surveying.survey(played)
    heading("The health report (real answers)")
    reports.health(health)
    print(f"  Fetch it:\n  GET {played.path}/reports/health")
    surfacing.surface(played)
    verifying.verify(played)
    verifying.interpret(played)
    outcomes, combined = played.report("outcomes"), played.report("combined")
    heading("The outcomes report (invented answers)")
    reports.outcomes(outcomes)
    heading("The combined report (real processes, invented outcomes)")
    reports.combined(combined, reports.asked(outcomes["outcomes"]))
    verifying.act(played)
    checks.check(health, outcomes, combined)
    heading("Where to fetch the reports")
    for published in calls.get(f"{played.path}/reports")["items"]:
        print(f"  GET {published['path']}")
    return played, health


def _list_calls(calls: Calls) -> None:
    heading("The calls that were made")
    rows = [(method, path, f"{count:,}") for (method, path), count in calls.made.items()]
    table(("Method", "Path", "Times"), rows, right=(2,))


def _explain(service: Hosted, health: str) -> None:
    heading("Explore")
    print(f"  base URL       {service.url}")
    print(f"  contract       {service.url}/openapi.json")
    print(f"  client id      {service.client_id}")
    print(f"  client secret  {service.client_secret}")
    print("\n  Fetch an access token, then the health report with it:")
    print("    curl -s -d grant_type=client_credentials \\")
    print(f"      -d client_id={service.client_id} \\")
    print(f"      -d client_secret={service.client_secret} \\")
    print(f"      {service.url}/v1/oauth/token")
    print('    curl -s -H "Authorization: Bearer ACCESS_TOKEN" \\')
    print(f"      {service.url}{health}")
    print("\n  It runs until you press Ctrl-C; then the service and its file are gone.")


def _conclude(health: Document, seconds: float) -> None:
    heading("Done")
    said = ", ".join(f"{part['label']['en']} {part['score']}" for part in health["domains"])
    say(f"{said}. These figures and every verdict are as they should be ({seconds:.0f} seconds).")


def _wait(service: Hosted) -> None:
    """Wait until somebody has seen enough."""
    try:
        service.process.wait()
    except KeyboardInterrupt:
        return
    raise DemonstrationFailed("the service ended by itself")
