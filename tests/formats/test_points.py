"""Points that sum to ten, as the workbook asks for them and as they are taken."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.formats import odk, xlsform
from tests.formats.test_bad_records import FORM
from tests.formats.tools import sheets

SECTION = next(section for section in FORM.sections if section.total)
NAMES = [question.name for question in SECTION.questions]
ROWS = {row["name"]: row for row in sheets(xlsform.export(FORM))["survey"]}


def true(expression, points, own=None):
    """What a form makes of a condition on points, of which some were not given."""
    text = re.sub(r"coalesce\(\$\{(\w+)\}, 0\)", lambda m: str(points.get(m[1], 0)), expression)
    text = re.sub(r"\$\{(\w+)\} != ''", lambda m: str(m[1] in points), text)
    text = re.sub(r"(?<![\w.])\.(?![\w.])", str(own), text)
    text = re.sub(r"(?<![<>!])=", "==", text)
    return eval(text, {"__builtins__": {}})


def lets_pass(points):
    """Whether the form can be sent off with these points."""
    answered = all(true(ROWS[name]["constraint"], points, points[name]) for name in points)
    due = [
        name for name in NAMES if ROWS[name]["required"] and true(ROWS[name]["required"], points)
    ]
    return answered and set(due) <= set(points)


def taken(points):
    """Whether the service takes them."""
    try:
        odk.read(FORM, {f"g_{SECTION.code}/{name}": str(given) for name, given in points.items()})
    except Invalid:
        return False
    return True


GIVEN = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 11))


@settings(max_examples=300, deadline=None)
@given(GIVEN, st.sampled_from([None, *NAMES]))
def test_a_form_lets_the_points_pass_that_are_taken_and_no_others(points, completed):
    rest = SECTION.total - sum(points.values()) + points.get(completed, 0)
    if completed and rest >= 0:
        points = points | {completed: rest}

    assert lets_pass(points) == taken(points)


def test_points_may_be_left_out_and_be_given_to_the_first_alone():
    assert lets_pass({})
    assert lets_pass({NAMES[0]: SECTION.total})
    assert not lets_pass({NAMES[0]: SECTION.total - 3})
