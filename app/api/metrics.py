"""What a monitoring system may know: each call of a machine, and of respondents steps alone.

A counter that moved by one would tell, to whoever reads it twice, that somebody answered in
between. So what counts respondents moves by a hundred at a time, over all evaluations together (the
answers that were taken once a day at most), and nothing says how long one of them took. Every
process counts for itself and says which it is.
"""

import os
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from time import perf_counter
from typing import Any

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request

from app.api import logs
from app.api.access_log import of_respondents
from app.api.dependencies import CALLER, ReadsMetrics
from app.api.routes import machine, router
from app.use_cases.deployment import Deployment
from app.use_cases.tally import STEP

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
routes = router("Status", prefix="")


class Metrics:
    """The counters of one process."""

    def __init__(self, deployment: Deployment) -> None:
        self.registry = CollectorRegistry()
        process = {"process": str(os.getpid())}
        self._calls = Histogram(
            "poet_call_seconds",
            "Calls of machines.",
            ["process", "method", "route", "status"],
            registry=self.registry,
        )
        self._process = process
        self.registry.register(_Answers(deployment, process))
        self._turned_away = _Stepped(
            "poet_turned_away", "Calls of respondents answered 503.", self.registry, process
        )

    def machine_called(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a call of a machine."""
        labels = {**self._process, "method": method, "route": route, "status": str(status)}
        self._calls.labels(**labels).observe(seconds)

    def respondent_called(self, status: int) -> None:
        """Count a call of a respondent, as far as that is counted at all."""
        if status == 503:
            self._turned_away.count()


class _Answers(Collector):
    """The answers that were taken, as far as the tally tells."""

    def __init__(self, deployment: Deployment, labels: dict[str, str]) -> None:
        self._deployment, self._labels = deployment, labels

    def collect(self) -> Iterator[Metric]:
        says = f"Answers taken. Moves by multiples of {STEP}, once a day."
        shown = CounterMetricFamily("poet_answers", says, labels=list(self._labels))
        told = self._deployment.tally.told(self._deployment.clock().date())
        shown.add_metric(list(self._labels.values()), told)
        yield shown


class _Stepped:
    """A counter that moves by `STEP` when `STEP` more have come."""

    def __init__(
        self, name: str, says: str, registry: CollectorRegistry, labels: dict[str, str]
    ) -> None:
        counter = Counter(name, f"{says} Moves by {STEP}.", list(labels), registry=registry)
        self._shown = counter.labels(**labels)
        self._since = 0

    def count(self) -> None:
        self._since += 1
        if self._since == STEP:
            self._shown.inc(STEP)
            self._since = 0


class Measured:
    """Wraps the whole service, counts what it answers, and writes down the calls of machines."""

    def __init__(self, app: Callable[..., Awaitable[None]], *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        await self._app(scope, receive, noting)
        if of_respondents(scope["path"]):
            self._metrics.respondent_called(status)
        else:
            route = getattr(scope.get("route"), "path", "none")
            seconds = perf_counter() - started
            self._metrics.machine_called(scope["method"], route, status, seconds)
            if client := scope.get(CALLER):
                logs.called(scope["method"], route, status, seconds, client=client)


def install(app: FastAPI) -> None:
    """Let `app` count what it answers."""
    app.state.metrics = Metrics(app.state.deployment)
    app.add_middleware(Measured, metrics=app.state.metrics)


@routes.get(
    "/metrics",
    summary="Read the metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **machine()},
)
async def read_metrics(caller: ReadsMetrics, request: Request) -> Response:
    """For Prometheus, which fetches access tokens by itself. Answers are told in steps, daily."""
    text = generate_latest(request.app.state.metrics.registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST)
