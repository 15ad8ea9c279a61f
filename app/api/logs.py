"""What the service writes on standard error: one line an event, and of respondents nothing.

Of a failure a line has the class and nothing else: the message of an exception, its traceback, or
what stands in a second line of a message may repeat what somebody sent.
"""

import json
import logging
import threading
from datetime import UTC, datetime
from typing import Any, Literal

Style = Literal["json", "text"]
log = logging.getLogger("poet")
# Asked by whoever watches the service, every few seconds.
PROBES = {"/livez", "/readyz", "/metrics"}
_OF_THE_SERVER = ("uvicorn", "uvicorn.error")
_TALKATIVE = ("alembic", "httpx")


class Lines(logging.Formatter):
    """Writes a record as one line, a JSON object or text."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._lines = style

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        level, said = record.levelname.lower(), record.getMessage().partition("\n")[0]
        if record.name == "py.warnings":
            said = ": ".join(said.split(": ")[:2])  # where it is, and its class
        facts: dict[str, Any] = dict(getattr(record, "facts", {}))
        if record.exc_info and record.exc_info[0]:
            facts["error"] = record.exc_info[0].__name__
        if self._lines == "json":
            return json.dumps({"time": moment, "level": level, "message": said, **facts})
        return " ".join([moment, level, said, *(f"{name}={fact}" for name, fact in facts.items())])


def called(method: str, route: str, status: int, seconds: float, *, client: str) -> None:
    """Write down a call of a machine that has shown who it is.

    Args:
        route: With the names of what varies in it, not with what was asked for.
    """
    if route not in PROBES:
        facts = {
            "client": client,
            "method": method,
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
        }
        log.info("call", extra={"facts": facts})


def install(style: Style) -> None:
    """Let everything in this process that writes a log write such lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(style))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _OF_THE_SERVER:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    logging.raiseExceptions = False
    threading.excepthook = _thread_failed


def _thread_failed(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_type is not SystemExit:
        log.error("a thread failed", extra={"facts": {"error": failed.exc_type.__name__}})
