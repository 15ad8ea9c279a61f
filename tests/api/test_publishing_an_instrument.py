"""A client publishes a questionnaire of its own: at once, for ever, and for its account alone."""

import copy

import pytest

from tests.walkthrough import faults, ok, plan, refusal

INSTRUMENT = {
    "code": "pulse",
    "version": 1,
    "title": "A short pulse",
    "languages": ["en"],
    "scales": {"agree3": {"min": 1, "max": 3, "labels": {"en": ["No", "Partly", "Yes"]}}},
    "domains": [
        {
            "code": "pace",
            "label": "Pace",
            "scale": "agree3",
            "items": [
                {"code": "pace1", "text": "We decide fast enough."},
                {"code": "pace2", "text": "Why not?", "show_if": {"item": "pace1", "in": [1]}},
            ],
        }
    ],
}
ROLE = {"code": "role", "label": "Role", "values": [{"code": c, "label": c} for c in ("a", "b")]}
DRIVER = {"code": "money", "label": "Money"}


def publish(client, **members):
    return client.post("/v1/instruments", json=INSTRUMENT | members)


def changed(place, value):
    """The instrument with one thing changed; `place` leads to it."""
    document = copy.deepcopy(INSTRUMENT)
    *way, last = place
    part = document
    for step in way:
        part = part[step]
    part[last] = value
    return document


def items(*codes, **members):
    return [{"code": code, "text": "A question", **members} for code in codes]


def test_a_version_is_published_at_once(evaluator):
    published = ok(publish(evaluator), 201)

    assert published["title"] == {"en": "A short pulse"}
    assert published["domains"][0]["items"][1]["show_if"] == {"item": "pace1", "in": [1]}
    assert ok(evaluator.get("/v1/instruments/pulse/1")) == published
    names = [(one["code"], one["version"]) for one in ok(evaluator.get("/v1/instruments"))["items"]]
    assert names == [("poet-staff", 1), ("pulse", 1)]
    assert plan(evaluator, instrument="pulse@1")["instrument"] == "pulse@1"


def test_the_same_again_changes_nothing_and_other_contents_are_refused(evaluator):
    published = ok(publish(evaluator), 201)

    again = publish(evaluator)
    in_other_words = publish(evaluator, title={"en": "A short pulse"}, kind="staff")
    other = publish(evaluator, title="Another title")

    assert ok(again, 200) == ok(in_other_words, 200) == published
    assert refusal(other, 409) == "instrument-exists"
    assert ok(evaluator.get("/v1/instruments/pulse/1")) == published
    assert publish(evaluator, title="Another title", version=2).status_code == 201


@pytest.mark.parametrize("version", [1, 2])
def test_the_code_of_a_built_in_instrument_is_taken(evaluator, version):
    reply = publish(evaluator, code="poet-staff", version=version)

    assert refusal(reply, 409) == "instrument-exists"


def test_what_one_account_published_no_other_can_see_or_use(service, evaluator):
    ok(publish(evaluator), 201)

    with service.client_of_a_new_account() as stranger:
        assert refusal(stranger.get("/v1/instruments/pulse/1"), 404) == "not-found"
        assert len(ok(stranger.get("/v1/instruments"))["items"]) == 1
        with pytest.raises(AssertionError, match="unknown-instrument"):
            plan(stranger, instrument="pulse@1")
        assert publish(stranger, title="Its own pulse").status_code == 201
    assert ok(evaluator.get("/v1/instruments/pulse/1"))["title"]["en"] == "A short pulse"


@pytest.mark.parametrize(
    "address", ["pulse/2", "nothing/1", "pulse/0", "pulse/x", "p%00/1", "P/1", "a" * 41 + "/1"]
)
def test_what_was_never_published_is_not_there(evaluator, address):
    ok(publish(evaluator), 201)

    assert refusal(evaluator.get(f"/v1/instruments/{address}"), 404) == "not-found"


ITEMS = ("domains", 0, "items")
LABELS = ("scales", "agree3", "labels")


