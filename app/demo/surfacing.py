"""Statements become outcomes: coding, the ranking round, the schedule."""

import csv
import io
from collections import Counter

from app.demo import content
from app.demo.calls import DemonstrationFailed, Submission
from app.demo.content import Document
from app.demo.printing import heading, say
from app.demo.surveying import Round

Statements = dict[str, str]  # the id of each statement by its words


def surface(played: Round) -> None:
    """Read and code the statements, ask staff which outcomes are theirs, approve the schedule."""
    heading("Surface the outcomes")
    read = _read(played)
    for entry in content.invented()["outcomes"]:
        _write_down(played, entry["outcome"])
    _code(played, read)
    _merge_and_split(played, read)
    _rank(played)
    _schedule(played)


def _read(played: Round) -> Statements:
    """Every statement, once the one that names somebody is redacted and released."""
    path = f"{played.path}/statements"
    withheld = played.calls.get(f"{path}?state=withheld")["items"]
    change = content.invented()["redacted"]
    for statement in withheld:
        if statement["outcome"] != change["old"]:
            raise DemonstrationFailed("another statement is withheld than the one that names one")
        redaction = {"outcome": change["new"], "withheld": False}
        played.calls.send("PATCH", f"/v1/statements/{statement['id']}", json=redaction)
    items = played.calls.get(f"{path}?limit=5000")["items"]
    say(
        f"{len(items)} statements (invented) came out in random order, joined to nobody. Withheld"
        f" because it seemed to name somebody: {len(withheld)}; now redacted and released."
    )
    return {item["outcome"]: item["id"] for item in items}


def _write_down(played: Round, outcome: Document) -> None:
    made = played.calls.post(f"{played.path}/outcomes", outcome)
    played.outcomes[made["code"]] = made["id"]


def _code(played: Round, read: Statements) -> None:
    """Two coders work in a spreadsheet and send it as CSV."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(["statement", "coder", "outcome", "not_an_outcome"])
    split = content.invented()["split"]
    for coder in ("first", "second"):
        for words, read_as in _readings(coder).items():
            # What is split off later is still one with what it is split from.
            code = split["from"] if read_as == split["outcome"]["outcome"]["code"] else read_as
            why = "" if code else content.invented()["not_an_outcome"]
            sheet.writerow([read[words], coder, code or "", why])
    reply = played.calls.send(
        "PUT",
        f"{played.path}/coding",
        content=text.getvalue().encode(),
        headers={"Content-Type": "text/csv"},
    )
    say(f"Two coders read them, in a spreadsheet: {reply.json()['coded']} lines of CSV.")


def _readings(coder: str) -> dict[str, str | None]:
    """How a coder reads each statement: the code of an outcome, None for none."""
    change = content.invented()["redacted"]
    return {
        _as_released(entry["statement"]["outcome"], change): entry[coder]
        for entry in content.invented()["statements"]
    }


def _as_released(words: str, change: Document) -> str:
    return str(change["new"]) if words == change["old"] else words


def _merge_and_split(played: Round, read: Statements) -> None:
    invented = content.invented()
    merge, split = invented["merge"], invented["split"]
    played.calls.post(
        f"/v1/outcomes/{played.outcomes.pop(merge['from'])}/merge",
        {"into": played.outcomes[merge["into"]], "why": merge["why"]},
        status=200,
    )
    new = split["outcome"]["outcome"]
    moved = [read[words] for words, code in _readings("first").items() if code == new["code"]]
    made = played.calls.post(
        f"/v1/outcomes/{played.outcomes[split['from']]}/split",
        {"outcome": new, "statements": moved, "why": split["why"]},
    )
    played.outcomes[made["code"]] = made["id"]
    say(f"The outcome '{merge['from']}' was merged into '{merge['into']}': {merge['why']}")
    say(f"The outcome '{made['code']}' was split off '{split['from']}': {split['why']}")


def _rank(played: Round) -> None:
    """Staff of a few organisations say which outcomes are theirs."""
    submissions: list[Submission] = []
    answered: Counter[str] = Counter()
    for organisation, bodies in content.rankings(played.outcomes).items():
        tokens = played.tokens("ranking", organisation, len(bodies))
        submissions += zip(tokens, bodies, strict=True)
        answered[organisation] = len(bodies)
    played.calls.submit("/v1/rankings", submissions, "Rankings (invented) submitted")
    say("They came from " + ", ".join(f"{code} ({n})" for code, n in answered.items()) + ".")


def _schedule(played: Round) -> None:
    """Take the draft that the service made, put it into plain words, and approve it."""
    path = f"{played.path}/schedule"
    draft = played.calls.get(path)
    invented = content.invented()
    entries = [*invented["outcomes"], invented["split"]["outcome"]]
    plain = {played.outcomes.get(one["outcome"]["code"], ""): one["plain"] for one in entries}
    wanted = {
        "status": "approved",
        "outcomes": [{**asked, "plain": plain[asked["outcome"]]} for asked in draft["outcomes"]],
        "left_out": draft["left_out"],
    }
    kept = played.calls.send("PUT", path, json=wanted).json()
    say(
        f"The service drafted a schedule of {len(kept['outcomes'])} outcomes, and left out"
        f" {len(kept['left_out'])}; with plain words in two languages it is approved."
    )
    for left in kept["left_out"]:
        say(f"{_code_of(played, left['outcome'])}: {left['reason']}", under="  - left out ")
    methods = {entry["service_user_group"]: entry["methods"] for entry in kept["methods"]}
    for group, ways in methods.items():
        say(f"{group}: {'; '.join(way['en'] for way in ways[:3])}", under="  - how to ask ")


def _code_of(played: Round, outcome: str) -> str:
    return next(code for code, known in played.outcomes.items() if known == outcome)
