"""Questionnaires in the formats of survey tools, and answers as those tools send them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from app.errors import (
    Fault,
    Invalid,
    NothingAnswered,
    NotRedistributable,
    TokenUnusable,
    WrongAudience,
)
from app.formats import building
from app.formats.fitting import first_that_fits
from app.formats.form import Form
from app.formats.registry import FORMATS, Wish
from app.formats.strict import document_of
from app.instruments.design import Audience
from app.security import receipts
from app.security import tokens as security
from app.security.credentials import Caller
from app.security.keys import Keys
from app.storage import evaluations, responses, tokens
from app.storage.database import Session
from app.storage.responses import Known
from app.storage.tables import Evaluation
from app.storage.tokens import Right
from app.use_cases import access, asked, instruments, privacy
from app.use_cases.deployment import Deployment
from app.use_cases.evaluations import design_of, groups, partners_of, survey_of
from app.use_cases.submissions import STAGE, answering_now


@dataclass(frozen=True)
class Exported:
    """A questionnaire as a file."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Translated:
    """What a tool's document says, in our shape.

    Attributes:
        answer: To be checked like any answer that is sent in our shape.
        stripped: What was left behind because it could tell who answered, by the tool's own names.
        audience: Who answered; nobody in particular where what is long stored was not read.
    """

    answer: Mapping[str, Any]
    stripped: Sequence[str] = ()
    audience: str | None = None


def of_instrument(
    session: Session,
    deployment: Deployment,
    caller: Caller,
    reference: tuple[str, int],
    *,
    name: str,
    language: str | None,
) -> Exported:
    """All that an instrument can ask, in one format.

    Args:
        reference: Its code and version.
        name: Of the format.
        language: For a format that has one language alone.

    Raises:
        NotFound: There is none, or it is another account's.
        Invalid: It is not in this language.
        NotRedistributable: Its licence does not let its wording be handed on.
    """
    return _exported(deployment, instrument_form(session, caller, reference), name, language)


def of_evaluation(
    session: Session,
    deployment: Deployment,
    caller: Caller,
    evaluation_id: uuid.UUID,
    *,
    audience: Audience,
    name: str,
    language: str | None,
) -> Exported:
    """What an evaluation asks one audience, in one format.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        Invalid: It does not declare this language.
    """
    evaluation = access.evaluation(session, caller, evaluation_id)
    return _exported(deployment, form_of(session, evaluation, audience), name, language)


def for_respondent(
    session: Session, deployment: Deployment, token: str, *, name: str, now: datetime
) -> Exported:
    """What the holder of a token is asked, in one format; looking does not use the token up.

    Raises:
        TokenMistyped, TokenUnusable: The token cannot be used.
        WrongStage: The questions are not open yet.
    """
    right = _right(session, deployment.keys, token)
    if right is None:
        raise TokenUnusable
    evaluation = _open(session, right, [right.audience], now)
    return _exported(deployment, form_of(session, evaluation, right.audience), name, None)


def instrument_form(session: Session, caller: Caller, reference: tuple[str, int]) -> Form:
    """The form of all that an instrument can ask.

    Raises:
        NotFound: There is none, or it is another account's.
        NotRedistributable: Its licence does not let its wording be handed on.
    """
    instrument = instruments.read(session, caller, *reference)
    if not instrument.redistributable:
        licence: Any = vars(instrument.licence) if instrument.licence else None
        raise NotRedistributable(licence=licence)
    return building.of_instrument(instrument)


def form_of(session: Session, evaluation: Evaluation, audience: str) -> Form:
    """The form of what an evaluation asks one audience."""
    design = design_of(evaluation)
    code = f"poet-{audience.replace('_', '-')}-{evaluation.id}"
    said: dict[str, Any] = {"notice": _notice(evaluation, design.languages), "code": code}
    if audience == "staff":
        survey, partners = survey_of(session, evaluation), partners_of(evaluation)
        return building.of_staff(survey, groups(evaluation), partners, design.contact, **said)
    said["languages"] = design.languages
    if audience == "ranking":
        ranked = asked.ranked(session, evaluation)
        return building.of_ranking(ranked, design.contact, groups=groups(evaluation), **said)
    put, to = asked.scheduled(session, evaluation), _verifier(audience)
    return building.of_verification(put, to, design.contact, voices=design.voices, **said)


def canonical(deployment: Deployment, form: Form) -> str:
    """The address under which FHIR knows a form."""
    return f"{deployment.public_url.rstrip('/')}/fhir/R4/Questionnaire/{form.code}"


