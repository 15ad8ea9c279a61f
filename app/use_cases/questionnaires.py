"""What a respondent is asked, and a preview of it for whoever plans the evaluation."""

import uuid
from datetime import datetime
from typing import Any

from app.errors import Fault, Invalid, TokenUnusable
from app.instruments import questionnaires
from app.instruments.design import Audience
from app.security import tokens as security
from app.security.credentials import Caller
from app.security.keys import Keys
from app.storage import evaluations, tokens
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases import access, asked, privacy
from app.use_cases.evaluations import design_of, groups, partners_of, survey_of
from app.use_cases.submissions import answering_now


def for_respondent(
    session: Session,
    keys: Keys,
    token: str,
    *,
    language: str | None,
    preferred: str | None,
    now: datetime,
) -> dict[str, Any]:
    """What the holder of a token is asked; looking does not use the token up.

    Args:
        language: What the caller insists on.
        preferred: The caller's Accept-Language, used where it can be.

    Raises:
        TokenMistyped, TokenUnusable: The token cannot be used.
        WrongStage: The questions are not open yet.
        Invalid: The evaluation does not declare the language.
    """
    fingerprint = security.fingerprint(keys.tokens, token)
    right = tokens.live(session, [fingerprint]).get(fingerprint)
    evaluation = evaluations.by_id(session, right.evaluation) if right else None
    if right is None or evaluation is None:
        raise TokenUnusable
    answering_now(evaluation, right.audience, now=now)
    chosen = _language(evaluation, language, preferred)
    return _questionnaire(session, evaluation, _audience(right.audience), chosen, right.cell)


def preview(
    session: Session,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    audience: Audience,
    language: str | None,
) -> dict[str, Any]:
    """The same for the evaluator, in every stage; in `draft` the staff survey as it would be.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        Invalid: The evaluation does not declare the language.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    return _questionnaire(
        session, evaluation, audience, _language(evaluation, language, None), None
    )


def _questionnaire(
    session: Session, evaluation: Evaluation, audience: Audience, language: str, cell: str | None
) -> dict[str, Any]:
    design = design_of(evaluation)
    if audience == "staff":
        shown = [group for group in groups(evaluation) if cell in (None, group.code)]
        survey = survey_of(session, evaluation)
        asks = questionnaires.staff(survey, shown, partners_of(evaluation), language=language)
    elif audience == "ranking":
        asks = questionnaires.ranking(asked.ranked(session, evaluation), language=language)
    else:
        put = asked.scheduled(session, evaluation)
        asks = questionnaires.verification(put, audience, language=language)
    return {
        "evaluation": evaluation.id,
        "audience": audience,
        "language": language,
        "languages": design.languages,
        "contact": questionnaires.contacts(design.contact, language=language),
        "privacy": privacy.statement_of(evaluation, language=language),
        **asks,
    }


def _language(evaluation: Evaluation, insisted: str | None, preferred: str | None) -> str:
    declared = design_of(evaluation).languages
    if insisted is not None:
        if insisted not in declared:
            raise Invalid(
                faults=[Fault("/language", "unknown-language", "The evaluation lacks it.")]
            )
        return insisted
    for wish in (preferred or "").split(","):
        tag = wish.split(";")[0].strip()
        for language in declared:
            if tag in (language, language.split("-")[0]) or tag.split("-")[0] == language:
                return language
    return declared[0]


def _audience(name: str) -> Audience:
    return name  # type: ignore[return-value]
