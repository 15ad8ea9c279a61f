"""Everything that differs between deployments, read once from the environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

PREFIX = "POET_"
# Kubernetes injects these for a service called "poet"; they are no settings of ours.
_INJECTED = ("POET_PORT", "POET_SERVICE_")


class SettingsRefused(Exception):
    """The environment cannot be used; the message names the variable and never its value."""


class Settings(BaseModel):
    """Read in `main` and `cli` alone and passed on; a misspelt variable stops the start."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Path = Path(".poet")
    database_url: str = ""
    ledgers: Path | None = None
    env: Literal["development", "production"] = "development"
    log: Literal["json", "text"] | None = None
    token_key: SecretStr | None = Field(default=None, min_length=32)
    signing_keys: SecretStr | None = None
    public_url: str = "http://127.0.0.1:8000"
    smallest_group: Annotated[int, Field(ge=5, le=1000)] = 10
    queue: Annotated[int, Field(ge=1, le=1_000_000)] = 2000
    rate_limit: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    body_limit: Annotated[int, Field(ge=1024, le=16 * 1024 * 1024)] = 64 * 1024

    @property
    def database(self) -> str:
        """The database's address: what was set, or the embedded file in `home`."""
        return self.database_url or f"sqlite:///{(self.home / 'poet.sqlite').absolute()}"

    @property
    def ledger_folder(self) -> Path:
        """Where the ledgers of backups lie: what was set, or beside the embedded database."""
        return self.ledgers or self.home / "ledgers"

    @property
    def log_style(self) -> Literal["json", "text"]:
        """What a line of the log looks like: what was set, or what suits whoever reads it."""
        return self.log or ("json" if self.env == "production" else "text")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Build settings from the `POET_*` variables; `…_FILE` names a file that holds a secret.

        Raises:
            SettingsRefused: A variable is unknown or its value is not allowed.
        """
        values: dict[str, str] = {}
        for name, value in environment.items():
            if not name.startswith(PREFIX) or name.startswith(_INJECTED):
                continue
            key = name.removeprefix(PREFIX).lower()
            if key.endswith("_file"):
                values[key.removesuffix("_file")] = _contents(name, value)
            else:
                values[key] = value
        try:
            return cls.model_validate(values)
        except ValidationError as refused:
            raise SettingsRefused(_one_line(refused)) from None


def _contents(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsRefused(f"{name} names a file that cannot be read") from None


def _one_line(refused: ValidationError) -> str:
    """The faults without the values, which may be secrets."""
    return "; ".join(
        f"{PREFIX}{'_'.join(str(part) for part in fault['loc']).upper()}: "
        + ("no such setting" if fault["type"] == "extra_forbidden" else fault["msg"])
        for fault in refused.errors(include_input=False, include_url=False)
    )
