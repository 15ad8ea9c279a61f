"""The form of each audience: staff, those who rank, service users and carers.

Codes are names where they are safe and unique. What may come or go while a form is in use, an
outcome or an organisation, has a name made of its own code alone: an answer never slips to
another because something was added before it.
"""

from collections.abc import Sequence
from dataclasses import replace

from app.formats.drafting import Draft
from app.formats.form import Form
from app.formats.naming import Names
from app.formats.scheduled import Scheduled
from app.formats.staff import Staffed
from app.instruments import schedule
from app.instruments.answers import Survey
from app.instruments.design import Audience, Contact, Design, Group, Partner, Voice
from app.instruments.model import Instrument, Texts
from app.instruments.questionnaires import PutOutcome

_NOBODY = Contact()


def of_instrument(instrument: Instrument) -> Form:
    """All that an instrument can ask; questions about partners need an evaluation that has some."""
    design = Design(instrument=instrument.name, languages=list(instrument.languages))
    return of_staff(Survey(instrument, design, []), code=instrument.code)


def of_staff(
    survey: Survey,
    groups: Sequence[Group] = (),
    partners: Sequence[Partner] = (),
    contact: Contact = _NOBODY,
    *,
    notice: Texts | None = None,
    code: str | None = None,
) -> Form:
    """What one evaluation asks staff.

    Args:
        notice: What happens to the answers.
    """
    instrument = survey.instrument
    draft = Draft(survey.design.languages, Names(_item_codes(instrument)))
    draft.notices(contact, notice)
    place = draft.place("group", [draft.option(group.code, group.label) for group in groups])
    Staffed(draft, survey, partners).add()
    version = str(instrument.version)
    form = draft.form(code or instrument.code, version, instrument.title, intro=None, place=place)
    return replace(form, also=(instrument.name,))


def of_ranking(
    outcomes: Sequence[PutOutcome],
    contact: Contact = _NOBODY,
    *,
    groups: Sequence[Group] = (),
    languages: Sequence[str] = ("en", "cy"),
    notice: Texts | None = None,
    code: str = "poet-ranking",
) -> Form:
    """The ranking round."""
    asked = schedule("ranking")
    draft = Draft(languages, Names())
    draft.notices(contact, notice)
    place = draft.place("group", [draft.option(group.code, group.label) for group in groups])
    Scheduled(draft, asked, outcomes).add("outcomes")
    return draft.form(code, "1", asked.title, intro=asked.intro, place=place)


def of_verification(
    outcomes: Sequence[PutOutcome],
    audience: Audience,
    contact: Contact = _NOBODY,
    *,
    voices: Sequence[Voice] = (),
    languages: Sequence[str] = ("en", "cy"),
    notice: Texts | None = None,
    code: str = "poet-verification",
) -> Form:
    """The schedule for service users or for carers; what matters most comes before the list."""
    asked = schedule("verification")
    draft = Draft(languages, Names())
    draft.notices(contact, notice)
    heard = [voice for voice in voices if voice.audience == audience]
    place = draft.place("voice", [draft.option(voice.code, voice.label) for voice in heard])
    Scheduled(draft, asked, outcomes, audience).add("verdicts")
    return draft.form(code, "1", asked.title, intro=asked.intro, place=place)


def _item_codes(instrument: Instrument) -> list[str]:
    context = instrument.context.items if instrument.context else []
    return [item.code for domain in instrument.domains for item in domain.items] + [
        item.code for item in context
    ]
