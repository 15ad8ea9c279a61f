"""An evaluator registers the organisations that are evaluated together, and keeps them up to date.

Little is required; what kind of partnership it is can be said now or later.
"""

import uuid

import pytest

from tests.walkthrough import ORGANISATIONS, faults, ok, refusal, register

FULL = {
    "name": "Northshire Integrated Care",
    "country": "GB-WLS",
    "service_area": "Older people",
    "service_user_groups": ["older_people", "carers"],
    "formed_on": "2019-04-01",
    "predecessors": [],
    "depth": {"current": "coordination", "desired": "joint_management"},
    "breadth": {"current": "health_and_social_care", "desired": "wider_community"},
    "governance": {"hierarchy": 0.2, "market": 0.2, "network": 0.6},
    "context": {"history": "Two mergers", "policy": "A duty to collaborate"},
    "initiatives": [{"name": "Warm Homes", "overlap": "The same streets"}],
    "organisations": ORGANISATIONS,
}


def refused(client, **members):
    return client.post("/v1/partnerships", json=FULL | members)


def test_a_name_and_organisations_are_enough(evaluator):
    body = {"name": "Two of us", "organisations": [{"code": "nhs-trust", "headcount": 12}]}

    made = ok(evaluator.post("/v1/partnerships", json=body), 201)

    organisation = {"code": "nhs-trust", "name": "nhs-trust", "sector": "other", "headcount": 12}
    assert made["organisations"] == [organisation]
    assert made["governance"] is None
    assert ok(evaluator.get(f"/v1/partnerships/{made['id']}")) == made


def test_everything_that_is_said_is_kept(evaluator):
    made = ok(evaluator.post("/v1/partnerships", json=FULL), 201)

    kept = ok(evaluator.get(f"/v1/partnerships/{made['id']}"))
    assert kept == FULL | {"id": made["id"], "updated_at": made["updated_at"]}


