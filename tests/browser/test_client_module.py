"""The JavaScript module for pages in the browser: how it is served, and what it does with replies.

The second part is written in JavaScript (`client.test.mjs`) and run by Node, over the module as it
is served.
"""

import re
import subprocess
from pathlib import Path

import pytest

from tests.node import needed

SCRIPT = Path(__file__).with_name("client.test.mjs")
SENTENCES = re.findall(r'^test\("(.+?)"', SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)
NODE_SECONDS = 60
ORIGIN = {"Origin": "https://survey.example.org"}


def test_the_module_is_served_to_any_page(anybody):
    reply = anybody.get("/v1/client.js", headers=ORIGIN)

    assert reply.status_code == 200
    assert reply.headers["Content-Type"].startswith("text/javascript")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "export async function openSurvey(" in reply.text


def test_a_browser_that_has_the_module_does_not_fetch_it_again(anybody):
    first = anybody.get("/v1/client.js")

    again = anybody.get("/v1/client.js", headers={"If-None-Match": first.headers["ETag"]})
    other = anybody.get("/v1/client.js", headers={"If-None-Match": '"another"'})

    assert re.fullmatch('"[0-9a-f]{64}"', first.headers["ETag"])
    assert "max-age" in first.headers["Cache-Control"]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert other.content == first.content


def test_the_module_needs_no_other(anybody):
    source = anybody.get("/v1/client.js").text

    assert re.findall(r"^\s*(?:import|export .* from)\b.*", source, re.MULTILINE) == []


@pytest.fixture(scope="module")
def ran(running, tmp_path_factory):
    """How each test in JavaScript went, by its name, and everything that was said."""
    (node,) = needed("node")
    with running.http() as anybody:
        module = tmp_path_factory.mktemp("module") / "client.mjs"
        module.write_bytes(anybody.get("/v1/client.js").content)
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", SCRIPT],
        env={"CLIENT": str(module)},
        capture_output=True,
        text=True,
        timeout=NODE_SECONDS,
        check=False,
    )
    results = re.findall(r"^(ok|not ok) \d+ - (.+)$", done.stdout, re.MULTILINE)
    return {name: result for result, name in results}, done.stdout + done.stderr


@pytest.mark.parametrize("sentence", SENTENCES)
def test_in_node(ran, sentence):
    results, said = ran

    assert results.get(sentence) == "ok", said
