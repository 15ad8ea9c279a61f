"""Whatever is answered in an exported form comes back as the same answer, from every tool."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.formats import building, formbricks, limesurvey, odk, redcap, xlsform
from app.instruments import built_in
from tests.formats import flat_tools, tools
from tests.formats.strategies import asked_of_anyone, fillings

common = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def unordered(answer):
    """An answer in which several choices, whose order says nothing, stand in one order."""
    if isinstance(answer, dict):
        return {name: unordered(value) for name, value in answer.items()}
    if isinstance(answer, list):
        plain = all(isinstance(one, str) for one in answer)
        return sorted(answer) if plain else [unordered(one) for one in answer]
    return answer


def first_place(form):
    return str(form.lists[form.place.options][0].value) if form.place else None


TOOLS = {
    "kobo": (xlsform.export, tools.kobo, odk.read),
    "central": (xlsform.export, tools.central, odk.read),
    "limesurvey": (limesurvey.export, tools.limesurvey, limesurvey.read),
    "redcap": (redcap.export, flat_tools.redcap, redcap.read),
}


@common
@pytest.mark.parametrize("tool", TOOLS)
@given(st.data())
def test_a_record_of_an_exported_form_is_the_answer_that_was_given(tool, data):
    export, record, read = TOOLS[tool]
    form = data.draw(asked_of_anyone()).form
    filled = data.draw(fillings(form))

    reading = read(form, record(form, export(form), filled))

    assert unordered(reading.answer) == unordered(filled.answer)
    assert reading.cell == first_place(form)
    assert reading.token is None


@common
@given(st.data())
def test_a_webhook_in_the_words_of_the_options_is_the_answer_that_was_given(data):
    form = data.draw(asked_of_anyone()).form
    filled = data.draw(fillings(form))
    language = data.draw(st.sampled_from(form.languages))

    def words(question, value):
        options = form.lists[question.options]
        label = next(one.label[language] for one in options if one.value == value)
        same = [one.value for one in options if label in one.label.values()]
        assume(same == [value])  # two options with the same words cannot be told apart
        return label

    reading = formbricks.read(form, flat_tools.formbricks(form, filled, words))

    assert unordered(reading.answer) == unordered(filled.answer)
    assert reading.key == "cm7resp0000008l4f7k2s9d1q"
    assert reading.cell == first_place(form)


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_of_who_answered_or_when_is_read(tool):
    export, record, read = TOOLS[tool]
    form = building.of_instrument(built_in()["poet-staff@1"])

    reading = read(form, record(form, export(form), tools.NOTHING))

    assert reading.answer == {}
    expected = {
        "kobo": {"_id", "_submission_time", "_submitted_by", "start", "_uuid"},
        "central": {"__id", "__system"},
        "limesurvey": {"id", "submitdate", "seed", "startlanguage"},
        "redcap": {"record_id"},
    }
    assert expected[tool] <= set(reading.stripped)