@pytest.mark.parametrize("missing", ["name", "organisations"])
def test_a_name_and_organisations_are_required(evaluator, missing):
    body = {name: value for name, value in FULL.items() if name != missing}

    assert faults(evaluator.post("/v1/partnerships", json=body)) == {(f"/{missing}", "required")}


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"governance": {"hierarchy": 0.2, "market": 0.2, "network": 0.5}}, "", "weights-sum"),
        ({"governance": {"hierarchy": 1.2, "market": 0, "network": 0}}, "/hierarchy", None),
        ({"governance": {"hierarchy": 1, "network": 0}}, "/market", "required"),
        ({"depth": {"current": "friendship"}}, "/current", "unknown-value"),
        ({"breadth": {"desired": "coordination"}}, "/desired", "unknown-value"),
        ({"service_user_groups": ["older_people", "cats"]}, "/1", "unknown-value"),
        ({"organisations": [ORGANISATIONS[0], ORGANISATIONS[0]]}, "", "code-twice"),
        ({"organisations": []}, "", None),
        ({"organisations": [{"code": "NHS", "headcount": 5}]}, "/0/code", None),
        ({"organisations": [{"code": "a" * 41, "headcount": 5}]}, "/0/code", None),
        ({"organisations": [{"code": "nhs", "headcount": 0}]}, "/0/headcount", None),
        ({"organisations": [{"code": "nhs", "headcount": 5, "sector": "army"}]}, "/0/sector", None),
        ({"predecessors": [str(uuid.UUID(int=1))]}, "/0", "unknown-partnership"),
        ({"formed_on": "last year"}, "", None),
        ({"country": "Wales"}, "", None),
        ({"colour": "blue"}, "", "unknown-field"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_does_not_fit_is_refused_at_its_place(evaluator, members, pointer, code):
    (member,) = members

    found = faults(refused(evaluator, **members))

    assert len(found) == 1
    assert (f"/{member}{pointer}", code or found.copy().pop()[1]) in found
    assert ok(evaluator.get("/v1/partnerships"))["items"] == []


def test_weights_sum_to_one_but_for_rounding(evaluator):
    third = {"hierarchy": 0.3333333, "market": 0.3333333, "network": 0.3333334}

    assert register(evaluator, governance=third)["governance"] == third


def test_a_predecessor_is_a_partnership_of_the_same_account(service, evaluator):
    mine = register(evaluator)["id"]
    with service.client_of_a_new_account() as stranger:
        theirs = register(stranger)["id"]

    assert register(evaluator, predecessors=[mine])["predecessors"] == [mine]
    assert faults(refused(evaluator, predecessors=[mine, theirs])) == {
        ("/predecessors/1", "unknown-partnership")
    }


def test_a_change_leaves_the_rest_as_it_was(evaluator):
    made = ok(evaluator.post("/v1/partnerships", json=FULL), 201)
    path = f"/v1/partnerships/{made['id']}"

    changed = ok(evaluator.patch(path, json={"service_area": "Carers", "governance": None}))

    assert changed == made | {"service_area": "Carers", "governance": None}
    assert ok(evaluator.get(path)) == changed
    assert ok(evaluator.patch(path, json={})) == changed


def test_organisations_are_changed_as_a_whole_and_with_the_same_defaults(evaluator):
    path = f"/v1/partnerships/{register(evaluator)['id']}"
    council = {"code": "council", "name": "The council", "sector": "local_authority"}
    new = [{"code": "newcomer", "headcount": 15}, council | {"headcount": 31}]

    ok(evaluator.patch(path, json={"organisations": new}))

    newcomer = {"code": "newcomer", "name": "newcomer", "sector": "other", "headcount": 15}
    kept = ok(evaluator.get(path))["organisations"]
    assert kept == [newcomer, council | {"headcount": 31}]


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": "  "},
        {"organisations": []},
        {"organisations": [ORGANISATIONS[0], ORGANISATIONS[0]]},
        {"depth": {"current": "friendship"}},
        {"governance": {"hierarchy": 1, "market": 1, "network": 1}},
        {"predecessors": [str(uuid.UUID(int=1))]},
        {"id": str(uuid.UUID(int=1))},
    ],
    ids=str,
)
def test_a_change_keeps_the_rules(evaluator, change):
    made = register(evaluator)
    path = f"/v1/partnerships/{made['id']}"

    assert refusal(evaluator.patch(path, json=change), 422) == "invalid"

    assert ok(evaluator.get(path)) == made


def test_a_long_list_comes_in_pages_that_name_the_next(evaluator):
    made = {register(evaluator, name=f"Partnership {n}")["id"] for n in range(5)}
    seen, cursor = [], None

    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        reply = evaluator.get("/v1/partnerships", params=asked)
        page = ok(reply)
        assert len(page["items"]) <= 2
        seen += [partnership["id"] for partnership in page["items"]]
        cursor = page["next"]
        assert ("next" in reply.links) == (cursor is not None)
        if cursor is None:
            break

    assert len(seen) == 5
    assert set(seen) == made


def test_the_link_to_the_next_page_asks_for_pages_of_the_same_size(evaluator):
    for _ in range(3):
        register(evaluator)
    first = evaluator.get("/v1/partnerships?limit=1")

    second = evaluator.get(first.url.join(first.links["next"]["url"]))

    assert len(ok(second)["items"]) == 1
    assert second.json()["items"] != first.json()["items"]
    assert second.json()["next"] not in (None, first.json()["next"])


@pytest.mark.parametrize("cursor", ["x", "", "é", "%00", "A" * 22 + "!", "A" * 23, "A" * 500])
def test_a_cursor_that_was_never_given_is_refused(evaluator, cursor):
    reply = evaluator.get(f"/v1/partnerships?cursor={cursor}")

    assert refusal(reply, 400) == "cursor-malformed"


@pytest.mark.parametrize("limit", ["0", "-1", "201", "many"])
def test_a_page_has_between_1_and_200_entries(evaluator, limit):
    assert refusal(evaluator.get(f"/v1/partnerships?limit={limit}"), 422) == "invalid"
