"""The worked page: SurveyJS renders the built-in survey, somebody fills it in, the answer arrives.

The page is in `page/`. npm brings SurveyJS, Chromium fills it in. Without them this is skipped.
"""

import json

import pytest

from tests.browser.servers import site
from tests.node import SURVEYJS, packages
from tests.walkthrough import ok, refusal, send

NEXT, SEND = ".sd-navigation__next-btn", ".sd-navigation__complete-btn"
QUESTION = "document.querySelector('#survey [data-name]').dataset.name"
MOST_PAGES = 40
# The same as what is filled in below, as a page without SurveyJS would send it.
ANSWER = {
    "role": "manager",
    "answers": {"trust1": 4, "rules2": "dont_know", "means3": "not_applicable"},
    "overall": 5,
    "statements": [
        {
            "outcome": "Older people stay in their own homes for longer",
            "beneficiaries": ["older_people", "carers"],
            "horizon": "1-3y",
            "distinctive": "yes",
        }
    ],
    "unwritten": "It keeps the two boards talking – yn y ddwy iaith",
    "importance": {"trust": 3, "means": 7},
    "depth": {"council": {"current": "coordination", "right": "joint_management"}},
}


@pytest.fixture
def page(evaluator, survey, wire):
    """The platform's page, with the questionnaire that it took away."""
    path = f"/v1/evaluations/{survey.evaluation['id']}/questionnaire"
    model = ok(evaluator.get(path, params={"audience": "staff", "format": "surveyjs"}))
    documents = {"questionnaire.json": json.dumps(model)}
    with site(wire.url, [packages(*SURVEYJS)], documents) as url:
        yield f"{url}/index.html"


class Person:
    """Somebody who opens a link and goes through the pages of the survey."""

    def __init__(self, browser, link):
        self._browser = browser
        browser.open(link)

    def begin(self):
        self._browser.wait_for(f"document.querySelector('{NEXT}')")

    def go_to(self, question):
        """Go on until a question is shown."""
        for _ in range(MOST_PAGES):
            shown = self._browser.run(f"return {QUESTION}")
            if shown == question:
                return
            self._browser.click(NEXT)
            self._browser.wait_for(f"{QUESTION} !== {json.dumps(shown)}")
        raise AssertionError(f"{question} is not asked")

    def choose(self, question, value, row=""):
        named = f'[name$="_{row}"]' if row else ""
        self._browser.click(f'[data-name="{question}"] label:has(input{named}[value="{value}"])')

    def write(self, question, text, inside="textarea"):
        self._browser.type(f'[data-name="{question}"] {inside}', text)

    def message(self):
        """What the page says in the end."""
        self._browser.wait_for("document.querySelector('#message').textContent")
        return self._browser.text("#message")


def fill_in(browser, person):
    """Answer something of everything."""
    person.begin()
    for domain, item, value in (
        ("trust", "trust1", 4),
        ("rules", "rules2", "dont_know"),
        ("means", "means3", "not_applicable"),
    ):
        person.go_to(domain)
        person.choose(domain, value, item)
    person.go_to("overall")
    person.choose("overall", 5)
    person.go_to("points")
    person.write("points", "3", "tr:nth-child(3) input")
    person.write("points", "7", "tr:nth-child(6) input")
    person.go_to("withcouncil")
    for row, value in zip((1, 2), ("coordination", "joint_management"), strict=True):
        browser.click(
            f'[data-name="withcouncil"] tbody tr:nth-child({row}) label:has(input[value="{value}"])'
        )
    person.go_to("changes")
    browser.click('[data-name="changes"] .sd-paneldynamic__add-btn')
    person.write("outcome", ANSWER["statements"][0]["outcome"])
    for question, value in (
        ("beneficiaries", "older_people"),
        ("beneficiaries", "carers"),
        ("horizon", "1-3y"),
        ("distinctive", "yes"),
    ):
        person.choose(question, value)
    person.go_to("unwritten")
    person.write("unwritten", ANSWER["unwritten"])
    person.go_to("role")
    person.choose("role", "manager")
    browser.click(SEND)


def test_somebody_fills_in_the_page_and_the_answer_arrives(browser, anybody, survey, wire, page):
    token = survey.token()
    person = Person(browser, f"{page}#t={token}")
    fill_in(browser, person)

    key = person.message().rsplit(" ", 1)[1]

    (sent,) = wire.sent_to("/v1/responses?format=surveyjs")
    assert sent.headers["Idempotency-Key"] == key
    assert ok(anybody.post("/v1/receipts/check", json={"key": key})) == {"included": True}
    # A key that is sent again is compared with what was stored under it.
    ok(send(anybody, "responses", token, ANSWER, key), 201)
    other = ANSWER | {"overall": 4}
    assert refusal(send(anybody, "responses", token, other, key), 422) == "key-reused"
    assert browser.run("return [localStorage.length, sessionStorage.length]") == [0, 0]


def test_what_is_half_filled_in_is_there_after_a_reload(browser, survey, page):
    person = Person(browser, f"{page}#t={survey.token()}")
    person.begin()
    person.go_to("trust")
    person.choose("trust", 4, "trust1")

    browser.reload()
    person.begin()
    person.go_to("trust")

    chosen = "return [...document.querySelectorAll('input:checked')].map((one) => one.value)"
    assert browser.run(chosen) == ["4"]


def test_a_link_that_was_used_is_refused_before_anything_is_asked(browser, survey, page):
    token = survey.token()
    ok(survey.send(ANSWER, token), 201)

    person = Person(browser, f"{page}#t={token}")

    assert person.message().startswith("The token was used, revoked")
    assert browser.run("return document.querySelector('#survey').children.length") == 0


def test_without_a_link_the_page_asks_for_it(browser, page):
    assert Person(browser, page).message() == "Please open the link in your letter again."