@pytest.mark.parametrize(
    ("place", "value", "pointer", "code"),
    [
        (("languages",), ["en", "cy"], "/title", "translation-missing"),
        (("languages",), ["en", "cy"], "/domains/0/items/1/text", "translation-missing"),
        (("languages",), ["en", "cy"], "/scales/agree3/labels", "scale-labels"),
        ((*LABELS, "en"), ["No", "Yes"], "/scales/agree3/labels", "scale-labels"),
        (("scales", "agree3", "max"), 12, "/scales/agree3", "scale-size"),
        (("scales", "agree3", "max"), 1, "/scales/agree3", "scale-size"),
        (("domains", 0, "scale"), "other", "/domains/0/scale", "scale-unknown"),
        (ITEMS, items("pace1", "pace1"), "/domains/0/items/1/code", "code-twice"),
        (("domains",), INSTRUMENT["domains"] * 2, "/domains/1/code", "code-twice"),
        (("attributes",), [ROLE, ROLE], "/attributes/1/code", "code-twice"),
        (
            ("attributes",),
            [ROLE | {"values": ROLE["values"] * 2}],
            "/attributes/0/values/2/code",
            "code-twice",
        ),
        (
            ("drivers",),
            {"scale": "agree3", "practice": "p", "official": "o", "items": [DRIVER, DRIVER]},
            "/drivers/items/1/code",
            "code-twice",
        ),
        (
            ("context",),
            {"scale": "agree3", "items": items("pace1")},
            "/context/items/0/code",
            "code-twice",
        ),
        (ITEMS, items("token"), "/domains/0/items/0/code", "code-reserved"),
        (ITEMS, items("poetform"), "/domains/0/items/0/code", "code-reserved"),
        (("domains", 0, "code"), "poetkey", "/domains/0/code", "code-reserved"),
        (("attributes",), [ROLE | {"code": "answers"}], "/attributes/0/code", "code-reserved"),
        (("attributes",), [ROLE | {"code": "organisation"}], "/attributes/0/code", "code-reserved"),
        (("domains", 0, "code"), "overall", "/domains/0/code", "code-reserved"),
        (
            (*ITEMS, 0, "show_if"),
            {"item": "pace2", "in": [1]},
            "/domains/0/items/0/show_if/item",
            "condition-unknown",
        ),
        (
            (*ITEMS, 1, "show_if"),
            {"item": "pace2", "in": [1]},
            "/domains/0/items/1/show_if/item",
            "condition-unknown",
        ),
        (ITEMS, items(*(f"q{n}" for n in range(201))), "/domains", "too-many-items"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_breaks_a_rule_is_refused_at_its_place(evaluator, place, value, pointer, code):
    reply = evaluator.post("/v1/instruments", json=changed(place, value))

    assert (pointer, code) in faults(reply)
    assert len(ok(evaluator.get("/v1/instruments"))["items"]) == 1


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("code",), "Pulse"),
        (("code",), "p" * 41),
        (("version",), 0),
        (("domains", 0, "code"), "team-spirit"),
        ((*ITEMS, 0, "code"), "question_1"),
        ((*ITEMS, 0, "code"), "q" * 21),
        ((*ITEMS, 0, "text"), ""),
        ((*ITEMS, 0, "level"), "heavenly"),
        (("domains", 0, "higher_is"), "nicer"),
        (("domains", 0, "min_answered"), 1.5),
        (("domains",), []),
        (("colour",), "blue"),
    ],
    ids=str,
)
def test_what_has_another_shape_is_refused(evaluator, place, value):
    reply = evaluator.post("/v1/instruments", json=changed(place, value))

    pointers = {pointer for pointer, _ in faults(reply)}
    assert f"/{'/'.join(str(step) for step in place)}" in pointers


def test_the_limits_themselves_are_allowed(evaluator):
    labels = [str(point) for point in range(11)]
    scale = {"min": 0, "max": 10, "labels": {"en": labels}}
    questions = items(*(f"q{n}" for n in range(200)))
    body = changed(ITEMS, questions) | {"scales": {"agree3": scale}}

    published = ok(evaluator.post("/v1/instruments", json=body), 201)

    assert len(published["domains"][0]["items"]) == 200
