"""What remains of a stage when its respondents are done, and what does not."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import DateTime, Integer, func, select

from app.storage import evaluations
from app.storage.database import Instant, Table
from app.storage.tables import (
    ClosedKey,
    Response,
    Sheet,
    Statement,
    Token,
    Wave,
)
from tests.walkthrough import OpenSurvey, go, ok, send_all

RESPONDENTS = ("tokens", "responses", "closed_keys", "statements", "waves", "sheets")
ROLES = ("strategic", "manager", "frontline", "support")
PEOPLE = [
    {
        "role": ROLES[n % 4],
        "answers": {"trust1": 1 + n * 7 % 5, "trust2": 1 + n * 3 % 5, "means1": 1 + n % 5},
        "overall": 1 + n * 2 % 5,
        "statements": [{"outcome": f"outcome {n}"}, {"outcome": f"second {n}"}],
        "unwritten": f"rule {n}",
    }
    for n in range(24)
]


@pytest.fixture(scope="module")
def closed(running):
    """A survey that 24 people of two organisations answered, closed, and the keys they used."""
    running.clock.reset()
    with running.client_of_a_new_account() as client:
        survey = OpenSurvey(client)
        tokens = [survey.token() for _ in range(120)]
        trust, council = tokens[:12], tokens[100:112]
        keys = send_all(client, "responses", trust + council, PEOPLE)
        go(client, survey.evaluation, "surfacing")
        yield survey, keys


@pytest.fixture
def stored(closed, running):
    """Every stored record of the closed survey, by table."""
    evaluation = UUID(closed[0].evaluation["id"])
    with running.deployment.database.reading() as session:

        def of(table):
            return session.scalars(select(table).where(table.evaluation_id == evaluation)).all()

        yield of


def rows(sheet):
    """Each row of a sheet: the group's position, then the codes."""
    groups = memoryview(sheet.group_of_row).cast("H").tolist()
    width = len(groups)
    columns = [
        list(sheet.answers[at * width : (at + 1) * width]) for at in range(len(sheet.columns))
    ]
    return list(zip(groups, *columns, strict=True))


def test_neither_token_nor_answer_nor_salt_is_left(closed, stored, running):
    evaluation = UUID(closed[0].evaluation["id"])

    with running.deployment.database.reading() as session:
        of_no_stage = session.scalar(
            select(func.count()).where(Token.evaluation_id == evaluation, Token.audience == "staff")
        )
        staff_salt = evaluations.salt(session, evaluation)

    assert stored(Response) == []
    assert of_no_stage == 0
    assert len(staff_salt) == 32, "the next stage has a salt of its own"
    assert len(stored(ClosedKey)) == 24


def test_a_row_carries_its_group_and_the_codes_of_one_part_alone(stored):
    sheets = {sheet.name: sheet for sheet in stored(Sheet)}

    assert {"health", "overall"} <= sheets.keys()
    for sheet in sheets.values():
        assert sheet.groups == ["trust", "council", "mind"]
        assert not set(sheet.columns) & {"role", "key", "id", "statement"}
        assert len(rows(sheet)) == 24
    assert not set(sheets["health"].columns) & set(sheets["overall"].columns)


def test_the_rows_are_sorted_by_what_they_say(stored):
    for sheet in stored(Sheet):
        assert rows(sheet) == sorted(rows(sheet))


def test_the_rows_hold_what_people_answered(stored):
    health = next(sheet for sheet in stored(Sheet) if sheet.name == "health")
    asked = ("trust1", "trust2", "means1")
    places = [health.columns.index(code) + 1 for code in asked]

    found = sorted((row[0], *(row[place] for place in places)) for row in rows(health))

    assert found == sorted(
        (n // 12, *(person["answers"][code] - 1 for code in asked))
        for n, person in enumerate(PEOPLE)
    )


def test_other_cuts_are_kept_as_counts_and_only_where_they_were_declared(stored):
    (wave,) = stored(Wave)

    assert set(wave.cells["trust"]["tables"]) == {"organisation", "complete"}
    assert not any(role in str(wave.cells) for role in ROLES)


def test_statements_have_random_ids_and_stand_apart(stored):
    statements = stored(Statement)

    assert len(statements) == 24 * 3
    assert {row.id.version for row in statements} == {4}
    assert {column.name for column in Statement.__table__.columns} == {
        "id",
        "evaluation_id",
        "kind",
        "fields",
        "withheld",
    }
    assert all(not row.fields.keys() - {"outcome", "text"} for row in statements)


def test_the_ids_of_statements_say_nothing_of_the_order_they_came_in(stored):
    said = [row.fields["outcome"] for row in stored(Statement) if row.kind == "statement"]
    ordered = [row.id for row in sorted(stored(Statement), key=lambda row: str(row.fields))]

    numbers = [int(text.split()[1]) for text in said if text.startswith("outcome")]

    assert sorted(numbers) == list(range(24))
    assert ordered != sorted(ordered)


def test_closed_keys_still_answer(closed, service, anybody):
    _, keys = closed

    for key in keys[:3]:
        assert ok(anybody.post("/v1/receipts/check", json={"key": key})) == {"included": True}


def test_no_table_of_respondents_keeps_a_time_a_serial_or_a_pointer_to_another():
    for name in RESPONDENTS:
        for column in Table.metadata.tables[name].columns:
            place = f"{name}.{column.name}"
            assert not isinstance(column.type, (Instant, DateTime)), place
            assert not (isinstance(column.type, Integer) and column.primary_key), place
            assert column.autoincrement is not True, place
            assert column.default is None, place
            assert column.server_default is None, place
            pointed = {key.column.table.name for key in column.foreign_keys}
            assert pointed <= {"evaluations"}, place


def test_no_table_of_individual_answers_keeps_an_order_of_arrival_on_sqlite():
    for name in ("tokens", "responses", "closed_keys", "statements"):
        options = Table.metadata.tables[name].dialect_options["sqlite"]
        assert options["with_rowid"] is False, name


def test_no_wave_says_when_it_was_made(stored):
    (wave,) = stored(Wave)

    text = str([vars(wave), *(vars(sheet) for sheet in stored(Sheet))])

    assert str(datetime.now().year) not in text.replace(str(wave.evaluation_id), "")  # noqa: DTZ005
    assert "2027-03" not in text
