"""What LimeSurvey calls our questions, and which of ours stand in one array."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.formats.flat import WHICH, Block, Flat, blocks, columns
from app.formats.form import Form, Question
from app.instruments.model import Texts

# Words of its expressions and columns of its own, which no question may be called.
COLUMNS_OF_ITS_OWN = frozenset(
    (
        *("lang", "id", "sid", "gid", "qid", "sgq", "sgqa", "savedid", "token", "self", "that"),
        *("this", "thissurvey", "other", "comment", "time", "submitdate", "lastpage", "seed"),
        *("startlanguage", "startdate", "datestamp", "ipaddr", "refurl", "interviewtime"),
        *("true", "false", "and", "or", "not", "if", "is", "in"),
    )
)
_TAKEN = COLUMNS_OF_ITS_OWN | {WHICH}
_LONGEST = 20


@dataclass(frozen=True)
class Asked:
    """A question of LimeSurvey: one of ours, or several of ours in an array.

    Attributes:
        title: Its code.
        kind: Its type: `F`, `K`, `L`, `M`, `N`, `T`, `X` or `*`.
        parts: Ours: the rows of an array by their codes, or the one.
    """

    title: str
    kind: str
    text: Texts
    parts: Mapping[str, Flat] = field(default_factory=dict)

    @property
    def is_array(self) -> bool:
        """Whether ours are subquestions of it."""
        return self.kind in "FK"

    @property
    def first(self) -> Flat:
        """The first of ours, of which it has all that they share."""
        return next(iter(self.parts.values()))


def asked(form: Form) -> list[tuple[Block, list[Asked]]]:
    """What LimeSurvey asks, by group."""
    taken = {*_TAKEN, *columns(form)}
    return [(block, list(_asked(block, taken))) for block in blocks(form)]


def _asked(block: Block, taken: set[str]) -> list[Asked]:
    section = block.section
    if not block.questions:
        return [Asked(_title(f"{block.code}text", taken), "X", section.intro or section.title)]
    if section.total is not None or section.is_table:
        kind = "K" if section.total is not None else "F"
        within = set(_TAKEN)
        rows = {_title(one.name, within): one for one in block.questions}
        return [Asked(_title(block.code, taken), kind, section.title, rows)]
    found = []
    for one in block.questions:
        # Our names are kept free for our questions; some of them are LimeSurvey's.
        title = one.name if one.name not in _TAKEN else _title(one.name, taken)
        found.append(Asked(title, _kind(one.question), one.question.text, {title: one}))
    return found


def _title(code: str, taken: set[str]) -> str:
    """At most twenty letters and digits, a letter first, that are not taken; now they are."""
    code = re.sub("[^a-z0-9]", "", code)[:_LONGEST]
    while code in taken:
        code = f"q{code}"[:_LONGEST]
    taken.add(code)
    return code


def _kind(question: Question) -> str:
    return {"one": "L", "several": "M", "text": "T", "points": "N"}[question.kind]
