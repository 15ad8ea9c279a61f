"""What an instrument must be before it can be published, beyond its shape."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from app.errors import Fault
from app.instruments.model import Driver, Instrument, Item, Scale

MOST_ITEMS = 200
MOST_POINTS = 11
# Members of a response, what forms ask beside its questions, and LimeSurvey's own codes.
_RESERVED = frozenset(
    [
        "answers",
        "context",
        "overall",
        "statements",
        "unwritten",
        "drivers",
        "importance",
        "depth",
        "group",
        "poetform",
        "poetkey",
        "id",
        "lang",
        "lastpage",
        "lid",
        "sid",
        "seed",
        "startdate",
        "submitdate",
        "datestamp",
        "time",
        "token",
        "tid",
    ]
)


def faults(instrument: Instrument) -> list[Fault]:
    """Everything that stands in the way of publishing `instrument`."""
    return [
        *_scales(instrument),
        *_codes(instrument),
        *_references(instrument),
        *_conditions(instrument),
        *missing_languages(instrument),
    ]


def items_of(instrument: Instrument) -> Iterator[tuple[str, Item, str]]:
    """Each item of the domains and the context: its pointer, itself and its scale's code."""
    for at, domain in enumerate(instrument.domains):
        for number, item in enumerate(domain.items):
            yield f"/domains/{at}/items/{number}", item, domain.scale
    if instrument.context:
        for number, item in enumerate(instrument.context.items):
            yield f"/context/items/{number}", item, instrument.context.scale


def missing_languages(instrument: Instrument) -> Iterator[Fault]:
    """Each text that lacks a language which the instrument declares."""
    for pointer, texts in _texts(vars(instrument), ""):
        for language in instrument.languages:
            if language not in texts:
                yield Fault(pointer, "translation-missing", f"The text is missing in '{language}'.")


def _texts(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Every map of texts by language below `value`, with its pointer."""
    if isinstance(value, dict):
        if value and all(isinstance(text, str) for text in value.values()):
            yield pointer, value
            return
        children = value.items()
    elif isinstance(value, list):
        children = {str(at): part for at, part in enumerate(value)}.items()
    elif isinstance(value, Scale):
        children = {}.items()
    else:
        children = vars(value).items() if hasattr(value, "__dict__") else {}.items()
    for name, child in children:
        yield from _texts(child, f"{pointer}/{name}")


def _scales(instrument: Instrument) -> Iterator[Fault]:
    for code, scale in instrument.scales.items():
        pointer = f"/scales/{code}"
        if not 2 <= scale.points <= MOST_POINTS:
            yield Fault(pointer, "scale-size", f"A scale has 2 to {MOST_POINTS} points.")
        for language in instrument.languages:
            if len(scale.labels.get(language, [])) != scale.points:
                yield Fault(
                    f"{pointer}/labels",
                    "scale-labels",
                    f"Each point needs one label in '{language}'.",
                )


def _codes(instrument: Instrument) -> Iterator[Fault]:
    items = [(f"{pointer}/code", item.code) for pointer, item, _ in items_of(instrument)]
    if len(items) > MOST_ITEMS:
        yield Fault("/domains", "too-many-items", f"An instrument has at most {MOST_ITEMS} items.")
    domains = _named("/domains", instrument.domains)
    attributes = _named("/attributes", instrument.attributes or [])
    yield from _twice("Item", items)
    yield from _twice("Domain", domains)
    yield from _twice("Attribute", attributes)
    yield from _twice("Driver", _named("/drivers/items", _drivers(instrument)))
    for at, attribute in enumerate(instrument.attributes or []):
        yield from _twice("Value", _named(f"/attributes/{at}/values", attribute.values))
    for pointer, code in [*items, *domains, *attributes]:
        if code in _RESERVED or code == "organisation":
            yield Fault(pointer, "code-reserved", "This code has another meaning; choose another.")
    for code in instrument.scales:
        if code in ("en", *instrument.languages):
            yield Fault(f"/scales/{code}", "code-reserved", "This is a language; choose another.")


def _drivers(instrument: Instrument) -> Sequence[Driver]:
    return instrument.drivers.items if instrument.drivers else []


def _named(pointer: str, parts: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(f"{pointer}/{at}/code", part.code) for at, part in enumerate(parts)]


def _twice(kind: str, named: Sequence[tuple[str, Any]]) -> Iterator[Fault]:
    seen = Counter(code for _, code in named)
    for pointer, code in named:
        if seen[code] > 1:
            yield Fault(pointer, "code-twice", f"{kind} codes are unique.")


def _references(instrument: Instrument) -> Iterator[Fault]:
    named = [(f"/domains/{at}/scale", part.scale) for at, part in enumerate(instrument.domains)]
    for name in ("context", "overall", "drivers"):
        part = getattr(instrument, name)
        if part is not None:
            named.append((f"/{name}/scale", part.scale))
    for pointer, scale in named:
        if scale not in instrument.scales:
            yield Fault(pointer, "scale-unknown", "The instrument has no scale with this code.")


def _conditions(instrument: Instrument) -> Iterator[Fault]:
    earlier: dict[str, Scale | None] = {}
    for pointer, item, code in items_of(instrument):
        condition = item.show_if
        if condition and condition.item not in earlier:
            yield Fault(
                f"{pointer}/show_if/item", "condition-unknown", "It must name an earlier item."
            )
        scale = earlier.get(condition.item) if condition else None
        if condition and scale and not all(scale.min <= v <= scale.max for v in condition.values):
            yield Fault(f"{pointer}/show_if/in", "off-scale", "The earlier item's scale lacks it.")
        earlier[item.code] = instrument.scales.get(code)
