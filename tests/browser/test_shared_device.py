"""Whoever gets the device afterwards and reads every file of the browser finds no respondent.

A page with `kiosk: true` keeps nothing, but a browser itself writes down which links were opened.
So on a shared device the token is typed; the search is shown to find the one that came in a link.
"""

from tests.browser.chromium import chromium
from tests.browser.servers import site
from tests.walkthrough import ok

BLANK = {"kiosk.html": "<!doctype html><title>A kiosk</title><p>Nothing</p>"}
WORDS = "Nobody else would put it like this"
ANSWER = """
const [service, token] = given;
const { openSurvey } = await import(`${service}/v1/client.js`);
const poet = await openSurvey({ service, kiosk: true, ...(token && { token }) });
await poet.questionnaire("en");
poet.keep({ unwritten: "%s" });
return (await poet.submit("responses", { unwritten: "%s" })).key;
"""
# Long enough for what a browser writes now and then.
LINGER = "await new Promise((resolve) => setTimeout(resolve, 1500))"


def found_in(folder, text):
    """The files that hold a text, in any spelling that a browser writes."""
    marks = [text.encode(), text.encode("utf-16-le")]
    files = (file for file in folder.rglob("*") if file.is_file())
    return [str(file) for file in files if any(mark in file.read_bytes() for mark in marks)]


def test_a_typed_token_its_key_and_the_words_are_in_no_file_of_the_browser(
    anybody, survey, wire, tmp_path
):
    typed, linked = survey.token(), survey.token()
    answer = ANSWER % (WORDS, WORDS)
    with site(wire.url, documents=BLANK) as url, chromium(tmp_path) as browser:
        browser.open(f"{url}/kiosk.html")
        key = browser.run(answer, wire.url, typed)
        browser.open(f"{url}/kiosk.html?#t={linked}")
        browser.run(answer, wire.url, None)
        browser.run(LINGER)

    assert ok(anybody.post("/v1/receipts/check", json={"key": key})) == {"included": True}
    for secret in (typed, typed.replace("-", ""), key, WORDS):
        assert found_in(tmp_path, secret) == []
    assert found_in(tmp_path, linked), "a control: the list of visited pages"
