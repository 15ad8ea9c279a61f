"""Survey tools as their documents describe them: they load an exported file and record an answer.

Nothing here knows how the service reads a record. What is asked is taken from the file alone, in
its order; which code stands for which option is its place in the list.
"""

import csv
import io
import uuid
from html import unescape

import openpyxl

from tests.formats.strategies import Filled


def asked_in_order(form):
    """Each question of a form as a person meets it, with the entry of a repeated section."""
    place_is_due = form.place is not None
    for section in form.sections:
        if section.questions and place_is_due:
            place_is_due = False
            yield form.place, 0
        for number in range(1, section.repeat.most + 1) if section.repeat else [0]:
            for question in section.questions:
                yield question, number
    if place_is_due:
        yield form.place, 0


def said(form, filled, question, number):
    """What was answered, None for nothing; the first place is everybody's."""
    if form.place and question.name == form.place.name:
        return form.lists[question.options][0].value
    if not number:
        return filled.values.get(question.name)
    entries = next(
        (
            filled.entries.get(section.code, [])
            for section in form.sections
            if question in section.questions
        ),
        [],
    )
    return entries[number - 1].get(question.name) if number <= len(entries) else None


def position(form, question, value):
    """Where an option stands in its list."""
    return [option.value for option in form.lists[question.options]].index(value)


def sheets(workbook):
    """The sheets of an XLSForm: a list of rows by column each."""
    book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True)
    found = {}
    for sheet in book:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(head, row, strict=True)) for row in rows]
    book.close()
    return found


def _codes(book):
    codes = {}
    for row in book["choices"]:
        codes.setdefault(row["list_name"], []).append(row["name"])
    return codes


def _filled_in(form, workbook, filled):
    """Each question of a workbook that was answered: its groups, its name, the raw value."""
    book = sheets(workbook)
    codes, groups, repeats = _codes(book), [], []
    by_name = {question.name: question for question, _ in asked_in_order(form)}
    for row in book["survey"]:
        kind, name = row["type"], row["name"]
        if kind.startswith("begin"):
            groups.append(name)
            repeats.append(kind == "begin_repeat")
        elif kind.startswith("end"):
            groups.pop()
            repeats.pop()
        elif kind == "calculate":
            raw = row["calculation"].strip("'")
            yield [], name, 0, str(uuid.uuid4()) if raw == "once(uuid())" else raw
        elif kind != "note":
            question = by_name[name]
            most = next(
                (s.repeat.most for s in form.sections if question in s.questions and s.repeat), 0
            )
            for number in range(1, most + 1) if any(repeats) else [0]:
                value = said(form, filled, question, number)
                if value is not None:
                    yield list(groups), name, number, _raw(form, question, value, kind, codes)


def _raw(form, question, value, kind, codes):
    if not kind.startswith("select"):
        return value
    names = codes[kind.split()[1]]
    if kind.startswith("select_one"):
        return names[position(form, question, value)]
    return " ".join(names[position(form, question, one)] for one in value)


def kobo(form, workbook, filled):
    """What KoboToolbox's REST service posts: paths of groups as keys, every value a text."""
    instance = str(uuid.uuid4())
    record = {
        "_id": 4711,
        "formhub/uuid": "b2a3f0",
        "start": "2027-03-01T09:00:00.000+00:00",
        "__version__": "vJq8KcVn0b3YhT7LkPz4Wd",
        "_xform_id_string": "aPq8KcVn0b3YhT7LkPz4Wd",
    }
    for groups, name, number, raw in _filled_in(form, workbook, filled):
        path = "/".join([*groups, name])
        if not number:
            record[path] = str(raw)
            continue
        entries = record.setdefault("/".join(groups), [])
        while len(entries) < number:
            entries.append({})
        entries[number - 1][path] = str(raw)
    return record | {
        "meta/instanceID": f"uuid:{instance}",
        "meta/rootUuid": instance,
        "_uuid": instance,
        "_attachments": [],
        "_status": "submitted_via_web",
        "_geolocation": [None, None],
        "_submission_time": "2027-03-01T09:10:00",
        "_tags": [],
        "_notes": [],
        "_validation_status": {},
        "_submitted_by": "margaret",
    }


def central(form, workbook, filled):
    """A row that ODK Central serves with everything expanded: groups nested, numbers as such."""
    instance = f"uuid:{uuid.uuid4()}"
    record = {
        "__id": instance,
        "__system": {
            "submissionDate": "2027-03-01T09:10:00.000Z",
            "submitterId": "5",
            "submitterName": "margaret",
            "deviceId": None,
            "edits": 0,
            "formVersion": form.version,
            "reviewState": None,
        },
        "meta": {"instanceID": instance, "instanceName": None},
    }
    for row in sheets(workbook)["survey"]:
        if row["type"] == "note":
            record.setdefault(row["name"], None)
    for groups, name, number, raw in _filled_in(form, workbook, filled):
        if not groups:
            record[name] = raw
        elif not number:
            group = record.setdefault(groups[0], {"reserved_name_for_field_list_labels_6": None})
            group[name] = raw
        else:
            entries = record.setdefault(groups[0], [])
            while len(entries) < number:
                entries.append({"__id": uuid.uuid4().hex, "__Submissions-id": instance})
            entries[number - 1][name] = raw
    return record


def structure(file):
    """The rows of a LimeSurvey structure by column, as PHP's `fgetcsv` reads them."""
    text = file.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))


def limesurvey(form, file, filled):
    """A response as `export_responses` has it: JSON, codes as headings, short answers."""
    base = next(row["text"] for row in structure(file) if row["name"] == "language")
    rows = [
        row
        for row in structure(file)
        if row["class"] in ("Q", "SQ", "A") and row["language"] == base
    ]
    record = {
        "id": "12",
        "submitdate": "1980-01-01 00:00:00",
        "lastpage": "5",
        "startlanguage": base,
        "seed": "1234567890",
        "token": "",
    }
    questions = asked_in_order(form)
    while rows:
        asked, *rows = rows
        inner = []
        while rows and rows[0]["class"] != "Q":
            row, *rows = rows
            inner.append(row)
        below = [row["name"] for row in inner if row["class"] == "SQ"]
        answers = [row["name"] for row in inner if row["class"] == "A"]
        record |= _columns(form, filled, asked, below, answers, questions)
    return record


def _columns(form, filled, asked, below, answers, questions):
    """The columns of one question of LimeSurvey."""
    title, kind = asked["name"], asked["type/scale"]
    if kind in "X*":
        return {title: unescape(asked["text"]) if kind == "*" else ""}
    if kind == "M":
        question, number = next(questions)
        chosen = said(form, filled, question, number) or []
        ticked = {position(form, question, value) for value in chosen}
        return {f"{title}[{one}]": "Y" if at in ticked else "" for at, one in enumerate(below)}
    found = {}
    for name in [f"{title}[{one}]" for one in below] or [title]:
        question, number = next(questions)
        value = said(form, filled, question, number)
        if value is None:
            found[name] = "" if kind in "FL" else None
        elif kind in "FL":
            found[name] = answers[position(form, question, value)]
        else:
            found[name] = f"{value}.0000000000" if kind in "NK" else value
    return found


NOTHING = Filled({}, {}, {})
