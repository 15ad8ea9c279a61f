"""The linkage attacker: whose words, whose answers?

They know who came when, from which organisation and in which role; they have each person's access
code, key and address; and they have evidence: every byte and every hidden column. They try every
order that anything in the evidence stands in against the order of arrival, and every value that
something with a person's mark has in common with something with a person's words.

A wrong guess costs them nothing, so what counts is how many guesses are right: about one in a
population of any size, if they guess at random.
"""

import json
import math
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scipy import stats

from app.scoring.waves import Column, unpack
from tests.attacks.artefacts import plain
from tests.attacks.linkage_population import FIRST_WORD, ITEMS, SECOND_WORD, by_word

# Beyond what chance allows once in a hundred thousand tries: some hundred are made in a run.
_RARE = 1e-5
_LONG_ENOUGH = 8  # characters; a shorter value stands in a log by accident
_WORDS = {"words": FIRST_WORD, "second words": SECOND_WORD}


@dataclass(frozen=True)
class Finding:
    """How well one thing in the evidence tells people apart.

    Attributes:
        people: How many it speaks about.
        rho: Rank correlation with what the attacker knows; 0 where there is no order.
        right: How many guesses are right, on average over ties.
        at_random: How many would be, by guessing.
    """

    name: str
    people: int
    rho: float
    right: float
    at_random: float

    @property
    def breaks(self):
        """Whether this is better than chance."""
        ordered = self.people > 1 and abs(self.rho) >= 4 / math.sqrt(self.people - 1)
        return ordered or self.right > stats.poisson.ppf(1 - _RARE, self.at_random)


def attack(evidence, people, marks):
    """Everything that the attacker tries.

    Args:
        evidence: What they have.
        people: In the order of arrival.
        marks: Whose each mark is, as it would stand in the evidence: codes, keys, addresses, or
            fingerprints of them for who has the deployment's keys.
    """
    arrival = {person.place: person.place for person in people}
    found = list(_findings_by_order(evidence, people, arrival))
    found += _findings_by_value(evidence, people, marks)
    return found


def broken(findings):
    """The findings that are better than chance, the best first."""
    return sorted((one for one in findings if one.breaks), key=lambda one: -one.right)


def words_in(contents, people):
    """Whose words can be read in any of some files."""
    return {place for content in contents for at in _seen(content, people).values() for place in at}


def compared(name, order, reference, strata=None):
    """How well an order tells another: both give people a place; ties are shared out.

    Args:
        strata: The group of each person, where the attacker knows it on both sides.
    """
    both = [person for person in order if person in reference]
    groups = defaultdict(list)
    for person in both:
        groups[strata[person] if strata else None].append(person)
    ranks = [_ranks({person: order[person] for person in group}) for group in groups.values()]
    wanted = [_ranks({person: reference[person] for person in group}) for group in groups.values()]
    right = sum(_right(here, there) for here, there in zip(ranks, wanted, strict=True))
    return Finding(name, len(both), _rho(ranks, wanted), right, len(groups))


def wave_rows(evidence, people, sheet="health"):
    """The place of each person's row on a sheet of a wave, where it is one person's alone."""
    columns = [Column(item, ("answers", item), 1) for item in ITEMS]
    person_of = {bytes(column.code(person.body) for column in columns): person.place
                 for person in people}  # fmt: skip
    found = {}
    for row in evidence.rows:
        if row.table == "sheets" and row.values["name"] == sheet:
            for place, answers in enumerate(_sheet_rows(row.values)):
                if answers in person_of:
                    found[person_of[answers]] = place
    return found


def _sheet_rows(values):
    """What each row of a sheet says of the items."""
    columns, groups = (_list(values[name]) for name in ("columns", "groups"))
    blobs = {name: bytes(values[name]) for name in ("group_of_row", "answers")}
    read = unpack(columns, groups, **blobs)
    if not set(ITEMS) <= set(columns):
        return []
    return [bytes(column) for column in read.of(ITEMS).T]


def _list(value):
    return json.loads(value) if isinstance(value, str) else value


def _findings_by_order(evidence, people, arrival) -> Iterator[Finding]:
    strata = {person.place: person.group for person in people}
    rows = wave_rows(evidence, people)
    yield compared("rows of the wave, by arrival", rows, arrival, strata)
    found = dict(orders(evidence, people))
    for name, order in found.items():
        yield compared(f"{name}, by arrival", order, arrival)
        yield compared(f"{name}, by row of the wave", order, rows)
        if _other_words(name) != name and _other_words(name) in found:
            yield compared(f"{name}, by second words", order, found[_other_words(name)])


def _other_words(name):
    """The name of the same order of what the same people wrote elsewhere."""
    return name.replace("of words", "of second words")


