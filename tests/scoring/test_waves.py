"""Answers become columns of small whole numbers in an order that tells nothing, and come back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.codes import DONT_KNOW, NOT_ANSWERED, NOT_APPLICABLE
from app.scoring.waves import Column, blobs, encode, sorted_rows, unpack

AGREE = Column("trust1", ("answers", "trust1"), first=1)
CHOICE = Column("direction", ("verdict", "direction"), choices=("better", "same", "worse"))
GROUPS = ("trust", "council", "mind")


@pytest.mark.parametrize(
    ("submission", "code"),
    [
        ({"answers": {"trust1": 1}}, 0),
        ({"answers": {"trust1": 5}}, 4),
        ({"answers": {"trust1": "dont_know"}}, DONT_KNOW),
        ({"answers": {"trust1": "not_applicable"}}, NOT_APPLICABLE),
        ({"answers": {"trust1": "not_about_me"}}, NOT_APPLICABLE),
        ({"answers": {"trust2": 4}}, NOT_ANSWERED),
        ({"answers": {"trust1": None}}, NOT_ANSWERED),
        ({"answers": None}, NOT_ANSWERED),
        ({}, NOT_ANSWERED),
    ],
)
def test_an_answer_on_a_scale_is_counted_from_its_lowest_point(submission, code):
    assert AGREE.code(submission) == code


@pytest.mark.parametrize(
    ("said", "code"), [("better", 0), ("worse", 2), ("dont_know", DONT_KNOW), (None, NOT_ANSWERED)]
)
def test_an_answer_in_words_is_coded_by_its_place(said, code):
    assert CHOICE.code({"verdict": {"direction": said}}) == code


def test_a_word_that_was_not_offered_is_no_answer():
    with pytest.raises(KeyError):
        CHOICE.code({"verdict": {"direction": "sideways"}})


def submission(group, trust, direction):
    answers = {} if trust is None else {"trust1": trust}
    return group, {"answers": answers, "verdict": {"direction": direction}}


people = st.lists(
    st.builds(
        submission,
        st.sampled_from(GROUPS),
        st.sampled_from([None, 1, 2, 3, 4, 5, "dont_know", "not_applicable"]),
        st.sampled_from([None, "better", "same", "worse", "dont_know"]),
    ),
    max_size=30,
)


def rows(sheet):
    return [
        (int(group), *column.tolist())
        for group, column in zip(sheet.group_of_row, sheet.answers.T, strict=True)
    ]


@given(people)
def test_a_sheet_holds_each_person_once_with_their_group(submissions):
    sheet = encode([AGREE, CHOICE], GROUPS, submissions)

    assert rows(sheet) == [
        (GROUPS.index(group), AGREE.code(said), CHOICE.code(said)) for group, said in submissions
    ]


@given(people, st.randoms())
def test_the_order_of_arrival_leaves_no_trace(submissions, random):
    shuffled = random.sample(submissions, len(submissions))

    first = sorted_rows(encode([AGREE, CHOICE], GROUPS, submissions))
    second = sorted_rows(encode([AGREE, CHOICE], GROUPS, shuffled))

    assert blobs(first) == blobs(second)
    assert rows(first) == sorted(rows(first))


@given(people)
def test_a_sheet_comes_back_from_its_blobs(submissions):
    sheet = encode([AGREE, CHOICE], GROUPS, submissions)

    group_of_row, answers = blobs(sheet)
    found = unpack(sheet.columns, sheet.groups, group_of_row=group_of_row, answers=answers)

    assert (found.columns, found.groups) == (("trust1", "direction"), GROUPS)
    assert rows(found) == rows(sheet)


def test_columns_are_found_by_name():
    sheet = encode([AGREE, CHOICE], GROUPS, [submission("mind", 5, "same")])

    assert sheet.column("direction").tolist() == [1]
    assert sheet.of(["direction", "trust1"]).tolist() == [[1], [4]]
    assert sheet.of(["trust1", "direction"]).tolist() == [[4], [1]]


def test_more_groups_than_a_byte_holds_stay_apart():
    groups = tuple(f"g{number}" for number in range(700))
    people = [(group, {"answers": {"trust1": 1 + at % 5}}) for at, group in enumerate(groups)]

    sheet = sorted_rows(encode([AGREE], groups, people[::-1]))

    assert sheet.group_of_row.tolist() == list(range(700))
    assert np.array_equal(sheet.column("trust1"), np.arange(700) % 5)


def test_nobody_is_a_sheet_without_rows():
    sheet = sorted_rows(encode([AGREE, CHOICE], GROUPS, []))

    assert sheet.answers.shape == (2, 0)
    assert sheet.group_of_row.size == 0
