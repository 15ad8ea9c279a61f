"""A report as a table: every number of it once, and nothing that a spreadsheet would run."""

import csv
import io
import json
from collections import Counter

import pytest

from app.use_cases.reports.tidy import COLUMNS, tidy
from tests.walkthrough import ok, plan, refusal

NAMES = ("health", "outcomes", "outcomes?edition=staff", "combined")
NUMBERS = ("value", "low", "high")


def numbers(document):
    """Every number of a document, as often as it occurs; true and false are none."""
    if isinstance(document, dict):
        return sum((numbers(part) for part in document.values()), Counter())
    if isinstance(document, list):
        return sum((numbers(part) for part in document), Counter())
    counts = isinstance(document, int | float) and not isinstance(document, bool)
    return Counter([document] if counts else [])


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def told(rows):
    """Every number of a table, read as JSON reads numbers."""
    return Counter(json.loads(row[name]) for row in rows for name in NUMBERS if row[name])


def path_of(verified, name):
    name, _, query = name.partition("?")
    return f"{verified.path}/reports/{name}.csv?{query}"


def table(client, path):
    reply = client.get(path)
    assert reply.status_code == 200, reply.text
    return rows_of(reply.text)


def the(rows, **cells):
    """The one row with these cells."""
    (found,) = [row for row in rows if all(row[name] == cell for name, cell in cells.items())]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_report_is_in_its_table_once(verified, service, name):
    report = ok(verified.client.get(f"{verified.path}/reports/{name}"))

    rows = table(verified.client, path_of(verified, name))

    assert told(rows) == numbers(report)


def test_a_number_that_is_lost_or_told_twice_would_be_noticed(verified, service):
    report = verified.report("health")
    rows = table(verified.client, path_of(verified, "health"))
    numbered = [row for row in rows if told([row])]

    assert len(numbered) > 100
    for row in numbered:
        assert told([one for one in rows if one is not row]) != numbers(report)
        assert told([*rows, row]) != numbers(report)


def test_so_it_is_of_a_trend_and_of_a_benchmark(evaluator, own, others):
    others.join(41, 48, 52, 57, 63)
    trend = f"/v1/partnerships/{own['partnership']}/trend"
    benchmark = f"/v1/evaluations/{own['id']}/benchmark"

    for at in (trend, benchmark):
        document = ok(evaluator.get(at))
        assert sum(numbers(document).values()) > 3
        assert told(table(evaluator, f"{at}.csv")) == numbers(document)


def test_no_two_numbers_are_told_under_the_same_name(verified, service):
    for name in NAMES:
        rows = table(verified.client, path_of(verified, name))
        named = [tuple(row[column] for column in COLUMNS[:11]) for row in rows if row["value"]]
        assert len(named) == len(set(named)), name


def test_a_domain_stands_in_a_row_with_its_interval_and_its_band(verified, service):
    report = verified.report("health")
    domain = next(one for one in report["domains"] if one["code"] == "trust")

    rows = table(verified.client, path_of(verified, "health"))

    assert the(rows, section="domains", code="trust", measure="score", group="") == {
        **dict.fromkeys(COLUMNS, ""),
        "report": "health",
        "evaluation": verified.evaluation["id"],
        "section": "domains",
        "code": "trust",
        "label": "Trust",
        "measure": "score",
        "value": str(domain["score"]),
        "at_least": "true" if domain.get("at_least") else "",
        "at_most": "true" if domain.get("at_most") else "",
        "low": str(domain["interval"]["from"]),
        "high": str(domain["interval"]["to"]),
        "basis": domain["basis"],
        "band": "celebrate",
    }
    item = the(rows, section="domains.items", code="trust1", measure="score")
    assert item["of"] == "trust"
    cut = the(rows, section="domains.cuts.organisation", code="power", measure="n")
    assert (cut["group"], cut["value"]) == ("trust", "40")