def orders(evidence, people):
    """Every order in which people's words stand in the evidence, each with its name."""
    for name, content in evidence.files.items():
        for which, at in _seen(content, people).items():
            for place in ("first", "last"):
                order = {person: offsets[0 if place == "first" else -1]
                         for person, offsets in at.items()}  # fmt: skip
                yield f"{place} place of {which} in {name}", order
    for (table, label), values in _columns(_with_words(evidence, people)).items():
        yield f"{table}.{label}", {person: _sortable(value) for person, value in values}
        yield from _quoted(evidence, f"{table}.{label}", values)


def _quoted(evidence, name, values):
    """The order in which values of a column are quoted in logs and replies."""
    spelled = {person: _spellings(value) for person, value in values}
    for file, content in evidence.only(lambda name: "log" in name or "repl" in name).items():
        at = {
            person: min((content.find(text) for text in texts if text in content), default=-1)
            for person, texts in spelled.items()
        }
        yield f"{name} in {file}", {person: place for person, place in at.items() if place >= 0}


def _findings_by_value(evidence, people, marks):
    """For every pair of columns: the value beside a mark that is also beside words."""
    marked = _columns(_with_marks(evidence, marks))
    worded = {}
    for label, values in _columns(_with_words(evidence, people)).items():
        owners = defaultdict(set)
        for person, value in values:
            owners[plain(value)].add(person)
        worded[label] = owners
    for (here, column), values in marked.items():
        beside = {person: plain(value) for person, value in values}
        for (there, other), owners in worded.items():
            right = sum(
                1 / len(owners[value])
                for person, value in beside.items()
                if value is not None and person in owners.get(value, ())
            )
            yield Finding(f"{here}.{column} = {there}.{other}", len(beside), 0.0, right, 1)


def _seen(content, people):
    """Where each person's words stand in some bytes: for each kind of words, offsets by person."""
    seen = {}
    for number, (which, pattern) in enumerate(_WORDS.items()):
        owner, at = by_word(people, number), defaultdict(list)
        for hit in pattern.finditer(content):
            if hit.group() in owner:
                at[owner[hit.group()]].append(hit.start())
        seen[which] = at
    return seen


def _with_words(evidence, people):
    """Rows in which somebody's words can be read, with whose they are."""
    owners = [(pattern, by_word(people, at)) for at, pattern in enumerate(_WORDS.values())]
    for row in evidence.rows:
        said = _said(row)
        for number, (pattern, owner) in enumerate(owners):
            hit = pattern.search(said)
            if hit and hit.group() in owner:
                yield (f"{row.table} of {list(_WORDS)[number]}", owner[hit.group()], row)
                break


def _with_marks(evidence, marks):
    """Rows that bear somebody's mark, with whose it is."""
    starts = defaultdict(list)
    for mark, person in marks.items():
        starts[mark[:_LONG_ENOUGH]].append((mark, person))
    for row in evidence.rows:
        said = _said(row)
        for at in range(len(said) - _LONG_ENOUGH + 1):
            for mark, person in starts.get(said[at : at + _LONG_ENOUGH], ()):
                if said.startswith(mark, at):
                    yield row.table, person, row


def _said(row):
    """All that a row says, as bytes."""
    return b"\0".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row.values.values()
    )


def _columns(rows):
    """Each column of each table, with its value for each person."""
    found = defaultdict(list)
    for table, person, row in rows:
        for label, value in row.values.items():
            if label != "raw" and value is not None:
                found[table, label].append((person, value))
    return found


def _sortable(value):
    """A key by which values of one column sort as they would in their database."""
    if isinstance(value, int | float):
        return (0, value, "")
    text = str(value) if isinstance(value, str) else plain(value)
    numbers = tuple(int(number) for number in re.findall(r"\d{1,15}", text))
    return (1, numbers, text) if re.fullmatch(r"[\d(),\s]+", text) else (2, (), text)


def _spellings(value):
    text = plain(value)
    if len(text) < _LONG_ENOUGH:
        return []
    spelled = {text, str(value)} | ({str(uuid.UUID(text))} if len(text) == 32 else set())
    return [spelling.encode() for spelling in spelled if len(spelling) <= 64]


def _ranks(values):
    """Each person's place in an order: the block of ties it is in, from and to."""
    blocks = defaultdict(list)
    for person, value in values.items():
        blocks[value].append(person)
    at, ranks = 0, {}
    for value in sorted(blocks):
        for person in blocks[value]:
            ranks[person] = (at, at + len(blocks[value]))
        at += len(blocks[value])
    return ranks


def _right(here, there):
    """How many are guessed right when places are matched, on average over ties."""
    right = 0.0
    for person, (start, end) in here.items():
        first, last = there[person]
        shared = max(0, min(end, last) - max(start, first))
        right += shared / ((end - start) * (last - first))
    return right


def _rho(here, there):
    """Spearman's correlation of places, within groups where there are any."""
    pairs = [
        tuple(sum(ranks[person]) / 2 / len(ranks) for ranks in both)
        for both in zip(here, there, strict=True)
        for person in both[0]
    ]
    if len(pairs) < 3 or any(len({pair[side] for pair in pairs}) == 1 for side in (0, 1)):
        return 0.0
    return float(stats.spearmanr(pairs).statistic)
