"""Who shares an outcome: from the ranking round, whose cells were fixed before it."""

from typing import Any

from app.instruments.design import ORGANISATION
from app.scoring.cells import table_of
from app.scoring.codes import DONT_KNOW, Counts
from app.scoring.decimals import two_decimals
from app.scoring.disclosure import audit
from app.scoring.divergence import divergence
from app.scoring.shares import share_band
from app.scoring.waves import Sheet, stacked
from app.use_cases.reports.cells import SUPPRESSED, share
from app.use_cases.reports.voices import top_share
from app.use_cases.waves import RANKED, Wave


def top_counts(wave: Wave | None, outcome: str) -> Counts | None:
    """How many did not and did put an outcome among their three, where staff were asked."""
    sheet = wave.sheets.get("outcomes") if wave else None
    name = f"{outcome}.top"
    return sheet.counts(name, 2) if sheet is not None and name in sheet.columns else None


def shared(
    wave: Wave | None, outcome: str, *, least: int, seed: int, by_group: bool
) -> dict[str, Any] | None:
    """How many staff share an outcome, in all and by group; None where nobody was asked."""
    sheet = wave.sheets.get("outcomes") if wave else None
    name = f"{outcome}.ours"
    if sheet is None or name not in sheet.columns:
        return None
    table = table_of(ORGANISATION, sheet.groups, sheet.group_of_row.tolist())
    ranked = sheet.column(name) < len(RANKED)
    decision = audit([table] if by_group else [], ranked, smallest_group=least)
    if not decision.published:
        return dict(SUPPRESSED)
    cells = {
        cell.categories: sheet.counts(name, len(RANKED), sheet.members(cell.categories))
        for cell in decision.published
        if cell.table == ORGANISATION
    }
    refused = [cell.categories for cell in decision.refused if cell.table == ORGANISATION]
    return {
        **_whole(sheet, name, least),
        "top": share(top_share(sheet.counts(f"{outcome}.top", 2), least)),
        "groups": [
            {"groups": list(codes), **_shares(counts, least)} for codes, counts in cells.items()
        ]
        + [{"groups": list(codes), **SUPPRESSED} for codes in refused],
        "divergence": _divergence(list(cells.values()), least, seed),
    }


def _whole(sheet: Sheet, name: str, least: int) -> dict[str, Any]:
    counts = sheet.counts(name, len(RANKED))
    unsure = sheet.how_many(name, DONT_KNOW)
    asked = int(counts.sum()) + unsure
    return {
        **_shares(counts, least),
        "dont_know": share(share_band(unsure, asked, smallest_group=least)),
    }


def _shares(counts: Counts, least: int) -> dict[str, Any]:
    n = int(counts.sum())
    bands = {
        name: share(share_band(int(count), n, smallest_group=least))
        for name, count in zip(RANKED, counts, strict=True)
    }
    return {"n": n, **bands}


def _divergence(cells: list[Counts], least: int, seed: int) -> dict[str, float | None] | None:
    """How differently groups see it, beside what chance alone would give."""
    if len(cells) < 2:
        return None
    found = divergence(stacked(cells), seed=seed)
    n = sum(int(counts.sum()) for counts in cells)
    if found is None or two_decimals(found.bits, n, smallest_group=least) is None:
        return None
    return {
        "bits": two_decimals(found.bits, n, smallest_group=least),
        "by_chance": two_decimals(found.by_chance, n, smallest_group=least),
        "probability": two_decimals(found.p, n, smallest_group=least),
    }
