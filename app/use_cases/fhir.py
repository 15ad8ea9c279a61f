"""Questionnaires under the addresses by which FHIR knows them."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound, ScopeMissing
from app.formats import fhir
from app.formats.form import Form
from app.security.credentials import Caller
from app.storage.database import Session
from app.use_cases import access, exchange, instruments
from app.use_cases.deployment import Deployment

_EVALUATION = re.compile(r"poet-(staff|ranking|service-user|carer)-([0-9a-f-]{36})")
_VERSION = re.compile(r"[1-9]\d{0,3}")


@dataclass(frozen=True)
class Questionnaires:
    """The questionnaires that a caller may read."""

    session: Session
    deployment: Deployment
    caller: Caller

    def read(self, id: str) -> dict[str, Any]:
        """The Questionnaire with this id, which is the name and the version of a form.

        Raises:
            NotFound: There is none, or it is another's.
            ScopeMissing: The caller may not read such a questionnaire.
            NotRedistributable: The licence of the instrument does not let it be handed on.
        """
        name, _, version = id.rpartition(".")
        if not _VERSION.fullmatch(version):
            raise NotFound
        form = self._of_evaluation(name) or self._of_instrument(name, int(version))
        if form.version != version:
            raise NotFound
        return self._resource(form)

    def search(self, canonical: str | None) -> list[dict[str, Any]]:
        """The Questionnaires with a canonical address, with or without a version.

        Without an address, those of all instruments. What may not be handed on is not among them.

        Raises:
            ScopeMissing: The caller may not read such questionnaires.
        """
        if canonical is None:
            return [self._resource(form) for form in self._of_instruments(None)]
        address, _, version = canonical.partition("|")
        name = address.rpartition("/")[2]
        try:
            form = self._of_evaluation(name)
        except NotFound:
            return []
        found = [form] if form else self._of_instruments(name)
        return [
            self._resource(form)
            for form in found
            if address == exchange.canonical(self.deployment, form)
            and version in ("", form.version)
        ]

    def _of_evaluation(self, name: str) -> Form | None:
        named = _EVALUATION.fullmatch(name)
        if named is None:
            return None
        self._may("evaluations:read")
        try:
            id = uuid.UUID(named[2])
        except ValueError:
            raise NotFound from None
        evaluation = access.evaluation(self.session, self.caller, id)
        return exchange.form_of(self.session, evaluation, named[1].replace("-", "_"))

    def _of_instrument(self, code: str, version: int) -> Form:
        self._may("instruments:read")
        return exchange.instrument_form(self.session, self.caller, (code, version))

    def _of_instruments(self, code: str | None) -> Iterator[Form]:
        self._may("instruments:read")
        for one in instruments.listed(self.session, self.caller, since=None):
            if code in (None, one.code) and one.redistributable:
                yield exchange.instrument_form(self.session, self.caller, (one.code, one.version))

    def _may(self, scope: str) -> None:
        if scope not in self.caller.scopes:
            raise ScopeMissing(needed=[scope])

    def _resource(self, form: Form) -> dict[str, Any]:
        return fhir.export(form, url=exchange.canonical(self.deployment, form))
