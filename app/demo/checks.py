"""What the demonstration must show; where it does not, it has failed."""

from collections.abc import Iterator

from app.demo.calls import DemonstrationFailed
from app.demo.content import Document

# The published means of lq2002 on 0-100, 100 the good end: hostility is turned.
SCORES = {"leadership": 50, "tasksignificance": 53, "hostility": 76}
BANDS = {"leadership": "develop", "tasksignificance": "develop", "hostility": "celebrate"}
IMPORTANCE = {"right", "contested", "not_valued", "unknown"}
DELIVERED = {"delivered", "partly", "not_delivered", "too_early", "unknown"}
FINDINGS = {
    "consistent_with_theory",
    "theory_in_question",
    "implementation_in_question",
    "delivered_otherwise",
    "cannot_say",
}
WHY = {"process_unclear", "delivery_unknown", "too_early", "too_few"}
_SERVICE_USERS, _CARERS = 24, 14


def check(health: Document, outcomes: Document, combined: Document) -> None:
    """See that every figure and every verdict is there.

    Raises:
        DemonstrationFailed: Something is not as it should be; it names all of it.
    """
    faults = [*_health(health), *_voices(outcomes), *_verdicts(outcomes), *_findings(combined)]
    if faults:
        raise DemonstrationFailed("; ".join(faults))


def _health(report: Document) -> Iterator[str]:
    found = {part["code"]: part for part in report["domains"]}
    for name, wanted in (("score", SCORES), ("band", BANDS)):
        for code, value in wanted.items():
            if found[code].get(name) != value:
                yield f"the {name} of {code} is {found[code].get(name)}, not {value}"


def _voices(report: Document) -> Iterator[str]:
    answered = {"service_user": 0, "carer": 0}
    for voice in report["voices"]:
        answered[voice["audience"]] += voice.get("answered", 0)
    for audience, least in (("service_user", _SERVICE_USERS), ("carer", _CARERS)):
        if answered[audience] < least:
            yield f"{answered[audience]} of audience {audience} answered, not {least}"
    if not any("suppressed" in voice for voice in report["voices"]):
        yield "no cell is suppressed"


def _verdicts(report: Document) -> Iterator[str]:
    cells = [cell for outcome in report["outcomes"] for cell in outcome["voices"]]
    shown = [cell for cell in cells if "suppressed" not in cell]
    for name, wanted in (("importance", IMPORTANCE), ("delivered", DELIVERED)):
        seen = {cell[name]["verdict"] for cell in shown if "suppressed" not in cell[name]}
        if wanted - seen:
            yield f"no outcome is {', '.join(sorted(wanted - seen))}"


def _findings(report: Document) -> Iterator[str]:
    found = [finding for outcome in report["outcomes"] for finding in outcome["findings"]]
    for name, wanted in (("finding", FINDINGS), ("why", WHY)):
        if missing := wanted - {one[name] for one in found}:
            yield f"no finding is {', '.join(sorted(missing))}"
