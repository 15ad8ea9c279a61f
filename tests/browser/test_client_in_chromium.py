"""A page of a platform, in headless Chromium, talks to the service through `client.js`.

The page, the line and the service are of three origins. Without Chromium these are skipped.
"""

import re
import threading
from contextlib import contextmanager
from uuid import UUID

import pytest

from app.storage import evaluations, responses
from tests.browser.servers import site
from tests.service import RunningService
from tests.walkthrough import ok, send

BLANK = {"blank.html": "<!doctype html><title>A page</title><p>Nothing</p>"}
ANSWER = {"overall": 4, "unwritten": "It keeps the two boards talking"}
# What a page does first; `given` are the service's address and options.
BEGIN = """
const [service, options] = given;
const { openSurvey } = await import(`${service}/v1/client.js`);
window.poet = await openSurvey({ service, pause: 1, ...options });
window.told = (call) => call.then(
  (reply) => ({ reply }),
  ({ name, code, status, detail, errors, retryAfter }) =>
    ({ name, code, status, detail, errors, retryAfter }),
);
"""
KEPT = "return [{ ...localStorage }, { ...sessionStorage }]"
SUBMIT = "return told(poet.submit('responses', given[0]))"


@pytest.fixture
def page():
    """The address of a page that does nothing by itself."""
    with site("", documents=BLANK) as url:
        yield f"{url}/blank.html"


def begin(browser, service, **options):
    browser.run(BEGIN, service, options)


def stored(service, survey):
    """How many answers to a survey are on disk."""
    with service.deployment.database.reading() as session:
        return responses.count(session, UUID(survey.evaluation["id"]))


@contextmanager
def full_queue(service, survey):
    """The address of another process of the service, whose queue is full until it is left."""
    settings, senders = service.settings, []
    with RunningService(settings.database_url, settings.home, queue=1) as small:
        writer = small.deployment.writer
        with small.deployment.database.writing() as session, small.http() as client:
            evaluations.take(session, UUID(survey.evaluation["id"]))  # nothing is decided
            while not (writer.full and not threading.Event().wait(0.05) and writer.full):
                arguments = (client, "responses", survey.token(), ANSWER)
                senders.append(threading.Thread(target=send, args=arguments))
                senders[-1].start()
                threading.Event().wait(0.02)
            yield small.url
            session.rollback()
            for sender in senders:
                sender.join()


def test_the_token_leaves_the_address_bar_and_reaches_the_service_in_a_header_alone(
    browser, survey, wire, page
):
    token = survey.token()
    browser.open(f"{page}?wave=2#t={token}")
    begin(browser, wire.url)

    asked = browser.run("return told(poet.questionnaire('cy'))")["reply"]

    assert asked["language"] == "cy"
    assert browser.address == f"{page}?wave=2"
    assert len(wire.heard) > 1
    for request in wire.heard:
        assert token not in request.path
        assert "Cookie" not in request.headers
        named = {name for name, value in request.headers.items() if token in value}
        assert named == ({"Authorization"} if "Authorization" in request.headers else set())
        assert request.headers.get("Referer", "") in ("", f"{page.rpartition('/')[0]}/")


def test_the_next_link_in_the_same_tab_begins_anew(browser, survey, wire, page):
    first, second = survey.token(), survey.token()
    browser.open(f"{page}#t={first}")
    begin(browser, wire.url)
    browser.run("poet.keep({ overall: 2 }); window.old = true")

    browser.open(f"{page}#t={second}")
    browser.wait_for("!window.old && document.readyState === 'complete'")
    begin(browser, wire.url)
    browser.run(SUBMIT, ANSWER)

    assert browser.address == page
    (sent,) = wire.sent_to("/v1/responses")
    assert sent.headers["Authorization"] == f"Bearer {second}"


def test_a_page_of_another_origin_can_tell_a_410_from_a_network_fault(browser, survey, wire, page):
    token = survey.token()
    ok(survey.send(ANSWER, token), 201)
    browser.open(f"{page}#t={token}")

    begin(browser, wire.url, language="cy")
    gone = browser.run(SUBMIT, ANSWER)
    wire.lost += ["/v1/responses"] * 2
    begin(browser, wire.url, language="cy", attempts=2)
    lost = browser.run(SUBMIT, ANSWER)

    assert (gone["name"], gone["status"], gone["code"]) == ("Refused", 410, "token-unusable")
    assert gone["detail"].startswith("Nid oes modd defnyddio'r tocyn")
    assert (lost["name"], lost["status"], lost["code"]) == ("Unreachable", 0, "unreachable")
    assert lost["detail"] == "Ni ellir cyrraedd y gwasanaeth."


