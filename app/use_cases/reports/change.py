"""Change between the rounds of a partnership, from the cells that were published in both."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.instruments.answers import Survey
from app.instruments.design import ORGANISATION, Group
from app.instruments.model import Domain
from app.scoring.cells import PublishedCell, TableCells
from app.scoring.change import Change, EffectSizes, Verdict, change, verdicts
from app.scoring.scores import distribution_of
from app.storage import evaluations
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import waves
from app.use_cases.evaluations import groups, survey_of
from app.use_cases.publication import OVERALL, overall_of, scores_of
from app.use_cases.reports import change_words
from app.use_cases.reports.cells import ends, interval_members, score_members
from app.use_cases.reports.words import Said
from app.use_cases.waves import Wave

SameGroups = frozenset[tuple[str, frozenset[str]]]  # codes, each with its organisations


@dataclass(frozen=True)
class Round:
    """A round whose staff survey is closed, with what of it may be published."""

    evaluation: Evaluation
    survey: Survey
    wave: Wave

    @classmethod
    def of(cls, session: Session, evaluation: Evaluation) -> "Round":
        """The round of an evaluation whose staff wave is frozen."""
        wave = waves.load(session, evaluation.id, "staff")
        if wave is None:
            raise LookupError("the staff wave is frozen before it is compared")
        return cls(evaluation, survey_of(session, evaluation), wave)

    @property
    def shown(self) -> bool:
        """Whether any domain is published."""
        cells = self.wave.cells
        return any(d.code in cells and cells[d.code].everybody for d in self.survey.domains)

    @cached_property
    def whole(self) -> Mapping[str, PublishedCell]:
        """Everybody's scores in each domain, and over all, where they are published."""
        if not self.shown:
            return {}
        scores = scores_of(self.survey, self.wave.sheets["health"])
        found = {code: (each.values, each.counts) for code, each in scores.items()}
        found[OVERALL] = distribution_of(overall_of(self.survey, scores))
        return {
            code: PublishedCell((), tuple(values.tolist()), tuple(counts.tolist()))
            for code, (values, counts) in found.items()
            if self.wave.cells[code].everybody
        }

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The groups of staff as they were when the survey opened, by code."""
        return {group.code: group for group in groups(self.evaluation)}

    def cells(self, domain: str) -> Mapping[SameGroups, PublishedCell]:
        """The published cells of a domain by organisation."""
        kept = self.wave.cells[domain].tables.get(ORGANISATION, TableCells())
        return {
            frozenset((code, frozenset(self.groups[code].organisations)) for code in cell.groups): (
                cell
            )
            for cell in kept.published
        }


def rounds(session: Session, partnership: uuid.UUID, *, before: int | None = None) -> list[Round]:
    """The rounds of a partnership that have a health report, in order; those before a number."""
    rows = evaluations.reported(session, partnership, "health")
    return [Round.of(session, row) for row in rows if before is None or row.number < before]


def previous(earlier: Sequence[Round], current: Round) -> Round | None:
    """The latest of the earlier rounds that asked the same and shows anything."""
    return next((one for one in reversed(earlier) if _comparable(one, current)), None)


def why_not(earlier: Sequence[Round], current: Round) -> str | None:
    """Why a round is compared with none of the earlier ones; None when it is with one."""
    if not current.shown:
        return "nothing_shown"
    if previous(earlier, current) is not None:
        return None
    asked = {one.survey.design.instrument for one in earlier if one.shown}
    if not asked:
        return "no_earlier_round"
    same = current.survey.design.instrument in asked
    return "another_form" if same else "another_instrument"


def comparison(before: Round, after: Round) -> dict[str, Any]:
    """Every line of two rounds: over all, each domain, and its cells that are the same groups.

    The domains are judged together, and so are all cells; the figure over all is not judged.
    """
    numbers = before.evaluation.number, after.evaluation.number
    lines = _domain_lines(before, after)
    judged = dict(zip(lines, verdicts(list(lines.values())), strict=True))
    cells = _cell_lines(before, after)
    overall = _compared(before, after, before.whole.get(OVERALL), after.whole.get(OVERALL))
    partners = set(before.survey.organisations), set(after.survey.organisations)
    return {
        "before": _named(before),
        "after": _named(after),
        "joined": sorted(partners[1] - partners[0]),
        "left": sorted(partners[0] - partners[1]),
        "overall": overall and _line(change_words.over_all(), numbers, overall),
        "domains": [
            {
                "code": domain.code,
                "label": domain.label,
                **_line(domain.label, numbers, lines[domain.code], judged[domain.code]),
                "cuts": {ORGANISATION: cells[domain.code]} if domain.code in cells else {},
            }
            for domain in after.survey.domains
            if domain.code in lines
        ],
        "better": [code for code, verdict in judged.items() if verdict == "better"],
        "worse": [code for code, verdict in judged.items() if verdict == "worse"],
        "caveats": change_words.caveats(
            [one.smallest for one in lines.values()], partners_changed=partners[0] != partners[1]
        ),
    }


def changes(session: Session, evaluation: Evaluation) -> list[Said]:
    """What got better or worse since the previous comparable round, a sentence for each domain.

    The evaluation's staff wave is frozen; its own report need not be published yet.
    """
    earlier = rounds(session, evaluation.partnership_id, before=evaluation.number)
    current = Round.of(session, evaluation)
    before = previous(earlier, current)
    return [] if before is None else change_words.changed(comparison(before, current))


def seen(session: Session, evaluation: Evaluation) -> dict[str, Verdict]:
    """What the next comparable round saw of each domain; nothing before there is one."""
    rows = evaluations.reported(session, evaluation.partnership_id, "health")
    later = [row for row in rows if row.number > evaluation.number]
    if not later or evaluation.id not in {row.id for row in rows}:
        return {}
    mine = Round.of(session, evaluation)
    following = (Round.of(session, row) for row in later)
    after = next((one for one in following if _comparable(mine, one)), None)
    if after is None:
        return {}
    lines = _domain_lines(mine, after)
    return dict(zip(lines, verdicts(list(lines.values())), strict=True))


def _comparable(one: Round, other: Round) -> bool:
    mine, theirs = one.survey.design, other.survey.design
    same = (mine.instrument, mine.form) == (theirs.instrument, theirs.form)
    return same and one.shown and other.shown


def _domain_lines(before: Round, after: Round) -> dict[str, Change]:
    """The change of each domain that both rounds publish of everybody."""
    found = {
        domain.code: _compared(
            before, after, before.whole.get(domain.code), after.whole.get(domain.code)
        )
        for domain in after.survey.domains
    }
    return {code: line for code, line in found.items() if line is not None}


def _cell_lines(before: Round, after: Round) -> dict[str, list[dict[str, Any]]]:
    """The change of each cell that both rounds publish, of the same groups, by domain."""
    found: list[tuple[Domain, PublishedCell, Change]] = []
    for domain in after.survey.domains:
        earlier = before.cells(domain.code)
        for same, cell in after.cells(domain.code).items():
            line = _compared(before, after, earlier.get(same), cell)
            if line is not None:
                found.append((domain, cell, line))
    numbers = before.evaluation.number, after.evaluation.number
    judged = verdicts([line for _, _, line in found])
    lines: dict[str, list[dict[str, Any]]] = {}
    for (domain, cell, line), verdict in zip(found, judged, strict=True):
        labels = [after.groups[code].label for code in cell.groups]
        label = change_words.of_groups(domain.label, labels)
        members = {"groups": list(cell.groups), **_line(label, numbers, line, verdict)}
        lines.setdefault(domain.code, []).append(members)
    return lines


def _compared(
    before: Round, after: Round, first: PublishedCell | None, second: PublishedCell | None
) -> Change | None:
    if first is None or second is None:
        return None
    least = max(before.evaluation.smallest_group, after.evaluation.smallest_group)
    return change(first, second, smallest_group=least)


def _named(one: Round) -> dict[str, Any]:
    return {"evaluation": str(one.evaluation.id), "number": one.evaluation.number}


def _line(
    label: Said, numbers: tuple[int, int], found: Change, verdict: Verdict | None = None
) -> dict[str, Any]:
    marks = {name: True for name in ("at_least", "at_most") if getattr(found.gap, name)}
    members = {
        "before": score_members(found.before),
        "after": score_members(found.after),
        "change": found.gap.gap,
        **marks,
        **interval_members(found.gap.interval),
        "smallest_change": found.smallest,
        "effects": found.effects and _effects(found.effects),
        **({} if verdict is None else {"verdict": verdict}),
    }
    return {**members, "summary": change_words.line(label, numbers, members)}


def _effects(found: EffectSizes) -> dict[str, Any]:
    return {
        "superiority": found.superiority,
        "superiority_interval": ends(found.interval.low, found.interval.high),
        "cliffs_delta": found.cliffs_delta,
        "hedges_g": found.hedges_g,
    }
