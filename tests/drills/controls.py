"""Services with a fault, which the drills must find. They are run instead of `poet serve`."""

import dataclasses
import os
import time
from types import SimpleNamespace

import uvicorn

from app import main
from app.settings import Settings
from app.storage import database, responses
from app.use_cases import submissions
from app.use_cases.writer import Writer
from tests.drills import processes

_BETWEEN_SECONDS = 0.1


def spends_and_keeps_apart(arguments, environment, output):
    """Spends tokens in one transaction and keeps the answers in the next."""
    processes.into(output)
    os.environ.update(environment)
    deployment, answers = main.deploy(Settings.from_environment()), []

    def decide(batch):
        with deployment.database.writing() as session:
            results = submissions.record(session, deployment.keys, batch, now=main.utc_now())
        time.sleep(_BETWEEN_SECONDS)  # so that few kills are enough
        with deployment.database.writing() as session:
            while answers:
                responses.add(session, *answers.pop())
        return results

    later = {"add": lambda _, *answer: answers.append(answer)}
    submissions.responses = SimpleNamespace(**(vars(responses) | later))
    writer = Writer(decide, limit=2000)
    app = main.create_app(dataclasses.replace(deployment, writer=writer))
    uvicorn.run(app, port=int(arguments[-1]), access_log=False)


def acknowledges_before_it_is_on_disk(arguments, environment, output):
    """Leaves it to the system when a commit reaches the disk."""
    settings = (setting.replace("FULL", "NORMAL") for setting in database._SQLITE_SETTINGS)
    database._SQLITE_SETTINGS = tuple(settings)
    processes.command(arguments, environment, output)
