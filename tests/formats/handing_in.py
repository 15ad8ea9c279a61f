"""Handing in the records of a tool over HTTP, made from the file that the service exports."""

import json
import uuid

from app.storage import evaluations
from app.use_cases import exchange
from tests.formats import flat_tools, tools
from tests.formats.strategies import Filled
from tests.walkthrough import new_key

SECRET = "fXq2Jx8cVn0b3YhT7LkPz4Wd"
BY_NUMBER = {"limesurvey": "id", "redcap": "record_id"}
FILES = {"kobo": "xlsform", "odk": "xlsform", "limesurvey": "limesurvey", "redcap": "redcap"}
ENCODERS = {
    "kobo": tools.kobo,
    "odk": tools.central,
    "limesurvey": tools.limesurvey,
    "redcap": flat_tools.redcap,
}
TOOLS = [*FILES, "formbricks"]


def hand_in(client, evaluation, lines, tool=None, path="responses", **query):
    """The reply to an import of records."""
    body = b"".join(
        one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in lines
    )
    query = {**query, **({"format": tool} if tool else {})}
    return client.post(
        f"/v1/evaluations/{evaluation['id']}/{path}:import",
        params=query,
        content=body,
        headers={"Content-Type": "application/x-ndjson"},
    )


def handed_in(*args, **options):
    """What became of each line."""
    reply = hand_in(*args, **options)
    assert reply.status_code == 200, reply.text
    return [json.loads(one) for one in reply.text.splitlines()]


def form_of(service, evaluation, audience="staff"):
    with service.deployment.database.reading() as session:
        found = evaluations.by_id(session, uuid.UUID(evaluation["id"]))
        return exchange.form_of(session, found, audience)


def record(tool, form, file, number, values):
    """One record of a tool in which these questions are answered."""
    filled = Filled(values, {}, {})
    if tool == "formbricks":
        made = flat_tools.formbricks(form, filled, lambda _, value: str(value))
        made["data"]["id"] = new_key()
        return made
    made = ENCODERS[tool](form, file, filled)
    return made | {"limesurvey": {"id": str(number)}, "redcap": {"record_id": str(number)}}.get(
        tool, {}
    )


def records(service, client, evaluation, tool, count, values=None):
    """The lines of an import: the map that the tool needs, and records of the exported form."""
    form, file = form_of(service, evaluation), b""
    if tool in FILES:
        path = f"/v1/evaluations/{evaluation['id']}/questionnaire"
        reply = client.get(path, params={"audience": "staff", "format": FILES[tool]})
        assert reply.status_code == 200, reply.text
        file = reply.content
    values = values or {f"trust{item}": 4 for item in range(1, 6)}
    made = [record(tool, form, file, number, values) for number in range(1, count + 1)]
    if tool not in BY_NUMBER:
        return made
    return [{"map": {"key": {"from": BY_NUMBER[tool], "secret": secret_of(evaluation)}}}, *made]


def secret_of(evaluation):
    """The platform's secret for one survey: the numbers of records begin anew in each."""
    return f"{SECRET}{evaluation['id']}"


def of_answers(results):
    """The results without that of a map."""
    return [one for one in results if "valid" not in one]
