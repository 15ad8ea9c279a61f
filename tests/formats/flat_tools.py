"""REDCap and Formbricks as their documents describe them: what they record of a form."""

import csv
import io
import re

from tests.formats.tools import asked_in_order, position, said


def dictionary(file):
    """The rows of a REDCap data dictionary by column."""
    return list(csv.DictReader(io.StringIO(file.decode(), newline="")))


def choices(row):
    """The codes and the labels that a field offers."""
    text = row["Choices, Calculations, OR Slider Labels"]
    return [tuple(one.split(", ", 1)) for one in text.split(" | ")] if text else []


def redcap(form, file, filled):
    """A record as REDCap's API exports it: flat, raw, every value a text."""
    rows = dictionary(file)
    instrument = rows[0]["Form Name"]
    record = {
        "record_id": "7",
        "redcap_event_name": "",
        "redcap_repeat_instrument": "",
        "redcap_repeat_instance": "",
        "redcap_survey_identifier": "",
        f"{instrument}_timestamp": "2027-03-01 09:10:00",
        f"{instrument}_complete": "2",
    }
    questions = asked_in_order(form)
    for row in rows[1:]:
        name, kind = row["Variable / Field Name"], row["Field Type"]
        default = re.search("@DEFAULT='(.*)'", row["Field Annotation"])
        if default:
            record[name] = default[1]
        elif kind != "descriptive":
            question, number = next(questions)
            value = said(form, filled, question, number)
            record |= _fields(form, question, value, name, row)
    return record


def _fields(form, question, value, name, row):
    codes = [code for code, _ in choices(row)]
    if row["Field Type"] == "checkbox":
        ticked = {position(form, question, one) for one in value or []}
        return {f"{name}___{code}": str(int(at in ticked)) for at, code in enumerate(codes)}
    if value is None:
        return {name: ""}
    return {name: codes[position(form, question, value)] if codes else str(value)}


def formbricks(form, filled, words):
    """A webhook of Formbricks, of a survey whose elements somebody gave our names.

    Args:
        words: What is written for an option of a question.
    """
    data = {}
    for question, number in asked_in_order(form):
        value = said(form, filled, question, number)
        if value is None:
            continue
        if question.kind == "one":
            value = words(question, value)
        elif question.kind == "several":
            value = [words(question, one) for one in value]
        data[f"{question.name}{number or ''}"] = value
    return {
        "event": "responseFinished",
        "webhookId": "cm7hook0000008l4f7k2s9d1q",
        "data": {
            "id": "cm7resp0000008l4f7k2s9d1q",
            "createdAt": "2027-03-01T09:10:00.000Z",
            "updatedAt": "2027-03-01T09:10:00.000Z",
            "surveyId": "cm7surv0000008l4f7k2s9d1q",
            "finished": True,
            "language": "en",
            "data": data,
            "variables": {},
            "ttc": {"_total": 4947},
            "meta": {"url": "https://forms.test/s/1", "country": "GB", "userAgent": {"os": "iOS"}},
            "singleUseId": None,
            "contact": None,
            "displayId": "cm7disp0000008l4f7k2s9d1q",
            "endingId": None,
            "tags": [],
        },
    }
