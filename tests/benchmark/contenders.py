"""The services that take the same answers: the yardstick, two textbook ones, and this one.

Each is an ASGI application made by a function of an environment variable `DATABASE`, so that
uvicorn can start it in a process of its own. All commit durably before they answer.
"""

import os
import secrets
import sqlite3
import time

import psycopg
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import LargeBinary, create_engine, delete, event, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import main

DATABASE = os.environ.get("DATABASE", "")
COMMIT_SECONDS = float(os.environ.get("COMMIT_SECONDS", "0"))  # what a slower disk would add
SQLITE = "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"


def _slower_commits(engine):
    """Let every commit of an engine take as much longer as the benchmark wants."""
    if COMMIT_SECONDS:
        event.listen(engine, "commit", lambda _: time.sleep(COMMIT_SECONDS))


def echo():
    """Nothing written and nothing checked: what the server itself can do. /N is N bytes long."""

    async def answer(request):
        return Response(b" " * request.path_params["size"], media_type="application/json")

    return Starlette(routes=[Route("/{size:int}", answer)])


def bare():
    """Starlette and the driver: one durable commit a request, nothing checked. The yardstick."""
    if DATABASE.startswith("sqlite"):
        connection = sqlite3.connect(DATABASE.removeprefix("sqlite:///"), isolation_level=None)
        for setting in SQLITE:
            connection.execute(setting)
        connection.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB, body BLOB)")
        statement = "INSERT INTO answers VALUES (?, ?)"
    else:
        connection = psycopg.connect(DATABASE, autocommit=True)
        connection.execute("CREATE TABLE IF NOT EXISTS answers (key bytea, body bytea)")
        statement = "INSERT INTO answers VALUES (%s, %s)"

    async def answer(request):
        connection.execute(statement, (secrets.token_bytes(16), await request.body()))
        if COMMIT_SECONDS:
            time.sleep(COMMIT_SECONDS)
        return JSONResponse({"receipt": "0"}, 201)

    return Starlette(routes=[Route("/v1/responses", answer, methods=["POST"])])


class Base(DeclarativeBase):
    """Tables of the textbook services."""


class Token(Base):
    """A token, in the clear."""

    __tablename__ = "textbook_tokens"
    token: Mapped[str] = mapped_column(primary_key=True)


class Answer(Base):
    """A response as JSON."""

    __tablename__ = "textbook_answers"
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    body: Mapped[str]


class Body(BaseModel):
    """What is answered."""

    role: str
    overall: int
    answers: dict[str, int]


def _engine():
    url = DATABASE.replace("postgresql://", "postgresql+psycopg://", 1)
    options = {"connect_args": {"timeout": 30}} if url.startswith("sqlite") else {"pool_size": 20}
    engine = create_engine(url, **options)
    if url.startswith("sqlite"):

        @event.listens_for(engine, "connect")
        def prepare(connection, _):
            for setting in SQLITE:
                connection.execute(setting)

    _slower_commits(engine)
    return engine


def orm():
    """The textbook: a session a request, the token looked up and deleted, one commit."""
    engine, app = _engine(), FastAPI()

    def session():
        with Session(engine) as opened:
            yield opened

    @app.post("/v1/responses", status_code=201)
    def answer(body: Body, authorization: str = Header(), session: Session = Depends(session)):
        token = session.get(Token, authorization.removeprefix("Bearer "))
        if token is None:
            raise HTTPException(410)
        session.delete(token)
        session.add(Answer(id=secrets.token_bytes(16), body=body.model_dump_json()))
        session.commit()
        return {"receipt": "0"}

    return app


def core():
    """The same with SQLAlchemy Core."""
    engine, app = _engine(), FastAPI()

    @app.post("/v1/responses", status_code=201)
    def answer(body: Body, authorization: str = Header()):
        with engine.begin() as connection:
            token = authorization.removeprefix("Bearer ")
            if connection.execute(delete(Token).where(Token.token == token)).rowcount == 0:
                raise HTTPException(410)
            row = {"id": secrets.token_bytes(16), "body": body.model_dump_json()}
            connection.execute(insert(Answer), row)
        return {"receipt": "0"}

    return app


def ours():
    """This service, whole: token, key, validation, sealing, storage that keeps no order."""
    app = main.from_environment()
    _slower_commits(app.state.deployment.database.engine)
    return app


def textbook_tables(url, tokens):
    """Make the tables of the textbook services, with these tokens."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Token), [{"token": token} for token in tokens])
    engine.dispose()
