"""Refusals that a respondent may meet; each also in Welsh."""

from app.errors.kinds import Conflict, Forbidden, Gone, Invalid, Malformed, Unauthenticated


class IdempotencyKeyMissing(Malformed):
    """A submission must carry an Idempotency-Key, a random value that only the sender knows."""

    cy = "Rhaid i'r ateb gynnwys Idempotency-Key."
    mend = "Make 22 to 128 random characters in the respondent's browser and keep them."


class IdempotencyKeyMalformed(Malformed):
    """An Idempotency-Key has 22 to 128 characters of A-Z, a-z, 0-9, hyphen and underscore."""

    cy = "Nid yw'r Idempotency-Key yn y ffurf gywir."
    mend = "Make 22 to 128 random characters, for example crypto.randomUUID()."


class KeyNotSecret(Malformed):
    """The Idempotency-Key is made from the token, so others could make it too."""

    cy = "Mae'r Idempotency-Key wedi'i wneud o'r tocyn, felly nid yw'n gyfrinachol."
    mend = "Make the key at random; it must not be the token, contain it or be a hash of it."


class TokenInUrl(Malformed):
    """A token was sent in the address, where it would be written to logs."""

    cy = "Anfonwyd y tocyn yn y cyfeiriad, lle gallai gael ei gofnodi."
    mend = "Send it in the header Authorization: Bearer <token>."


class TokenMissing(Unauthenticated):
    """This call needs the respondent's token as a bearer token."""

    cy = "Mae angen tocyn yr ymatebydd."
    mend = "Send the header Authorization: Bearer <token>."


class TokenMistyped(Unauthenticated):
    """This is not a token: a character is wrong or missing."""

    cy = "Nid yw hwn yn docyn cywir: mae nod yn anghywir neu ar goll."
    mend = "Compare it with the letter, character by character; nothing has been used up."


class WrongAudience(Forbidden):
    """The token is for another audience's questions; it has not been used up."""

    cy = "Mae'r tocyn ar gyfer holiadur arall; nid yw wedi cael ei ddefnyddio."
    mend = "Send it to the call for its own audience."


class WrongStage(Conflict):
    """The evaluation is not in a stage where this can be done."""

    cy = "Nid yw'r gwerthusiad wedi cyrraedd y cam hwn; nid yw'r tocyn wedi cael ei ddefnyddio."
    mend = "`stage` is where the evaluation stands, `needed` where this call works."


class StageClosed(Conflict):
    """The stage is closed: the answer can no longer be told apart, so it cannot be withdrawn."""

    cy = "Mae'r cam wedi cau: ni ellir tynnu'r ateb yn ôl mwyach."
    mend = "Nothing can be done: after the close nobody can find one person's answer."


class TokenUnusable(Gone):
    """The token was used, revoked, has expired or never existed; which of these is not told."""

    cy = "Nid oes modd defnyddio'r tocyn: ni ddywedir ai wedi'i ddefnyddio, wedi dod i ben ydyw."
    mend = "If the answer was sent and the reply lost, send it again with the same key."


class KeyReused(Invalid):
    """The Idempotency-Key belongs to another submission; nothing was recorded or used up."""

    cy = "Mae'r Idempotency-Key eisoes yn perthyn i ateb arall; ni chafodd dim ei gadw."
    mend = "One key for one submission: make a new one."


class NothingAnswered(Invalid):
    """The submission holds no answer and no text."""

    cy = "Nid oes yr un ateb yn yr hyn a anfonwyd; nid yw'r tocyn wedi cael ei ddefnyddio."
    mend = "Everything may be left out except one thing that counts."
