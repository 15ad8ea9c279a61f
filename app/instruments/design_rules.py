"""What a design must be to fit its partnership, its instrument and the deployment."""

from collections.abc import Iterator, Sequence

from app.errors import Fault
from app.instruments import codes
from app.instruments.design import ORGANISATION, Design, Partner
from app.instruments.model import Instrument


def faults_of(
    design: Design,
    instrument: Instrument,
    organisations: Sequence[Partner],
    *,
    smallest_group: int,
) -> list[Fault]:
    """Everything that does not fit; `smallest_group` is the least that the deployment allows."""
    return [
        *_least(design, smallest_group),
        *_grouping(design, organisations),
        *_cuts(design, instrument),
        *_parts(design, instrument),
        *_modules(design, instrument),
        *_voices(design),
        *_days(design),
    ]


def _least(design: Design, smallest_group: int) -> Iterator[Fault]:
    if (design.smallest_group or 0) < smallest_group:
        yield Fault("/smallest_group", "below-deployment", f"Here it is at least {smallest_group}.")


def _grouping(design: Design, organisations: Sequence[Partner]) -> Iterator[Fault]:
    known = {partner.code for partner in organisations}
    seen: set[str] = set()
    taken = {code for group in design.groups for code in group.organisations}
    for at, group in enumerate(design.groups):
        for number, code in enumerate(group.organisations):
            pointer = f"/groups/{at}/organisations/{number}"
            if code not in known:
                yield Fault(pointer, "unknown-organisation", "The partnership has no such one.")
            elif code in seen:
                yield Fault(pointer, "code-twice", "An organisation is in one group.")
            seen.add(code)
        if not group.organisations and group.headcount is None:
            yield Fault(f"/groups/{at}", "headcount-missing", "Say how many people it has.")
        if group.code in known - taken or group.code in {
            other.code for other in design.groups[:at]
        }:
            yield Fault(f"/groups/{at}/code", "code-twice", "Group codes are unique.")


def _cuts(design: Design, instrument: Instrument) -> Iterator[Fault]:
    known = {ORGANISATION} | {attribute.code for attribute in instrument.attributes or []}
    crosses = 0
    for at, cut in enumerate(design.cuts):
        parts = [cut] if isinstance(cut, str) else list(cut)
        crosses += len(parts) - 1
        if not set(parts) <= known or len(set(parts)) < len(parts):
            yield Fault(f"/cuts/{at}", "unknown-cut", "Cut by organisation or an attribute.")
    if crosses > 1:
        yield Fault("/cuts", "too-many-crosses", "At most one cut crosses two others.")
    if len(set(design.cuts)) < len(design.cuts):
        yield Fault("/cuts", "code-twice", "Each cut is declared once.")


def _parts(design: Design, instrument: Instrument) -> Iterator[Fault]:
    for at, language in enumerate(design.languages):
        if language not in instrument.languages:
            yield Fault(f"/languages/{at}", "unknown-language", "The instrument lacks it.")
    items = [item for domain in instrument.domains for item in domain.items]
    if design.form == "short" and not any(item.short_form for item in items):
        yield Fault("/form", "no-short-form", "The instrument marks no item for a short form.")
    if len(set(design.languages)) < len(design.languages):
        yield Fault("/languages", "code-twice", "Each is named once.")


def _modules(design: Design, instrument: Instrument) -> Iterator[Fault]:
    modules = design.modules or []
    if len(set(modules)) < len(modules):
        yield Fault("/modules", "code-twice", "Each is named once.")
    if "importance" in modules and "health" not in modules:
        yield Fault("/modules", "needs-health", "Points are shared among the domains of health.")
    for at, module in enumerate(modules):
        offered = module in ("health", "outcomes") or getattr(instrument, module) is not None
        if not offered:
            yield Fault(f"/modules/{at}", "unknown-module", "The instrument does not offer it.")


def _voices(design: Design) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, voice in enumerate(design.voices):
        if voice.code in seen:
            yield Fault(f"/voices/{at}/code", "code-twice", "Voice codes are unique.")
        seen.add(voice.code)
        group = voice.service_user_group
        if group is not None and group not in codes("service_user_groups"):
            yield Fault(f"/voices/{at}/service_user_group", "unknown-value", "No such group.")


def _days(design: Design) -> Iterator[Fault]:
    last = None
    for name in ("staff", "ranking", "verification"):
        day = getattr(design.closes, name)
        if day is not None and last is not None and day < last:
            yield Fault(f"/closes/{name}", "closes-order", "It comes before the stage before it.")
        last = day or last
