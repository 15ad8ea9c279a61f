"""A platform's own form asks the same under other names: a record renamed, and the map back."""

import re

from app.formats import flat

# Names that mean something to a tool or to the service, and that a platform may use all the same.
OTHERS = ["start", "notes", "email", "person", "name", "time", "q1", "q2", "Q_3", "trust1", "role"]
OTHERS += ["outcome", "outcome1", "beneficiaries1", "group", "trust[trust1]", "trust[q1]", "qa"]
GROUPS = ["person", "contact", "notes", "page", "g_trust", "g_changes2", "Page_1"]
JUNK = "Margaret"


def renamed(tool, form, record, random):
    """The record under other names, and the fields of the map; some lead to nothing of ours."""
    if tool in ("kobo", "central"):
        return _grouped(tool, record, random)
    ours = {name: _ours(form, name) for name in record}
    theirs = [name for name, own in ours.items() if own]
    kept = {name: value for name, value in record.items() if not ours[name]}
    new, spare = _drawn(theirs, [one for one in OTHERS if one not in kept], random)
    found = kept | {new[name]: record[name] for name in theirs} | dict.fromkeys(spare, JUNK)
    return found, {new[name]: ours[name] for name in theirs} | dict.fromkeys(spare)


def _drawn(names, others, random):
    """Another name for each, perhaps that of another; and some that are left."""
    pool = [*dict.fromkeys([*names, *others, *(f"x{at}" for at in range(len(names)))])]
    random.shuffle(pool)
    return dict(zip(names, pool, strict=False)), pool[len(names) : len(names) + 5]


def _ours(form, column):
    """Our name of a column of LimeSurvey or REDCap; None of what is no question."""
    columns = flat.columns(form)
    within = re.fullmatch(r"(.*)\[(.*)\]", column)
    if within is None:
        asked = column in columns or column.split("___")[0] in columns
        return column if asked or column == flat.WHICH else None
    title, row = within.groups()
    if title in columns and columns[title].question.kind == "several":
        return column
    return row


def _grouped(tool, record, random):
    """The same of a record in which groups are paths or nested: any question in any group."""
    places = [(group, name) for group in GROUPS for name in [*OTHERS, *map("y{}".format, range(9))]]
    random.shuffle(places)
    found, fields = {}, {}
    for names, value in _leaves(record):
        if isinstance(value, list) and names[0].startswith("g_"):
            found[names[0]] = _entries(names[0], value, fields, random)
        elif len(names) == 1:
            found[names[0]] = value
        else:
            group, name = places.pop()
            fields[f"{group}/{name}"] = names[1]
            _put(tool, found, group, name, value)
    for group, name in places[:5]:
        fields[f"{group}/{name}"] = None
        _put(tool, found, group, name, JUNK)
    return found, fields


def _leaves(record):
    """What is asked and recorded once: the names that lead to it, without those of the server."""
    for key, value in record.items():
        if isinstance(value, dict) and key.startswith("g_"):
            yield from (((key, name), one) for name, one in value.items() if "reserved" not in name)
        else:
            yield (key.split("/") if key.startswith("g_") else (key,)), value


def _put(tool, record, group, name, value):
    if tool == "kobo":
        record[f"{group}/{name}"] = value
    else:
        record.setdefault(group, {})[name] = value


def _entries(section, entries, fields, random):
    """The entries of a repeated section under other names, by themselves or with what leads there.

    The names are of this section alone, so that each can be told by itself.
    """
    names = sorted({name for entry in entries for name in entry if not name.startswith("__")})
    new = {name: f"{name.rpartition('/')[0]}/{section}{at}z" for at, name in enumerate(names)}
    new = {name: one.removeprefix("/") for name, one in new.items()}
    for name, one in new.items():
        own = one.rpartition("/")[2]
        fields[random.choice([own, f"{section}/{own}"])] = name.rpartition("/")[2]
    return [{new.get(name, name): value for name, value in entry.items()} for entry in entries]
