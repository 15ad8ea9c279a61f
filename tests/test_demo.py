"""The demonstration, played once, and the data set it is played on."""

import csv
import json
import os
import re
import signal
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.demo import checks, content
from app.demo.calls import DemonstrationFailed

DATA_SET = content.FOLDER / "lq2002.csv"


@dataclass
class Played:
    """What was seen of one run of `poet demo --serve`."""

    said: str
    result: dict
    report: dict
    ended_with: int


@pytest.fixture(scope="module")
def played():
    """The demonstration, played once, looked at while it serves, and then told to end."""
    run = "import sys; from app.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", run, "demo", "--serve"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "POET_HOME": "/nowhere"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("{"):
                break
        try:
            result = json.loads(lines[-1])
            report = fetch(result)
        finally:
            process.send_signal(signal.SIGTERM)
        return Played("".join(lines), result, report, process.wait(60))


@pytest.fixture
def said(played):
    """What the demonstration printed."""
    return played.said


def fetch(result):
    """The health report, with the credential that was printed."""
    form = {name: result[name] for name in ("client_id", "client_secret")}
    form["grant_type"] = "client_credentials"
    token = httpx.post(f"{result['base_url']}/v1/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{result['base_url']}{result['health']}", headers=headers).json()


def rows():
    with DATA_SET.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def mean_of_person_means(columns):
    return statistics.fmean(statistics.fmean(int(row[name]) for name in columns) for row in rows())


def test_it_shows_the_published_scores_in_a_table(said):
    assert re.search(r"Leadership +50 +49 to 51 +develop", said)
    assert re.search(r"Task significance +53 +52 to 55 +develop", said)
    assert re.search(r"Hostility +76 +75 to 78 +celebrate", said)
    assert "49 organisations" in said


def test_it_says_what_is_real_and_what_was_invented(said):
    beginning = " ".join(said.split("Prepare")[0].split())
    assert "Real the answers of 2,042 people in 49 companies" in beginning
    assert "Bliese, Halverson & Schriesheim 2002; GPL-2 or later" in beginning
    assert "36 statements" in beginning
    assert "service users, carers and proxies. Nobody said any of it." in beginning


def test_it_shows_how_far_it_has_come(said):
    assert "Answers submitted: 1,022 of 2,042\n" in said
    assert "Answers submitted: 2,042 of 2,042\n" in said


def test_it_shows_every_verdict_and_a_suppressed_cell(said):
    words = set(re.findall(r"[a-z_]+", said))
    assert words >= checks.IMPORTANCE | checks.DELIVERED | checks.FINDINGS | checks.WHY
    assert "(proxies:service_user): suppressed (fewer than 10 answered)" in said


def test_it_lists_the_calls_it_made(said):
    assert re.search(r"POST +/v1/responses +2,042\n", said)
    assert re.search(r"POST +/v1/evaluations/\{id\}/stage +5\n", said)
    assert re.search(r"PUT +/v1/evaluations/\{id\}/coding +2\n", said)
    assert re.search(r"POST +/v1/verifications +\d+\n", said)


def test_it_names_the_path_of_the_health_report_and_ends_with_json(played):
    assert played.result["scores"] == {"leadership": 50, "tasksignificance": 53, "hostility": 76}
    assert re.fullmatch(r"/v1/evaluations/[0-9a-f-]{36}/reports/health", played.result["health"])
    assert f"GET {played.result['health']}" in played.said


def test_it_fits_a_terminal(said):
    assert max(len(line) for line in said.splitlines()[:-1]) <= 100


def test_it_does_not_show_a_name_that_somebody_wrote(said):
    assert "Pritchard" not in said


def test_with_serve_it_leaves_the_service_up_to_explore(played):
    assert {p["code"]: p["score"] for p in played.report["domains"]} == played.result["scores"]
    for name in ("base_url", "client_id", "client_secret"):
        assert played.result[name] in played.said
    assert "curl" in played.said


def test_told_to_end_it_ends_the_service_too(played):
    assert played.ended_with == 0
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{played.result['base_url']}/livez")


def test_a_figure_that_is_not_as_published_fails_it():
    domains = [
        {"code": code, "score": score, "band": checks.BANDS[code]}
        for code, score in checks.SCORES.items()
    ]
    domains[0]["score"] = 51
    empty = {"voices": [], "outcomes": []}
    with pytest.raises(DemonstrationFailed, match="the score of leadership is 51, not 50"):
        checks.check({"domains": domains}, empty, empty)


def test_the_data_set_is_the_published_one():
    sizes = Counter(row["COMPID"] for row in rows())
    assert (len(rows()), len(sizes), min(sizes.values()), max(sizes.values())) == (2042, 49, 10, 99)
    domains = {"LEAD": (11, 3.000712), "TSIG": (3, 3.13304), "HOSTIL": (5, 0.9470127)}
    for stem, (items, published) in domains.items():
        columns = [f"{stem}{number:02d}" for number in range(1, items + 1)]
        assert mean_of_person_means(columns) == pytest.approx(published, abs=1e-6)


def test_the_data_set_has_its_source_and_its_licence_beside_it():
    notice = " ".join((content.FOLDER / "NOTICE.md").read_text(encoding="utf-8").split())
    assert "The Leadership Quarterly" in notice
    assert "multilevel" in notice
    assert "GPL, version 2 or later" in notice


def test_every_answer_of_the_data_set_is_sent_once_with_36_invented_statements():
    sent = [body for bodies in content.staff_responses().values() for body in bodies]
    given = Counter(tuple(body["answers"].values()) for body in sent)
    assert given == Counter(
        tuple(int(value) for name, value in row.items() if name != "COMPID") for row in rows()
    )
    assert sum(len(body.get("statements", [])) for body in sent) == 36


def test_what_is_sent_is_the_same_every_time():
    outcomes = {code: code for code in content.invented()["ranking"]["ours"]}
    group = content.invented()["verifying"][0]
    assert content.staff_responses() == content.staff_responses()
    assert content.rankings(outcomes) == content.rankings(outcomes)
    assert content.verifications(group, outcomes) == content.verifications(group, outcomes)
