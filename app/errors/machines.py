"""Refusals that only machines and their evaluators meet."""

from app.errors.kinds import Conflict, Forbidden, Malformed, Unauthenticated


class CursorMalformed(Malformed):
    """The cursor is not one that this service gave."""

    mend = "Start again without a cursor, and follow `next` as it is given."


class CredentialInvalid(Unauthenticated):
    """The access token is missing, expired or not one of ours."""

    mend = "Ask for a new one at POST /v1/oauth/token and send it as a bearer token."


class ClientInvalid(Unauthenticated):
    """The client's name or secret is wrong, or the client was revoked."""

    mend = "Check client_id and client_secret; `poet client rotate` makes a new secret."


class ScopeMissing(Forbidden):
    """The access token does not carry the scope that this call needs."""

    mend = "Ask for the scope when fetching the token, or give it to the client."


class ClosesEarly(Conflict):
    """The stage has a closing day that has not come."""

    mend = 'Wait, or send "early": true when respondents were told.'


class TooFewAnswers(Conflict):
    """Fewer people answered than the smallest group that may be shown."""

    mend = 'Wait for more answers, or send "abandon": true: they are then deleted unread.'


class GroupsTooSmall(Conflict):
    """Some groups have fewer people than the smallest group that may be shown."""

    mend = "Pool them: declare `groups` that name several organisations, before any token."


class TranslationMissing(Conflict):
    """A text that would be shown is missing in a language that the evaluation declares."""

    mend = "Add the texts that `missing` names, or declare fewer languages."


class ContactMissing(Conflict):
    """Service users and carers must be shown a safeguarding contact first."""

    mend = "PATCH the evaluation with contact.safeguarding in every declared language."


class ScheduleNotApproved(Conflict):
    """The schedule has not been approved."""

    mend = 'PUT the schedule with "status": "approved" once people have agreed its words.'


class DesignFixed(Conflict):
    """This part of the evaluation cannot change any more."""

    mend = (
        "Groups, cuts, voices, smallest_group and staff_selection are fixed by the first token; "
        "stages go on."
    )


class ClosesLaterOnly(Conflict):
    """A closing day may only be moved to a later day that has not passed."""

    mend = "Respondents were told the earlier day; name a later one."


class InstrumentExists(Conflict):
    """An instrument with this code and version is published, with other contents."""

    mend = "A published version never changes: publish the next version."


class AlreadyExists(Conflict):
    """Something with this code is recorded already."""

    mend = "Choose another code, or change what is there."


class TokensExhausted(Conflict):
    """As many tokens were issued as there are people, with the allowance for lost letters.

    What is imported without a token counts among them.
    """

    mend = "`left` is how many remain for this group or voice; check its headcount."


class CollectionIsBrowser(Conflict):
    """The evaluation promises that answers come from browsers alone: nobody passes them on."""

    mend = 'Plan the next round with "collection": "platform", "interviewer" or "mixed".'


class NotASandbox(Conflict):
    """The evaluation is a round of the partnership: its answers come from people alone."""

    mend = 'Plan an evaluation with "sandbox": true to try things out.'


class CellsChanged(Conflict):
    """The corrected report would show or withhold other cells than the one that it replaces."""

    mend = "A report that shows more would tell of people beside the old one; ask the operator."


class OutcomeMerged(Conflict):
    """The outcome was merged into another and stays only as a record."""

    mend = "Follow `merged_into`."


class WebhookDisabled(Conflict):
    """The webhook is disabled, so nothing is sent to it."""

    mend = 'PATCH it with "enabled": true once its receiver is ready.'


class WebhooksExhausted(Conflict):
    """The account has as many webhooks as it may have."""

    mend = "Delete one that is not needed; `most` is how many there may be."


class BenchmarkNotShared(Conflict):
    """The evaluation is not in the benchmarks of others, and only who gives is given any."""

    mend = 'Plan the next round with "benchmark": true; a round that was planned stays as it is.'


class NotRedistributable(Forbidden):
    """The licence of this instrument does not let its wording be handed on as a file."""

    mend = "Export the questionnaire of an evaluation that uses it, or ask the licence's holder."
