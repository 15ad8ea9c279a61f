"""What the health report costs, in time and memory: `python -m tests.scoring.health_cost`.

From a frozen wave of 40 items in 8 domains and 40 groups, with "don't know" and blanks, and its
cells given (which of them may be published was decided when the wave was folded). Against it, in
alternation, one pass of `numpy.bincount` over the same bytes, an item at a time.
"""

import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from statistics import median
from time import process_time
from types import SimpleNamespace

import numpy as np

from app import instruments
from app.instruments.answers import Survey
from app.instruments.model import Domain
from app.scoring.cells import PublishedCell, TableCells, VariableCells
from app.scoring.codes import DONT_KNOW, NOT_ANSWERED, NOT_APPLICABLE
from app.scoring.scores import distribution_of
from app.scoring.studentized import range_quantile
from app.scoring.waves import Sheet
from app.use_cases.evaluations import DESIGN
from app.use_cases.publication import ANSWERED, COMPLETE, OVERALL, overall_of, scores_of
from app.use_cases.reports import health
from app.use_cases.waves import Wave

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
GROUPS = tuple(f"org-{number}" for number in range(40))
LEVELS = ("structural", "organisational", "individual")
RUNS = 5
K = 10


def _text(words):
    return {"en": words}


INSTRUMENT = {
    "code": "cost",
    "version": 1,
    "title": _text("Forty items"),
    "languages": ["en"],
    "scales": {"agree5": {"min": 1, "max": 5, "labels": {"en": ["1", "2", "3", "4", "5"]}}},
    "domains": [
        {
            "code": f"domain{domain}",
            "label": _text(f"Domain {domain}"),
            "scale": "agree5",
            "items": [
                {
                    "code": f"item{domain}{item}",
                    "text": _text("An item"),
                    "reversed": item == 4,
                    "level": LEVELS[(domain + item) % 3],
                }
                for item in range(5)
            ],
        }
        for domain in range(8)
    ],
}


class Frozen:
    """An evaluation whose staff wave is frozen: so many people answered."""

    def __init__(self, people, seed=0):
        rng = np.random.default_rng(seed)
        headcount = max(2 * people // len(GROUPS), K)
        organisations = [
            {"code": code, "name": code, "sector": "nhs", "headcount": headcount} for code in GROUPS
        ]
        design = {"instrument": "cost@1", "modules": ["health"], "smallest_group": K}
        self.evaluation = SimpleNamespace(
            id="",
            instrument="cost@1",
            smallest_group=K,
            design=design,
            organisations=organisations,
        )
        self.survey = Survey(
            instruments.parse(INSTRUMENT), DESIGN.validate_python(design), list(GROUPS)
        )
        groups = np.sort(rng.integers(0, len(GROUPS), people)).astype(np.uint16)
        sheet = Sheet(tuple(self.survey.items), GROUPS, groups, _answers(rng, people))
        invited = dict.fromkeys(GROUPS, headcount)
        self.wave = Wave(people, invited, {"health": sheet}, _cells(self.survey, sheet))

    @property
    def answers(self):
        """The answers, shape (items, people)."""
        return self.wave.sheets["health"].answers

    def fresh(self):
        """The wave as it is when it was just read: nothing remembered of its cells."""
        range_quantile.cache_clear()
        return replace(
            self.wave,
            cells={
                name: replace(
                    found,
                    tables={
                        table: replace(kept, published=tuple(map(replace, kept.published)))
                        for table, kept in found.tables.items()
                    },
                )
                for name, found in self.wave.cells.items()
            },
        )

    def report(self, wave):
        """The whole health report."""
        return health.document(self.survey, self.evaluation, wave, Counter())


def _answers(rng, people):
    view = rng.standard_normal(people, dtype=np.float32)
    answers = np.empty((40, people), np.uint8)
    for item, row in enumerate(answers):
        row[:] = np.clip(np.round(2.3 + 0.8 * view + rng.standard_normal(people, "f4")), 0, 4)
        row[:] = 4 - row if item % 5 == 4 else row
        chance = rng.random(people, "f4")
        for code, below in ((DONT_KNOW, 0.05), (NOT_ANSWERED, 0.02), (NOT_APPLICABLE, 0.01)):
            row[chance < below] = code
    return answers


def _cells(survey, sheet):
    scores = scores_of(survey, sheet)
    cells = {
        ANSWERED: _given(sheet, np.zeros(len(sheet.group_of_row))),
        OVERALL: _given(sheet, overall_of(survey, scores)),
    }
    for domain in survey.domains:
        cells[domain.code] = _given(sheet, scores[domain.code].scores, domain)
    return cells


def _given(sheet, values, domain: Domain | None = None):
    """Every group of at least K people, as if the audit had let it through."""
    ends = np.searchsorted(sheet.group_of_row, np.arange(1, len(GROUPS)))
    every = zip(GROUPS, np.split(values, ends), strict=True)
    found = {code: distribution_of(of) for code, of in every}
    kept = [_cell(code, *one) for code, one in found.items() if one[1].sum() >= K]
    refused = [code for code, one in found.items() if one[1].sum() < K]
    tables = {"organisation": TableCells(tuple(kept), tuple(refused))}
    if domain:
        complete = values[sheet.complete([item.code for item in domain.items])]
        tables[COMPLETE] = TableCells((_cell(COMPLETE, *distribution_of(complete)),))
    return VariableCells(everybody=True, undecided=0, tables=tables)


def _cell(code, values, counts):
    return PublishedCell((code,), tuple(values.tolist()), tuple(counts.tolist()))


def one_pass(answers):
    """One pass over every answer: the yardstick."""
    return [np.bincount(row, minlength=256) for row in answers]


def seconds(work, *given):
    """Processor time that a piece of work takes; other people's work does not count."""
    started = process_time()
    work(*given)
    return process_time() - started


def measure(people):
    """Median seconds of the report and of the pass; bytes that the report holds, and the wave."""
    frozen = Frozen(people)
    frozen.report(frozen.fresh())
    waves = [frozen.fresh() for _ in range(RUNS)]
    pairs = []
    for wave in waves:
        range_quantile.cache_clear()
        pairs.append((seconds(one_pass, frozen.answers), seconds(frozen.report, wave)))
    passes, reports = zip(*pairs, strict=True)
    wave = frozen.fresh()
    tracemalloc.start()
    frozen.report(wave)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return median(reports), median(passes), held, frozen.answers.nbytes


def main():
    """Print a row for each number of people, each measured in a process of its own."""
    print("| people | report, ms | one pass, ms | ratio | wave, MB | memory, in waves |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for people in SIZES:
        command = [sys.executable, "-m", __spec__.name, str(people)]
        subprocess.run(command, check=True)


def row(people):
    """Print the row of one number of people."""
    report, one, held, wave = measure(people)
    cells = (
        f"{people:,}",
        f"{1000 * report:.1f}",
        f"{1000 * one:.2f}",
        f"{report / one:.1f}",
        f"{wave / 1e6:.3f}",
        f"{(wave + held) / wave:.1f}",
    )
    print("| " + " | ".join(cells) + " |", flush=True)  # noqa: T201


if __name__ == "__main__":
    row(int(sys.argv[1])) if len(sys.argv) > 1 else main()
