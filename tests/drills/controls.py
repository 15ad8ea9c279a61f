"""Services with a fault, which the drills must find. They are run instead of `poet serve`."""

import dataclasses
import logging
import os
import threading
import time
import warnings

import uvicorn

from app import main
from app.settings import Settings
from app.storage import database, submitting
from app.use_cases import partnerships, submissions
from app.use_cases.writer import Writer
from tests.drills import processes

HUSH = "hush-hush"  # stands for what somebody sent
_BETWEEN_SECONDS = 0.1


def spends_and_keeps_apart(arguments, environment, output):
    """Spends tokens in one transaction and keeps the answers in the next."""
    processes.into(output)
    os.environ.update(environment)
    deployment, answers, add = main.deploy(Settings.from_environment()), [], submitting.add

    def decide(batch):
        with deployment.database.batch() as connection:
            results = submissions.record(connection, deployment.keys, batch, now=main.utc_now())
        time.sleep(_BETWEEN_SECONDS)  # so that few kills are enough
        with deployment.database.batch() as connection:
            while answers:
                add(connection, *answers.pop())
        return results

    submitting.add = lambda _, *answer: answers.append(answer)
    writer = Writer(decide, limit=2000)
    app = main.create_app(dataclasses.replace(deployment, writer=writer))
    uvicorn.run(app, port=int(arguments[-1]), access_log=False)


def remembers_by_itself_what_is_used(arguments, environment, output):
    """Asks the database who may answer, and its own memory who has answered."""
    used, look_up = set(), submitting.look_up

    def unused(connection, *, tokens, keys):
        return look_up(connection, tokens=set(tokens) - used, keys=keys)

    def use(connection, fingerprints):
        used.update(fingerprints)
        return len(fingerprints)

    submitting.look_up, submitting.spend = unused, use
    processes.command(arguments, environment, output)


def acknowledges_before_it_is_on_disk(arguments, environment, output):
    """Leaves it to the system when a commit reaches the disk."""
    settings = (setting.replace("FULL", "NORMAL") for setting in database._SQLITE_SETTINGS)
    database._SQLITE_SETTINGS = tuple(settings)
    processes.command(arguments, environment, output)


def fails_with_what_it_was_sent(arguments, environment, output):
    """Fails in every place where it can, and says in each what it was sent."""

    def fail(*_, **what):
        what = f"{HUSH}\n{HUSH} {what}"
        threading.Thread(target=_raise, args=(what,)).start()
        logging.getLogger("somebody's").warning("this\n%s", what)
        warnings.warn(what, stacklevel=2)
        _raise(what)

    partnerships.listed = fail
    processes.command(arguments, environment, output)


def _raise(what):
    try:
        raise ValueError(what)
    except ValueError:
        logging.getLogger("somebody's").exception("that")
        raise
