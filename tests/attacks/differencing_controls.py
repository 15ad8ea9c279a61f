"""Services that defend less: what each would have published from the same answers.

A control is a list of patches of the copy, each undoing one part of the defence.
"""

from unittest.mock import patch

import numpy as np

from app.scoring import cells, forms
from app.scoring.disclosure import Cell, Decision, audit
from app.scoring.shares import ShareBand
from app.scoring.totals import Cell as Voice
from app.scoring.totals import equal_voice_total
from app.use_cases import publication
from app.use_cases.reports import domains, health


def threshold_only():
    """A cell is published when it has k people."""
    return [lambda: patch.object(cells, "audit", _by_size(lambda n, _, k: n >= k))]


def complement_rule():
    """A cell is published when it has k people and the others are none, or k."""
    return [
        lambda: patch.object(
            cells, "audit", _by_size(lambda n, rest, k: n >= k and not 0 < rest < k)
        )
    ]


def audit_by_membership():
    """The audit is told who belongs to a cell, and not who has a value there."""

    def everybody(tables, has_value, *, smallest_group):
        return audit(tables, np.ones_like(has_value), smallest_group=smallest_group)

    return [lambda: patch.object(cells, "audit", everybody)]


def equal_voice_over_all_groups():
    """Equal voice goes over every group, published or not."""
    every = {}
    kept, totals = publication.scored_cells, domains.totals

    def remembering(values, tables, *, smallest_group):
        whole = kept(values, tables, smallest_group=smallest_group)
        every[id(whole)] = [
            cells._cell(tables[0], (code,), values) for code in tables[0].categories
        ]
        return whole

    def over_all(basis, variable):
        voices = [
            Voice(one.n, one.score.mean, 1)
            for one in every[id(basis.cells[variable])]
            if one.score.mean is not None
        ]
        total = equal_voice_total(voices)
        shown = None if total is None else {"score": total.score}
        return {**totals(basis, variable), "score_equal_voice": shown}

    return [
        lambda: patch.object(publication, "scored_cells", remembering),
        lambda: patch.object(domains, "totals", over_all),
        lambda: patch.object(health, "totals", over_all),
    ]


def exact_shares():
    """A share is a number of people, not a band of them."""

    def exact(count, n, *, smallest_group):
        return None if n < smallest_group else ShareBand(100 * count / n, 100 * count / n)

    return [lambda: patch.object(domains, "share_band", exact)]


def real_intervals_of_small_cells():
    """The interval of k people is reckoned from their answers, ends outward to whole points."""
    fixed = forms.published_interval

    def real(score, *, smallest_group, population=None):
        with patch.object(forms, "rests_on_answers", lambda *_, **__: True), _whole_points():
            return fixed(score, smallest_group=smallest_group, population=population)

    return [
        lambda: patch("app.use_cases.reports.cells.published_interval", real),
        lambda: patch.object(domains, "published_interval", real),
    ]


def scores_without_room():
    """Each score is told as far as it may be by itself, whatever stands beside it."""
    return [lambda: patch.object(cells, "with_room", lambda members, people, scores: scores)]


def _whole_points():
    return patch.object(forms, "multiple", lambda n: 1)


def _by_size(enough):
    def decide(tables, has_value, *, smallest_group):
        n = int(has_value.sum())
        everybody = (Cell("all"),) if n >= smallest_group else ()
        published, refused = list(everybody), []
        for table in tables:
            codes = table.codes[has_value]
            for code, name in enumerate(table.categories):
                size = int((codes == code).sum())
                shown = enough(size, n - size, smallest_group)
                (published if shown else refused).append(Cell(table.name, (name,)))
        return Decision(tuple(published), tuple(refused), ())

    return decide
