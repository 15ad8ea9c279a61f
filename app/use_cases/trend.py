"""The trend of a partnership: each round compared with the one before that asked the same."""

import json
import uuid
from typing import Any

from app.scoring.change import RULES
from app.security import chance
from app.security.credentials import Caller
from app.storage.database import Session
from app.use_cases import access
from app.use_cases.reports import Stored, canonical, change, change_words, words
from app.use_cases.reports.cells import thresholds
from app.use_cases.reports.change import Round
from app.use_cases.reports.health import SCORING_VERSION


def read(session: Session, caller: Caller, partnership_id: uuid.UUID) -> Stored:
    """The trend over all rounds that have a health report; one of none or one is complete too.

    It is made anew whenever it is asked for, from what was published once; so it has another
    digest only when another round has published.

    Raises:
        NotFound: There is no such partnership, or it is another's.
    """
    partnership = access.partnership(session, caller, partnership_id)
    rounds = change.rounds(session, partnership.id)
    earlier = [change.previous(rounds[:at], one) for at, one in enumerate(rounds)]
    document: dict[str, Any] = {
        "partnership": str(partnership.id),
        "report": "trend",
        "rounds": [
            _round(one, before, change.why_not(rounds[:at], one))
            for at, (one, before) in enumerate(zip(rounds, earlier, strict=True))
        ],
        "changes": [
            change.comparison(before, one)
            for one, before in zip(rounds, earlier, strict=True)
            if before is not None
        ],
        "method": _method(rounds),
    }
    document["headline"] = change_words.trend_headline(document)
    digest = chance.digest(canonical(document))
    body = json.dumps({**document, "digest": digest}, ensure_ascii=False).encode()
    return Stored(digest, body)


def _round(one: Round, before: Round | None, why: str | None) -> dict[str, Any]:
    number = one.evaluation.number
    return {
        "evaluation": str(one.evaluation.id),
        "number": number,
        "instrument": one.evaluation.instrument,
        "form": one.survey.design.form,
        "answered": one.wave.answered,
        "invited": sum(one.wave.invited.values()),
        "compared_with": before and before.evaluation.number,
        "why": why,
        "summary": why and change_words.not_compared(why, number),
    }


def _method(rounds: list[Round]) -> dict[str, Any]:
    drafts = [one.survey.instrument.draft_languages or [] for one in rounds]
    draft = any("cy" in languages for languages in drafts)
    return {
        "scoring_version": SCORING_VERSION,
        "thresholds": thresholds(RULES),
        "caveats": [*words.caveats("health", draft=draft), change_words.different_people()],
    }
