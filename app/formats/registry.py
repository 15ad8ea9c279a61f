"""The formats by name: how a form is written in each, and which of them an answer may come in."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.errors import NotFound
from app.formats import fhir, limesurvey, redcap, surveyjs, xlsform
from app.formats.form import Form, Reading
from app.formats.media_types import FHIR_JSON

_JSON = "application/json"


@dataclass(frozen=True)
class Wish:
    """How a form is to be written.

    Attributes:
        url: Its canonical address.
        language: For a format that has one language alone; the form's first where none is named.
    """

    url: str
    language: str | None = None


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes:
        media_type: Of what is exported.
        suffix: How the name of its file ends.
        write: The bytes of a form.
        read: The answer in a document of the tool, where one may be sent as it is; the last
            argument is the form's canonical address.
    """

    media_type: str
    suffix: str
    write: Callable[[Form, Wish], bytes]
    read: Callable[[Form, Any, str], Reading] | None = None

    def answer(self, form: Form, document: Any, url: str) -> Reading:
        """The answer in a document of the tool.

        Raises:
            Invalid: It is no answer to this form.
            NotFound: No answers come in this format by themselves.
        """
        if self.read is None:
            raise NotFound
        return self.read(form, document, url)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


FORMATS = {
    "surveyjs": Format(
        _JSON,
        "json",
        lambda form, _: _json(surveyjs.export(form)),
        lambda form, document, _: surveyjs.read(form, document),
    ),
    "fhir-r4": Format(
        FHIR_JSON,
        "json",
        lambda form, wish: _json(fhir.export(form, url=wish.url)),
        lambda form, document, url: fhir.read(form, document, url=url),
    ),
    "xlsform": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        lambda form, _: xlsform.export(form),
    ),
    "limesurvey": Format(
        "text/tab-separated-values", "txt", lambda form, _: limesurvey.export(form)
    ),
    "redcap": Format(
        "text/csv", "csv", lambda form, wish: redcap.export(form, language=wish.language)
    ),
}
