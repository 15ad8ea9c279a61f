"""A small body cannot be made to cost much: faults without end, names without end, bombs."""

import gzip
import io
import json
import tracemalloc
import zipfile

import pytest

from app.errors import MOST_FAULTS
from tests.api.test_handing_in_documents import handed_in, surveying
from tests.importing import opened, stored
from tests.walkthrough import new_key, ok, refusal, send

LARGEST = 2**16
RESPONSE = {"resourceType": "QuestionnaireResponse", "status": "completed"}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPACKED = 40 * 2**20
TWICE = b'"x%d":0,"x%d":1'


def deep(levels=800):
    """Names given twice, each of them far down."""
    twice = b",".join(b'"a":0' for _ in range(2))
    far = b",".join(b"{%b}" % twice for _ in range(1900))
    return b'{"%b":' % (b"n" * 40) * levels + b"[%b]" % far + b"}" * levels


FLOODS = {
    "items": ("fhir-r4", json.dumps(RESPONSE | {"item": [0] * 20000}).encode()),
    "changes": ("surveyjs", json.dumps({"changes": [0] * 20000}).encode()),
    "unknown names": ("surveyjs", json.dumps({f"x{n}": 0 for n in range(5000)}).encode()),
    "names given twice": ("surveyjs", b"{%b}" % b",".join(TWICE % (n, n) for n in range(3000))),
    "twice far down": ("surveyjs", deep()),
    "answers": (None, json.dumps({"answers": {f"x{n}": 9 for n in range(4000)}}).encode()),
    "statements": (None, json.dumps({f"x{n}": 9 for n in range(4000)}).encode()),
}


@pytest.mark.parametrize("flood", FLOODS, ids=lambda name: name.replace(" ", "-"))
def test_of_a_flood_of_faults_the_first_hundred_are_said(service, evaluator, flood):
    name, body = FLOODS[flood]
    assert LARGEST / 3 < len(body) <= LARGEST
    _, (token, *_) = surveying(evaluator)

    reply = handed_in(service, token, body, new_key(), params={"format": name} if name else {})

    assert 0 < len(ok(reply, 422)["errors"]) <= MOST_FAULTS
    assert len(reply.content) < len(body)
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)


def test_of_a_flood_of_items_fhir_says_the_first_hundred(service, evaluator):
    _, (token, *_) = surveying(evaluator)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": new_key()}
    headers |= {"Content-Type": "application/fhir+json"}

    with service.http() as anybody:
        reply = anybody.post(
            "/fhir/R4/QuestionnaireResponse", content=FLOODS["items"][1], headers=headers
        )

    assert len(ok(reply, 422)["issue"]) == MOST_FAULTS
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)


@pytest.fixture(scope="module")
def bomb():
    """A workbook of a few kilobytes with a sheet of many megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as workbook:
        workbook.writestr("[Content_Types].xml", "<Types/>")
        workbook.writestr("xl/worksheets/sheet1.xml", bytes(UNPACKED))
    assert len(packed.getvalue()) < LARGEST
    return packed.getvalue()


@pytest.fixture(scope="module")
def squeezed():
    return gzip.compress(bytes(UNPACKED))


@pytest.fixture
def memory():
    """What the service has in memory at most, in bytes, when asked."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("path", ["responses", "rankings", "verifications"])
def test_nobody_answers_with_a_workbook(service, evaluator, bomb, squeezed, memory, path):
    _, (token, *_) = surveying(evaluator)

    named = handed_in(service, token, bomb, new_key(), path=path, headers=of(WORKBOOK))
    passed_off = handed_in(service, token, bomb, new_key(), path=path)
    packed = handed_in(
        service, token, squeezed, new_key(), path=path, headers={"Content-Encoding": "gzip"}
    )

    assert refusal(named, 415) == "unsupported"
    assert refusal(passed_off, 400) == refusal(packed, 400) == "malformed"
    ok(send(evaluator, "responses", token, {"overall": 4}), 201)
    assert memory() < UNPACKED / 4


def test_nobody_imports_a_workbook(service, evaluator, bomb, memory):
    evaluation = opened(evaluator)
    path = f"/v1/evaluations/{evaluation['id']}/responses:import"

    named = evaluator.post(path, content=bomb, headers=of(WORKBOOK))
    passed_off = evaluator.post(path, content=bomb, headers=of("application/x-ndjson"))

    assert refusal(named, 415) == "unsupported"
    results = [json.loads(line) for line in passed_off.text.splitlines()]
    assert {one["status"] for one in results} <= {400, 413, 422}
    assert results
    assert stored(service, evaluation) == 0
    assert memory() < UNPACKED / 4


def test_nobody_codes_with_a_workbook(evaluator, bomb, memory):
    evaluation = opened(evaluator)
    path = f"/v1/evaluations/{evaluation['id']}/coding"

    named = evaluator.put(path, content=bomb, headers=of(WORKBOOK))
    passed_off = evaluator.put(path, content=bomb, headers=of("text/csv"))

    assert refusal(named, 415) == "unsupported"
    assert passed_off.status_code in (400, 409, 422)
    assert memory() < UNPACKED / 4


def of(media_type):
    return {"Content-Type": media_type}
