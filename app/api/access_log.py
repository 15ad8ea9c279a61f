"""What a server's access log may not say: who among the respondents came when.

`poet serve` writes no access log. Somebody else may start the service under uvicorn with one; then
the lines about respondents, and about addresses with a token in them, are left out.
"""

import logging
from urllib.parse import unquote, unquote_plus

from app.security import tokens

RESPONDENTS = (
    "/v1/questionnaire",
    "/v1/responses",
    "/v1/rankings",
    "/v1/verifications",
    "/v1/receipts",
    "/v1/client.js",
    "/fhir/R4/QuestionnaireResponse",
)
_PRIVACY = "/privacy"
_IMPORT = ":import"  # which may hold a single answer


class MachinesOnly(logging.Filter):
    """Lets pass what uvicorn says about calls of machines."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line may be written: `record.args` are address, method, path and more."""
        if not isinstance(record.args, tuple) or len(record.args) < 3:
            return False
        path, _, query = str(record.args[2]).partition("?")
        path = unquote(path)
        return not (
            of_respondents(path) or tokens.within(path) or tokens.within(unquote_plus(query))
        )


def of_respondents(path: str) -> bool:
    """Whether a call to this path is a respondent's, or may hold a single one's answer."""
    return path.startswith(RESPONDENTS) or path.endswith((_PRIVACY, _IMPORT))


_machines_only = MachinesOnly()


def install() -> None:
    """Leave respondents out of uvicorn's access log, whoever turned it on."""
    logging.getLogger("uvicorn.access").addFilter(_machines_only)