def translate(
    session: Session,
    deployment: Deployment,
    body: bytes,
    *,
    name: str,
    token: str,
    key: str | None,
    audiences: Collection[str],
    now: datetime,
) -> Translated:
    """Read an answer as a tool sends it. Nothing is spent.

    The token says what was asked; once it is spent the key does, so that the same document may be
    sent again. What is long stored cannot be compared, and is not read.

    Args:
        session: A transaction that reads.
        deployment: Where this runs.
        body: The document.
        name: Of the format.
        token: As it was typed.
        key: As it was sent; None where an answer is only checked.
        audiences: Whose answers the call takes.
        now: The time.

    Raises:
        TokenMistyped, TokenUnusable: The token cannot be used.
        IdempotencyKeyMalformed, KeyNotSecret: The key cannot be used.
        WrongStage, WrongAudience: Something else is answered now, or by others.
        Malformed: The document is not JSON.
        Invalid: It is no answer to what was asked, with pointers into it.
    """
    right = _right(session, deployment.keys, token)
    if right is not None:
        evaluation, answering = _open(session, right, audiences, now), [right.audience]
    else:
        known = _known(session, deployment.keys, key, token)
        if known.sealed is None:
            return Translated({})
        evaluation = evaluations.get(session, known.evaluation)
        answering = _answering(evaluation)
        if not answering:
            raise TokenUnusable
    document = document_of(body)

    def read(audience: str) -> Translated:
        form = form_of(session, evaluation, audience)
        found = FORMATS[name].answer(form, document, canonical(deployment, form))
        return Translated(found.answer, found.stripped, audience)

    return first_that_fits([partial(read, audience) for audience in answering])


def check(
    session: Session,
    keys: Keys,
    *,
    token: str,
    audiences: Collection[str],
    content: Mapping[str, Any],
    now: datetime,
) -> None:
    """Decide on an answer as if it was given, and give it not: its token stays as it is.

    Raises:
        TokenMistyped, TokenUnusable: The token cannot be used.
        WrongStage, WrongAudience: Something else is answered now, or by others.
        NothingAnswered, Invalid: What would be refused.
    """
    right = _right(session, keys, token)
    if right is None:
        raise TokenUnusable
    evaluation = _open(session, right, audiences, now)
    rules = asked.rules(session, evaluation, right.audience)
    if rules.says_nothing(content):
        raise NothingAnswered
    if faults := rules.faults(content):
        raise Invalid(faults=faults)


def _exported(deployment: Deployment, form: Form, name: str, language: str | None) -> Exported:
    if language not in (None, *form.languages):
        raise Invalid(faults=[Fault("/language", "unknown-language", "It is not asked in it.")])
    chosen = FORMATS[name]
    written = chosen.write(form, Wish(canonical(deployment, form), language))
    return Exported(f"{form.code}-{form.version}.{chosen.suffix}", chosen.media_type, written)


def _notice(evaluation: Evaluation, languages: Sequence[str]) -> dict[str, str]:
    """What happens to the answers, in each language."""
    said = {one: privacy.statement_of(evaluation, language=one) for one in languages}
    return {
        one: "\n".join([*found["statement"], *found["residual_risks"]])
        for one, found in said.items()
    }


def _right(session: Session, keys: Keys, token: str) -> Right | None:
    fingerprint = security.fingerprint(keys.tokens, token)
    return tokens.live(session, [fingerprint]).get(fingerprint)


def _known(session: Session, keys: Keys, key: str | None, token: str) -> Known:
    """The answer that was given with a token which is spent."""
    if key is None:
        raise TokenUnusable
    fingerprint = receipts.fingerprint(keys.receipts, receipts.read_key(key, token=token))
    known = responses.known(session, {fingerprint}).get(fingerprint)
    if known is None:
        raise TokenUnusable
    return known


def _open(session: Session, right: Right, audiences: Collection[str], now: datetime) -> Evaluation:
    """The evaluation that a token is good for, when its audience answers it now."""
    if right.audience not in audiences:
        raise WrongAudience
    evaluation = evaluations.get(session, right.evaluation)
    answering_now(evaluation, right.audience, now=now)
    return evaluation


def _answering(evaluation: Evaluation) -> list[str]:
    """Who answers now."""
    return [one for one, stage in STAGE.items() if stage == evaluation.stage]


def _verifier(audience: str) -> Audience:
    return "carer" if audience == "carer" else "service_user"
