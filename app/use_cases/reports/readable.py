"""A report as text that people read: Markdown, in one language, from the document as published."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.instruments.questionnaires import said

Part = Mapping[str, Any]
_TITLES = {
    "health": ("Health of the partnership", "Iechyd y bartneriaeth"),
    "outcomes": ("Outcomes", "Canlyniadau"),
    "combined": ("Process and outcomes", "Proses a chanlyniadau"),
    "trend": ("Change between rounds", "Newid rhwng rowndiau"),
    "benchmark": ("Beside other partnerships", "Ochr yn ochr â phartneriaethau eraill"),
}
_WORDS = {
    "answered": ("answered", "atebodd"),
    "band": ("band", "band"),
    "caveats": ("How to read this", "Sut i ddarllen hwn"),
    "domain": ("domain", "maes"),
    "domains": ("Domains", "Meysydd"),
    "erratum": (
        "This report replaces an earlier one",
        "Mae'r adroddiad hwn yn disodli un cynharach",
    ),
    "evidence": ("Evidence", "Tystiolaeth"),
    "gap": ("gap", "bwlch"),
    "harms": ("What got worse", "Beth a waethygodd"),
    "interval": ("interval", "cyfwng"),
    "missing": ("What people miss", "Beth sydd ar goll"),
    "n": ("people", "pobl"),
    "not_told": ("cannot be told", "ni ellir ei ddweud"),
    "official": ("as officially given", "fel y'i rhoddir yn swyddogol"),
    "practice": ("in practice", "yn ymarferol"),
    "reason": ("reason", "rheswm"),
    "reasons": ("Reasons for the partnership", "Rhesymau dros y bartneriaeth"),
    "response": ("Who answered", "Pwy atebodd"),
    "rivals": ("Other explanations", "Esboniadau eraill"),
    "score": ("score", "sgôr"),
    "suppressed": ("not shown", "heb ei ddangos"),
}
_ACTIVE = re.compile(r"([\\`*_\[\]<>#|~])")  # characters that Markdown gives a meaning


def markdown(report: Part, language: str) -> str:
    """A published report as CommonMark with tables.

    Args:
        report: The document as it is stored.
        language: `en` or `cy`; texts that lack it stay in English.
    """
    page = _Page(language)
    title = _TITLES[report["report"]][language == "cy"]
    blocks = [f"# {title}", *page.erratum(report), page.lines(report["headline"])]
    blocks += [*page.health(report), *page.outcomes(report.get("outcomes", []))]
    blocks += [*page.changes(report.get("changes", [])), *page.benchmark(report)]
    for name in ("missing", "harms"):
        if report.get(name):
            blocks += [page.heading(name), page.lines([one["title"] for one in report[name]])]
    blocks += [*page.response(report), page.heading("caveats")]
    blocks += [page.lines(report["method"]["caveats"]), f"`{report['digest']}`"]
    return "\n\n".join(block for block in blocks if block) + "\n"


class _Page:
    """Blocks of text in one language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def heading(self, name: str) -> str:
        word = self._word(name)
        return f"## {word[0].upper()}{word[1:]}"

    def lines(self, texts: Iterable[Part]) -> str:
        return "\n".join(f"- {self._text(text)}" for text in texts)

    def erratum(self, report: Part) -> Iterator[str]:
        if "erratum" in report:
            reason = self._text(report["erratum"]["reason"])
            yield f"**{self._word('erratum')}** (`{report['supersedes']}`): {reason}"

    def health(self, report: Part) -> Iterator[str]:
        if report["report"] != "health":
            return
        yield self.heading("domains")
        columns = ("domain", "score", "interval", "n", "band")
        yield self._table(
            columns,
            [
                [self._text(part["label"]), *self._scored(part), _plain(part.get("band"))]
                for part in report["domains"]
            ],
        )
        for part in report["domains"]:
            yield from self._domain(part)
        if report["drivers"]:
            yield self.heading("reasons")
            yield self._table(
                ("reason", "official", "practice", "gap"),
                [self._driver(part) for part in report["drivers"]],
            )

    def outcomes(self, outcomes: Sequence[Part]) -> Iterator[str]:
        for one in outcomes:
            yield f"## {self._text(one['title'])}"
            summaries = [one, *one.get("voices", ()), *one.get("findings", ())]
            yield self.lines([part["summary"] for part in summaries if "summary" in part])
            if one["rivals"]:
                named = "; ".join(_plain(rival) for rival in one["rivals"])
                yield f"{self._word('rivals')}: {named}"
            if one["evidence"]:
                found = [
                    f"- {_plain(part['summary'])} ({_plain(part['finding'])}, "
                    f"{_plain(part['strength'])})"
                    for part in one["evidence"]
                ]
                yield "\n".join([f"{self._word('evidence')}:", "", *found])

    def changes(self, comparisons: Sequence[Part]) -> Iterator[str]:
        for one in comparisons:
            yield f"## {one['before']['number']} → {one['after']['number']}"
            lines = [one["overall"]["summary"]] if one["overall"] else []
            for part in one["domains"]:
                cells = [cell["summary"] for cut in part["cuts"].values() for cell in cut]
                lines += [part["summary"], *cells]
            yield self.lines([*lines, *one["caveats"]])

    def benchmark(self, report: Part) -> Iterator[str]:
        if report["report"] == "benchmark":
            yield self.lines(part["summary"] for part in report["domains"])

    def response(self, report: Part) -> Iterator[str]:
        tables: Part = report["method"].get("response", {})
        if tables:
            yield self.heading("response")
        for name, cells in tables.items():
            yield self._table(
                ("answered",),
                [[self._groups(cell), self._number(cell, "answered")] for cell in cells],
                first=name,
            )

    def _domain(self, part: Part) -> Iterator[str]:
        if "suppressed" in part:
            return
        yield f"### {self._text(part['label'])}"
        yield self._text(part["summary"])
        for table, cells in part["cuts"].items():
            rows = [
                [self._groups(cell), *self._scored(cell), _plain(cell.get("band"))]
                for cell in cells
            ]
            if rows:
                yield self._table(("score", "interval", "n", "band"), rows, first=table)

    def _driver(self, part: Part) -> list[str]:
        sides = [self._number(part[side], "score") for side in ("official", "practice")]
        gap = part["gap"]
        return [self._text(part["label"]), *sides, str(gap["points"]) if gap else "–"]

    def _scored(self, cell: Part) -> list[str]:
        if "suppressed" in cell:
            return [self._word("suppressed"), "", ""]
        if cell.get("at_least") and cell.get("at_most"):
            return [self._word("not_told"), "", str(cell["n"])]
        ends = cell["interval"]
        more = "≥ " if cell.get("at_least") else "≤ " if cell.get("at_most") else ""
        return [f"{more}{cell['score']}", f"{ends['from']}–{ends['to']}", str(cell["n"])]

    def _number(self, cell: Part, name: str) -> str:
        return self._word("suppressed") if "suppressed" in cell else str(cell[name])

    def _groups(self, cell: Part) -> str:
        return " + ".join(_plain(code) for code in cell["groups"])

    def _table(
        self, columns: Sequence[str], rows: Iterable[Sequence[str]], *, first: str | None = None
    ) -> str:
        """A table; `first` heads the first column in somebody's own word."""
        head = [*([] if first is None else [_plain(first)]), *map(self._word, columns)]
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def _text(self, by_language: Part) -> str:
        return _plain(said(by_language, self._language))

    def _word(self, name: str) -> str:
        return _WORDS[name][self._language == "cy"]


def _plain(text: object) -> str:
    """Words of somebody's that Markdown and HTML take for nothing but words, on one line."""
    if text is None:
        return ""
    return _ACTIVE.sub(r"\\\1", " ".join(str(text).split()))
