"""Who shares an outcome: from the ranking round, whose cells were fixed before it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.instruments.design import ORGANISATION
from app.scoring.codes import DONT_KNOW
from app.scoring.decimals import two_decimals
from app.scoring.disclosure import Table, audit
from app.scoring.divergence import divergence
from app.scoring.shares import share_band
from app.scoring.waves import Sheet
from app.use_cases.reports.cells import SUPPRESSED, share
from app.use_cases.reports.voices import top_share
from app.use_cases.waves import RANKED, Wave


def top_column(wave: Wave | None, outcome: str) -> NDArray[np.uint8] | None:
    """Who put an outcome among their three, where there was a ranking round."""
    sheet = wave.sheets.get("outcomes") if wave else None
    name = f"{outcome}.top"
    return sheet.column(name) if sheet is not None and name in sheet.columns else None


def shared(
    wave: Wave | None, outcome: str, *, least: int, seed: int, by_group: bool
) -> dict[str, Any] | None:
    """How many staff share an outcome, in all and by group; None where nobody was asked."""
    sheet = wave.sheets.get("outcomes") if wave else None
    if sheet is None or f"{outcome}.ours" not in sheet.columns:
        return None
    column = sheet.column(f"{outcome}.ours")
    table = Table(ORGANISATION, sheet.groups, sheet.group_of_row.astype(np.int64))
    decision = audit([table] if by_group else [], column < len(RANKED), smallest_group=least)
    whole = any(cell.table != ORGANISATION for cell in decision.published)
    published = [cell.categories for cell in decision.published if cell.table == ORGANISATION]
    cells = [(list(codes), _counts(column[_members(sheet, codes)])) for codes in published]
    if not whole:
        return dict(SUPPRESSED)
    return {
        **_shares(_counts(column), least),
        "dont_know": share(
            share_band(
                int((column == DONT_KNOW).sum()),
                int((column < len(RANKED)).sum() + (column == DONT_KNOW).sum()),
                smallest_group=least,
            )
        ),
        "top": share(top_share(sheet.column(f"{outcome}.top"), least)),
        "groups": [{"groups": codes, **_shares(counts, least)} for codes, counts in cells]
        + [
            {"groups": list(cell.categories), **SUPPRESSED}
            for cell in decision.refused
            if cell.table == ORGANISATION
        ],
        "divergence": _divergence([counts for _, counts in cells], least, seed),
    }


def _members(sheet: Sheet, codes: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.isin(sheet.group_of_row, [sheet.groups.index(code) for code in codes])


def _counts(column: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.bincount(column, minlength=256)[: len(RANKED)].astype(np.int64)


def _shares(counts: NDArray[np.int64], least: int) -> dict[str, Any]:
    n = int(counts.sum())
    bands = {
        name: share(share_band(int(count), n, smallest_group=least))
        for name, count in zip(RANKED, counts, strict=True)
    }
    return {"n": n, **bands}


def _divergence(
    cells: list[NDArray[np.int64]], least: int, seed: int
) -> dict[str, float | None] | None:
    """How differently groups see it, beside what chance alone would give."""
    if len(cells) < 2:
        return None
    table = np.vstack(cells)
    found = divergence(table, seed=seed)
    n = int(table.sum())
    if found is None or two_decimals(found.bits, n, smallest_group=least) is None:
        return None
    return {
        "bits": two_decimals(found.bits, n, smallest_group=least),
        "by_chance": two_decimals(found.by_chance, n, smallest_group=least),
        "probability": two_decimals(found.p, n, smallest_group=least),
    }
