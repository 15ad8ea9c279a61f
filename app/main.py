"""The service put together."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI

from app import api
from app.api import logs
from app.api.contract import contract
from app.gateways.webhooks import Gateway
from app.security import keys as security
from app.security.credentials import AccessTokens
from app.security.keys import Keys
from app.settings import Settings, SettingsRefused
from app.storage import schema
from app.storage.database import Database
from app.storage.ledgers import Ledgers
from app.use_cases import asked, delivering, ledgers, stages, submissions
from app.use_cases.deployment import Deployment
from app.use_cases.limits import Limits
from app.use_cases.submissions import Accepted
from app.use_cases.tally import Tally
from app.use_cases.writer import Writer

log = logging.getLogger("poet")
# A stage closes itself within the hour after its last day; this is well within it.
CLOSING_EVERY_SECONDS = 300.0
DELIVERING_EVERY_SECONDS = 2.0
_BETWEEN_COLLECTIONS = 50_000  # objects
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


def unsafe(settings: Settings) -> list[str]:
    """What of these settings production refuses to start with."""
    if settings.token_key is None or settings.signing_keys is None:
        return ["POET_TOKEN_KEY and POET_SIGNING_KEYS must be set in production"]
    weak = security.weakness(settings.token_key.get_secret_value())
    return [f"POET_TOKEN_KEY cannot be used in production: {weak}"] if weak else []


def keys_of(settings: Settings) -> Keys:
    """The deployment's keys: as they are set, or made for a development machine.

    Raises:
        SettingsRefused: Production lacks them, or they cannot be used.
    """
    if settings.env == "production" and (reasons := unsafe(settings)):
        raise SettingsRefused("; ".join(reasons))
    if settings.token_key is None and settings.signing_keys is None:
        return security.load_or_make(settings.home)
    if settings.token_key is None or settings.signing_keys is None:
        raise SettingsRefused("POET_TOKEN_KEY and POET_SIGNING_KEYS are set together")
    try:
        return security.derive(
            settings.token_key.get_secret_value(), settings.signing_keys.get_secret_value()
        )
    except ValueError as refused:
        raise SettingsRefused(str(refused)) from None


def database_of(settings: Settings) -> Database:
    """The database, which brings the ledgers of its backups up to date."""
    return Database(settings.database, before_commit=Ledgers(settings.ledger_folder).keep)


def deploy(settings: Settings, *, clock: Clock = utc_now) -> Deployment:
    """Everything that the use cases draw on, for these settings."""
    database = database_of(settings)
    keys = keys_of(settings)
    ledger = ledgers.all_of(keys, Ledgers(settings.ledger_folder))
    kept, tally = asked.KeptRules(), Tally()

    def decide(batch: Sequence[Any]) -> list[Any]:
        with database.batch() as connection:
            results = submissions.record(
                connection, keys, batch, now=clock(), ledger=ledger, kept=kept
            )
        tally.add(sum(isinstance(one, Accepted) and one.counts for one in results))
        return results

    return Deployment(
        database=database,
        keys=keys,
        ledger=ledger,
        access=AccessTokens(keys.signing, issuer=settings.public_url),
        writer=Writer(
            decide,
            limit=settings.queue,
            rest=database.truncate_log,
            relief=database.copy_log,
        ),
        gateway=Gateway(loopback=settings.env == "development"),
        tally=tally,
        clock=clock,
        limits=Limits(settings.rate_limit),
        smallest_group=settings.smallest_group,
        body_limit=settings.body_limit,
        public_url=settings.public_url,
    )


def prepare(settings: Settings) -> None:
    """Make a deployment ready to start: an embedded database is migrated, another must be.

    Raises:
        SettingsRefused: A PostgreSQL has another schema than this version knows.
        BackupFailed: A ledger cannot be read.
    """
    ledgers.all_of(keys_of(settings), Ledgers(settings.ledger_folder))
    if settings.database.startswith("sqlite"):
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        schema.migrate(Database(settings.database))
        return
    if schema.current(Database(settings.database)) != schema.newest():
        raise SettingsRefused("the database has not the newest schema: run `poet migrate` first")


def from_environment() -> FastAPI:
    """The service as the environment sets it up, for each process that serves it."""
    settings = Settings.from_environment()
    logs.install(settings.log_style)
    app = create_app(deploy(settings))
    # What is there now stays for good: a collection need not look at it again, and may be rarer.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    return app


def create_app(
    deployment: Deployment,
    *,
    closing_every: float = CLOSING_EVERY_SECONDS,
    delivering_every: float = DELIVERING_EVERY_SECONDS,
) -> FastAPI:
    """The service, ready to be served."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        deployment.writer.start()
        beside = [
            asyncio.create_task(_close_due(deployment, closing_every)),
            asyncio.create_task(delivering.deliver_forever(deployment, every=delivering_every)),
        ]
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await asyncio.to_thread(deployment.writer.stop)
        deployment.database.dispose()

    app = FastAPI(
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.deployment = deployment
    api.install(app, body_limit=deployment.body_limit)
    contract(app)
    return app


async def _close_due(deployment: Deployment, every: float) -> None:
    """Close what is past its last day, for as long as the service runs."""
    while True:
        try:
            await asyncio.to_thread(stages.close_due, deployment)
        except Exception as failure:
            log.error("closing failed (%s)", type(failure).__name__)
        await asyncio.sleep(every)
