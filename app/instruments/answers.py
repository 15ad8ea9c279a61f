"""Which answers of a member of staff are valid, for one instrument in one evaluation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.errors import Fault, nameable
from app.instruments import codes
from app.instruments.design import Design
from app.instruments.model import Condition, Domain, Instrument, Item, Scale

DONT_KNOW = "dont_know"
NOT_APPLICABLE = "not_applicable"
POINTS_TO_SHARE = 10
_STATEMENT_CHOICES = {"horizon": "horizons", "beneficiaries": "service_user_groups"}
# What a response may hold beside the answers, and the module that asks for it.
_PARTS = {
    "context": "context",
    "statements": "outcomes",
    "unwritten": "outcomes",
    "drivers": "drivers",
    "importance": "importance",
    "depth": "depth",
}


@dataclass(frozen=True)
class Survey:
    """What staff are asked in one evaluation: the instrument as this round uses it.

    Attributes:
        organisations: Codes of the partners, for the questions about depth.
    """

    instrument: Instrument
    design: Design
    organisations: Sequence[str]

    @cached_property
    def domains(self) -> list[Domain]:
        """The domains that are asked, each with the items of the form."""
        if not self.design.asks("health"):
            return []
        if self.design.form == "full":
            return list(self.instrument.domains)
        shortened = [
            (domain, [item for item in domain.items if item.short_form])
            for domain in self.instrument.domains
        ]
        return [Domain(**{**vars(domain), "items": items}) for domain, items in shortened if items]

    @cached_property
    def items(self) -> dict[str, tuple[Item, Scale]]:
        """Every item under `domains` with its scale."""
        scales = self.instrument.scales
        return {
            item.code: (item, scales[domain.scale])
            for domain in self.domains
            for item in domain.items
        }

    @cached_property
    def _valid(self) -> frozenset[tuple[str, int | str]]:
        """Every item with each of its valid answers."""
        return frozenset(
            (code, answer)
            for code, (_, scale) in self.items.items()
            for answer in (*range(scale.min, scale.max + 1), DONT_KNOW, NOT_APPLICABLE)
        )

    @cached_property
    def _conditions(self) -> dict[str, Condition]:
        """The items that are not asked of everybody."""
        return {code: item.show_if for code, (item, _) in self.items.items() if item.show_if}

    @cached_property
    def asked(self) -> frozenset[str]:
        """The members a response may have, apart from attributes."""
        offered = {
            "context": self.instrument.context,
            "statements": True,
            "unwritten": True,
            "drivers": self.instrument.drivers,
            "importance": self.instrument.importance,
            "depth": self.instrument.depth,
        }
        parts = {
            part
            for part, module in _PARTS.items()
            if offered[part] and (self.design.modules is None or module in self.design.modules)
        }
        if self.design.asks("health"):
            parts.add("answers")
        if self.instrument.overall:
            parts.add("overall")
        return frozenset(parts)

    @cached_property
    def attributes(self) -> dict[str, list[str]]:
        """The allowed values of each attribute."""
        return {
            attribute.code: [str(choice.code) for choice in attribute.values]
            for attribute in self.instrument.attributes or []
        }

    def faults(self, response: Mapping[str, Any]) -> list[Fault]:
        """Everything in `response` that this survey does not allow."""
        return [
            *self._unasked(response),
            *self._scaled(response),
            *self._context(response),
            *self._drivers(response),
            *self._importance(response),
            *self._depth(response),
            *self._statements(response),
        ]

    def says_nothing(self, response: Mapping[str, Any]) -> bool:
        """Whether a response holds nothing that counts; an attribute alone says nothing."""
        return says_nothing(response, self.attributes)

    def _unasked(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        for member, value in response.items():
            if member in self.attributes:
                if value not in self.attributes[member]:
                    yield Fault(
                        f"/{member}", "unknown-value", "This is not one of the values offered."
                    )
            elif member not in self.asked:
                yield Fault(*_member(member), "This evaluation does not ask for it.")

    def _scaled(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        answers = response.get("answers") or {}
        # Compared as sets first: nearly every answer is right.
        wrong = answers.items() - self._valid
        for code, value in [given for given in answers.items() if given in wrong] if wrong else []:
            if code not in self.items:
                yield Fault(
                    _pointer("/answers", code), "unknown-item", "The survey has no such item."
                )
            else:
                yield from _off_scale(f"/answers/{code}", value, self.items[code][1])
        for code, condition in self._conditions.items():
            if code in answers and answers.get(condition.item) not in condition.values:
                yield Fault(f"/answers/{code}", "not-asked", "Its condition is not met.")

    def _context(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        context = self.instrument.context
        for code, value in (response.get("context") or {}).items():
            if context is None or code not in {item.code for item in context.items}:
                yield Fault(
                    _pointer("/context", code), "unknown-item", "The survey has no such item."
                )
            else:
                yield from _off_scale(
                    f"/context/{code}", value, self.instrument.scales[context.scale]
                )
        overall, value = self.instrument.overall, response.get("overall")
        if overall is not None and value is not None:
            yield from _off_scale("/overall", value, self.instrument.scales[overall.scale])

    def _drivers(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        drivers = self.instrument.drivers
        if drivers is None or not response.get("drivers"):
            return
        known = {driver.code for driver in drivers.items}
        scale = self.instrument.scales[drivers.scale]
        for side, given in (response.get("drivers") or {}).items():
            for code, value in (given or {}).items():
                if code not in known:
                    yield Fault(
                        _pointer(f"/drivers/{side}", code), "unknown-item", "No such driver."
                    )
                else:
                    pointer = f"/drivers/{side}/{code}"
                    yield from _off_scale(pointer, value, scale, words=(DONT_KNOW,))

    def _importance(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        points = response.get("importance")
        if not points:
            return
        known = {domain.code for domain in self.domains}
        for code in points.keys() - known:
            yield Fault(_pointer("/importance", code), "unknown-item", "No such domain.")
        if sum(points.values()) != POINTS_TO_SHARE:
            yield Fault("/importance", "points-sum", f"The points sum to {POINTS_TO_SHARE}.")

    def _depth(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        for organisation, rungs in (response.get("depth") or {}).items():
            if organisation not in self.organisations:
                yield Fault(
                    _pointer("/depth", organisation), "unknown-item", "No such organisation."
                )
                continue
            for side, rung in rungs.items():
                if rung not in codes("depth"):
                    yield Fault(f"/depth/{organisation}/{side}", "unknown-value", "No such depth.")

    def _statements(self, response: Mapping[str, Any]) -> Iterator[Fault]:
        for number, statement in enumerate(response.get("statements") or []):
            for field, ladder in _STATEMENT_CHOICES.items():
                value = statement.get(field) or []
                for choice in [value] if isinstance(value, str) else value:
                    if choice not in codes(ladder):
                        yield Fault(
                            f"/statements/{number}/{field}", "unknown-value", "No such choice."
                        )


def says_nothing(response: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    """Whether a response holds nothing that counts; an attribute alone says nothing."""
    return not any(_counts(value) for member, value in response.items() if member not in attributes)


def _counts(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_counts(part) for part in value.values())
    if isinstance(value, list):
        return any(_counts(part) for part in value)
    return value is not None and value != ""


def _off_scale(
    pointer: str,
    value: Any,
    scale: Scale,
    *,
    words: Collection[str] = (DONT_KNOW, NOT_APPLICABLE),
) -> Iterator[Fault]:
    if value in words:
        return
    if not isinstance(value, int) or not scale.min <= value <= scale.max:
        yield Fault(pointer, "off-scale", f"The scale goes from {scale.min} to {scale.max}.")


def _pointer(parent: str, member: str) -> str:
    return f"{parent}/{member}" if nameable(member) else parent


def _member(member: str) -> tuple[str, str]:
    known = member in _PARTS or member in ("answers", "overall")
    return _pointer("", member), "not-asked" if known else "unknown-field"