def test_what_is_withheld_has_a_row_that_says_so(verified, service):
    rows = table(verified.client, path_of(verified, "health"))

    silent = the(rows, section="domains", code="voice", suppressed="true")

    assert [silent[name] for name in ("measure", *NUMBERS)] == ["", "", "", ""]


def test_what_each_voice_says_stands_beside_its_verdict(verified, service):
    rows = table(verified.client, path_of(verified, "outcomes"))
    report = verified.report("outcomes")
    outcome = next(one for one in report["outcomes"] if one["code"] == "fits")
    says = outcome["voices"][0]["delivered"]

    at = {"section": "outcomes.voices", "code": "fits", "voice": "op"}

    share = the(rows, **at, measure="delivered.share")
    assert (share["low"], share["high"]) == (str(says["share"]["from"]), str(says["share"]["to"]))
    assert the(rows, **at, measure="delivered.verdict")["band"] == says["verdict"]
    findings = table(verified.client, path_of(verified, "combined"))
    found = [one for one in findings if one["measure"] == "finding" and one["code"] == "fits"]
    assert "consistent_with_theory" in {one["band"] for one in found}


def test_a_table_is_csv_with_a_header_and_an_entity_tag_of_its_own(verified, service):
    at = path_of(verified, "health")
    reply = verified.client.get(at)

    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.text.startswith(",".join(COLUMNS) + "\r\n")
    assert reply.text.count("\n") == reply.text.count("\r\n")
    etag = reply.headers["ETag"]
    assert etag != verified.client.get(f"{verified.path}/reports/health").headers["ETag"]
    assert verified.client.get(at, headers={"If-None-Match": etag}).status_code == 304


def test_the_same_table_comes_to_who_accepts_nothing_else(verified, service):
    headers = {"Accept": "text/csv"}

    reply = verified.client.get(f"{verified.path}/reports/health", headers=headers)

    assert reply.text == verified.client.get(path_of(verified, "health")).text


@pytest.mark.parametrize(("language", "label"), [("en", "Trust"), ("cy", "Ymddiriedaeth")])
def test_labels_are_in_the_callers_language(verified, service, language, label):
    headers = {"Accept-Language": language}
    reply = verified.client.get(path_of(verified, "health"), headers=headers)

    row = the(rows_of(reply.text), section="domains", code="trust", measure="n", group="")
    assert row["label"] == label


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_that_a_spreadsheet_would_run_are_kept_from_running(start):
    words = f'{start}HYPERLINK("https://evil.example","a"),\n"b"'
    report = {
        "report": "outcomes",
        "outcomes": [{"code": "home", "title": {"en": words}, "change": -3, "n": 12}],
        "gaps": [{"between": [f"{start}1", "carers"], "points": {"from": -40, "to": 10}}],
    }

    rows = rows_of(tidy(report, "en"))

    change, n, gap = rows
    assert change["label"] == n["label"] == f"'{words}"
    assert gap["voice"] == f"'{start}1 / carers"
    assert (change["value"], gap["low"], gap["high"]) == ("-3", "-40", "10")


def test_numbers_stay_the_numbers_that_they_are():
    report = {"report": "health", "sizes": [1, 2.5, -0.0004], "deep": {"er": {"n": 10**15}}}

    assert [row["value"] for row in rows_of(tidy(report, "en"))] == [
        "1",
        "2.5",
        "-0.0004",
        "1000000000000000",
    ]


@pytest.mark.parametrize("name", ["health", "outcomes", "combined"])
def test_before_its_stage_a_table_is_not_there(evaluator, name):
    evaluation = plan(evaluator)

    reply = evaluator.get(f"/v1/evaluations/{evaluation['id']}/reports/{name}.csv")

    assert refusal(reply, 404) == "not-found"


def test_there_is_no_table_of_another_name(verified, service):
    reply = verified.client.get(f"{verified.path}/reports/errata.csv")

    assert refusal(reply, 404) == "not-found"
