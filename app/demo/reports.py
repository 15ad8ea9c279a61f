"""The reports as readable tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.demo.content import Document
from app.demo.printing import say, table

_SHOWN_OF_EACH_END = 4


def health(report: Document) -> None:
    """The health report: domains, the organisations at both ends of size, what is withheld."""
    table(
        ("Domain (100 is good)", "Score", "Interval", "Band", "Divided", "People"),
        [
            (
                part["label"]["en"],
                _score(part),
                _ends(part["interval"]),
                part["band"],
                "yes" if part["divided"] else "no",
                f"{part['n']:,}",
            )
            for part in report["domains"]
            if "suppressed" not in part
        ],
        right=(1, 5),
    )
    for line in report["headline"]:
        say(line["en"], under="  - ")
    _organisations(report)
    _withheld(report)


def _organisations(report: Document) -> None:
    cells = [part["cuts"]["organisation"] for part in report["domains"]]
    by_groups = [{tuple(cell["groups"]): cell for cell in one} for one in cells]
    shown = sorted(
        (groups for groups, cell in by_groups[0].items() if "n" in cell),
        key=lambda groups: (by_groups[0][groups]["n"], groups),
    )
    ends = [*shown[:_SHOWN_OF_EACH_END], *shown[-_SHOWN_OF_EACH_END:]]
    print(f"\n  The smallest and the largest of {len(shown)} organisations")
    table(
        ("Organisation", "People", *(part["label"]["en"] for part in report["domains"])),
        [
            (
                " + ".join(groups),
                str(by_groups[0][groups]["n"]),
                *(_with_interval(one.get(groups, {})) for one in by_groups),
            )
            for groups in ends
        ],
        right=(1,),
    )


def _withheld(report: Document) -> None:
    least = report["method"]["smallest_group"]
    for part in report["domains"]:
        hidden = [cell for cell in part["cuts"]["organisation"] if "suppressed" in cell]
        named = ", ".join(code for cell in hidden for code in cell["groups"]) or "none"
        say(f"{part['label']['en']}, organisations suppressed: {named}", under="  - ")
    say(f"(Each organisation of this data set has at least {least} people.)", under="  ")


def outcomes(report: Document) -> None:
    """The outcomes report: who shares what, and what each voice says of it."""
    coders, ranking = report["coders"], report["ranking"]
    say(
        f"{coders['coders']} coders agree on {coders['statements']} statements with an alpha of"
        f" {coders['alpha']} ({coders['strength']}). {ranking['answered']} of"
        f" {ranking['invited']:,} staff ranked the outcomes."
    )
    print()
    table(
        ("Outcome", "Statements", "Staff share it", "Evidence"),
        [
            (
                outcome["title"]["en"],
                _count(outcome["named_by"]),
                _share(outcome["shared"].get("yes") if outcome["shared"] else None),
                ", ".join(found["finding"] for found in outcome["evidence"]) or "-",
            )
            for outcome in report["outcomes"]
        ],
    )
    print("\n  Matters: the share of those it applies to who call it important (3 or 4 of 4).")
    print("  Happens: the share who say that it is so often or always. Both in bands.")
    for voice in report["voices"]:
        _voice(report, voice)
    print()
    for name, words in (("missing", "What people miss"), ("harms", "What got worse for people")):
        said = [f"{one['title']['en']} ({_count(one['named_by'])} texts)" for one in report[name]]
        say("; ".join(said), under=f"  {words}: ")


def _voice(report: Document, voice: Document) -> None:
    label = f"{voice['label']['en']} ({voice['voice']})"
    if "suppressed" in voice:
        least = report["method"]["smallest_group"]
        print(f"\n  {label}: suppressed (fewer than {least} answered)")
        return
    invited, chosen = voice["invited"], voice["selection"]
    print(f"\n  {label}: {voice['answered']} of {invited} answered (chosen: {chosen})")
    rows = []
    for outcome in asked(report["outcomes"]):
        cell = next(one for one in outcome["voices"] if one["voice"] == voice["voice"])
        rows.append((outcome["title"]["en"], *_verdicts(cell)))
    table(("Outcome", "Matters", "Verdict", "Happens", "Verdict"), rows)


def _verdicts(cell: Document) -> tuple[str, str, str, str]:
    if "suppressed" in cell:
        return ("-", "suppressed", "-", "suppressed")
    right, done = cell["importance"], cell["delivered"]
    return (
        _share(right.get("share")),
        right["verdict"],
        _share(done.get("share")),
        done["verdict"],
    )


def asked(every: Sequence[Document]) -> list[Document]:
    """The outcomes of a report that anybody was asked about."""
    return [
        outcome for outcome in every if any("suppressed" not in cell for cell in outcome["voices"])
    ]


def combined(report: Document, scheduled: Sequence[Document]) -> None:
    """The combined report: each outcome with its processes, voice by voice, in a sentence."""
    codes = {outcome["code"] for outcome in scheduled}
    for outcome in report["outcomes"]:
        if outcome["code"] not in codes:
            continue
        leans = [f"{part['code']} ({part['band']})" for part in outcome["domains"]]
        say(f"{outcome['title']['en']} - its theory leans on {', '.join(leans) or 'no domain'}")
        for finding in outcome["findings"]:
            if finding["delivered"]:
                _finding(outcome, finding)
        _too_few(outcome["findings"])
        for rival in outcome["rivals"]:
            say(f"a rival explanation is '{rival}'", under="      ")
    for said in report["headline"][-1:]:
        say(said["en"])


def _finding(outcome: Document, finding: Document) -> None:
    found = finding["finding"] + (f" ({finding['why']})" if finding["why"] else "")
    verdicts = f"{finding['importance']}, {finding['delivered']}"
    print(f"  {finding['voice']}: {verdicts} -> {found}")
    if finding["finding"] != "cannot_say":
        say(finding["summary"]["en"].removeprefix(f"{outcome['title']['en']}: "), under="      ")


def _too_few(findings: Sequence[Document]) -> None:
    """Name the voices whose verdicts are suppressed, in a line for each reason."""
    voices: dict[str, list[str]] = {}
    for one in findings:
        if not one["delivered"]:
            voices.setdefault(f"{one['finding']} ({one['why']})", []).append(one["voice"])
    for found, named in voices.items():
        say(f"{', '.join(named)}: suppressed -> {found}", under="  ")


def _with_interval(cell: Mapping[str, Any]) -> str:
    if "score" not in cell:
        return "suppressed" if "suppressed" in cell else "-"
    return f"{_score(cell)} ({_ends(cell['interval'])})"


def _score(cell: Mapping[str, Any]) -> str:
    marks = {"at_least": " or more", "at_most": " or less"}
    return f"{cell['score']}" + next((said for mark, said in marks.items() if cell.get(mark)), "")


def _ends(interval: Mapping[str, float]) -> str:
    return f"{interval['from']} to {interval['to']}"


def _share(band: Mapping[str, float] | None) -> str:
    return "-" if band is None else f"{band['from']}-{band['to']} %"


def _count(named: Mapping[str, int]) -> str:
    if "at_least" in named:
        return f"{named['at_least']} or more"
    return f"fewer than {named['fewer_than']}"