def test_a_page_of_another_origin_can_read_a_503_and_when_to_come_back(
    browser, service, survey, page
):
    token = survey.token()
    browser.open(f"{page}#t={token}")
    with full_queue(service, survey) as small:
        begin(browser, small, attempts=1)
        busy = browser.run(SUBMIT, ANSWER)
    begin(browser, service.url)
    again = browser.run(SUBMIT, ANSWER)

    assert (busy["name"], busy["status"], busy["code"]) == ("Refused", 503, "unavailable")
    assert busy["retryAfter"] > 0
    assert again["reply"]["receipt"]


def test_a_draft_survives_a_reload_and_is_gone_with_the_201(browser, survey, wire, page):
    token = survey.token()
    browser.open(f"{page}#t={token}")
    begin(browser, wire.url)

    kept = browser.run("return poet.keep(given[0])", ANSWER)
    local, tab = browser.run(KEPT)
    browser.reload()
    begin(browser, wire.url)
    draft = browser.run("return poet.draft()")
    reply = browser.run(SUBMIT, draft)["reply"]

    assert kept is True
    assert draft == ANSWER
    (name,) = local
    assert re.fullmatch("poet-draft-[0-9a-z]+", name)
    assert token not in local[name]
    assert reply["key"] in local[name]
    assert [token in value for value in tab.values()] == [True]
    assert browser.run(KEPT) == [{}, {}]
    assert browser.cookies == []


def test_on_a_shared_device_nothing_is_kept_before_or_after(browser, survey, wire, page):
    token = survey.token()
    browser.open(f"{page}#t={token}")
    begin(browser, wire.url, kiosk=True)

    kept = browser.run("return poet.keep(given[0])", ANSWER)
    before = browser.run(KEPT), browser.cookies, browser.run("return history.state")
    reply = browser.run(SUBMIT, ANSWER)["reply"]
    after = browser.run(KEPT), browser.cookies, browser.run("return history.state")

    assert kept is False
    assert before == after == ([{}, {}], [], None)
    assert reply["key"]
    assert browser.run("return poet.hasToken") is False
    assert browser.address == page
    browser.reload()
    begin(browser, wire.url, kiosk=True)
    assert browser.run("return [poet.hasToken, poet.draft()]") == [False, None]


def test_an_answer_whose_reply_was_lost_is_there_once(browser, service, survey, wire, page):
    browser.open(f"{page}#t={survey.token()}")
    begin(browser, wire.url)
    wire.lost += ["/v1/responses"] * 2

    reply = browser.run(SUBMIT, ANSWER)["reply"]

    sent = wire.sent_to("/v1/responses")
    assert len(sent) == 3
    assert {one.headers["Idempotency-Key"] for one in sent} == {reply["key"]}
    assert stored(service, survey) == 1


def test_an_answer_without_a_reply_is_sent_again_after_a_reload(
    browser, service, survey, wire, page
):
    browser.open(f"{page}#t={survey.token()}")
    begin(browser, wire.url, attempts=1)
    wire.lost.append("/v1/responses")

    lost = browser.run(SUBMIT, ANSWER)
    browser.reload()
    begin(browser, wire.url)
    reply = browser.run("return poet.resume()")

    assert lost["code"] == "unreachable"
    assert stored(service, survey) == 1
    assert browser.run("return poet.included(given[0])", reply["key"]) is True
    assert browser.run("return poet.resume()") is None
    assert browser.run(KEPT) == [{}, {}]


def test_the_key_in_the_result_withdraws(browser, service, survey, wire, page):
    browser.open(f"{page}#t={survey.token()}")
    begin(browser, wire.url)
    key = browser.run(SUBMIT, ANSWER)["reply"]["key"]

    browser.run("await poet.withdraw(given[0])", key)

    assert browser.run("return poet.included(given[0])", key) is False
    assert stored(service, survey) == 0


def test_whoever_watches_the_line_sees_one_size_for_short_answers_and_long_ones(
    browser, survey, wire, page
):
    for answer in (
        {"overall": 4},
        {"overall": 4, "unwritten": "ŵ" * 1900},
        {"statements": [{"outcome": "x" * 2000, "mechanism": "y" * 2000}] * 5},
        {"statements": [{"outcome": "ŵ" * 2000, "mechanism": "ŷ" * 2000}] * 5},
    ):
        browser.open(f"{page}#t={survey.token()}")
        begin(browser, wire.url)
        assert browser.run(SUBMIT, answer)["reply"]["receipt"]

    sizes = [int(one.headers["Content-Length"]) for one in wire.sent_to("/v1/responses")]
    assert sizes == [4096, 4096, 65536, 65536]
