"""The queue of answers and its one writer: many respondents, one durable commit.

Whoever submits waits for a future. The writer's thread takes whatever is waiting when the last
commit returned (there is no timer: an idle service answers at once), decides on all of it in one
transaction, commits, and only then answers each of them. A batch that fails is tried again in
parts, so that one bad row harms nobody else.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.errors import AppError, Unavailable

log = logging.getLogger("poet")

LARGEST_BATCH = 256
IDLE_SECONDS = 1.0
BUSIEST_WITHOUT_REST = 1000
BETWEEN_RELIEFS = 100
_TRIES = 3
Decide = Callable[[Sequence[Any]], list[Any]]


@dataclass(frozen=True)
class _Waiting:
    submissions: Sequence[Any]
    answer: "asyncio.Future[list[Any]]"


class Writer:
    """Commits submissions in groups.

    Args:
        decide: Decides on submissions in one transaction and commits it; one result each, a
            refusal as the exception itself.
        limit: How many may wait; more are told to come back.
        rest: What is done when nothing came for a second, and after a thousand submissions.
        relief: What another thread does meanwhile, after every hundred or so.
    """

    def __init__(
        self,
        decide: Decide,
        *,
        limit: int,
        rest: Callable[[], None] = lambda: None,
        relief: Callable[[], None] = lambda: None,
    ) -> None:
        self._decide = decide
        self._rest = rest
        self._since_rest = 0
        self._relief = relief
        self._since_relief = 0
        self._beside = ThreadPoolExecutor(1, "relief")
        self._relieving: Future[None] | None = None
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._limit = limit
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def full(self) -> bool:
        """Whether as many wait as may."""
        return self._queue.qsize() >= self._limit

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is waiting, then end."""
        self._queue.put(None)
        self._thread.join()
        self._beside.shutdown()

    async def submit(self, submission: Any) -> Any:
        """The result of `submission`, once it is on disk.

        Raises:
            Unavailable: Too many are waiting, or the database cannot be written.
            AppError: It was refused.
        """
        (result,) = await self.submit_all([submission])
        if isinstance(result, AppError):
            raise result
        return result

    async def submit_all(self, submissions: Sequence[Any]) -> list[Any]:
        """The results of what is decided together, once it is on disk; a refusal is a result.

        Raises:
            Unavailable: Too many are waiting.
        """
        if self.full:
            raise Unavailable
        waiting = _Waiting(submissions, asyncio.get_running_loop().create_future())
        self._queue.put(waiting)
        return await waiting.answer

    def _run(self) -> None:
        going = True
        while going:
            first = self._next()
            if first is None:
                break
            batch, size = [first], len(first.submissions)
            while size < LARGEST_BATCH and not self._queue.empty():
                following = self._queue.get_nowait()
                if following is None:
                    going = False
                    break
                batch.append(following)
                size += len(following.submissions)
            _answer(batch, self._results(batch))
            self._ease(size)
        self._take_rest()

    def _next(self) -> _Waiting | None:
        """Whoever waits next; when nobody comes for a second, the rest is taken first."""
        if self._since_rest:
            try:
                return self._queue.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                self._take_rest()
        return self._queue.get()

    def _ease(self, size: int) -> None:
        """Let what is due be done, after so many more submissions."""
        self._since_rest += size
        self._since_relief += size
        if self._since_rest >= BUSIEST_WITHOUT_REST:
            self._take_rest()
        elif self._since_relief >= BETWEEN_RELIEFS and self._idle_beside():
            self._since_relief = 0
            self._relieving = self._beside.submit(_quietly, self._relief)

    def _idle_beside(self) -> bool:
        return self._relieving is None or self._relieving.done()

    def _take_rest(self) -> None:
        self._since_rest = self._since_relief = 0
        _quietly(self._rest)

    def _results(self, batch: list[_Waiting]) -> list[list[Any]]:
        together = [submission for waiting in batch for submission in waiting.submissions]
        try:
            return _shared(batch, self._decide(together))
        except Unavailable:
            # A busy database is nobody's fault, and each by itself would wait for it anew.
            log.warning("a batch failed (Unavailable); trying it again")
            return _shared(batch, self._apart(together))
        except Exception as failure:
            # The class and nothing else: the message of a database error repeats the row.
            log.warning("a batch failed (%s); trying it in parts", type(failure).__name__)
            return [self._apart(waiting.submissions) for waiting in batch]

    def _apart(self, submissions: Sequence[Any]) -> list[Any]:
        """Decide on what one caller sent; where that fails, on each by itself."""
        busy = False
        for _ in range(_TRIES):
            try:
                return self._decide(submissions)
            except Exception as failure:
                log.warning("a submission failed (%s)", type(failure).__name__)
                busy = isinstance(failure, Unavailable)
        if busy or len(submissions) == 1:
            return [Unavailable() for _ in submissions]
        return [result for one in submissions for result in self._apart([one])]


def _quietly(duty: Callable[[], None]) -> None:
    """Do what may fail without harm: the next time does it."""
    try:
        duty()
    except Exception as failure:
        log.warning("%s failed (%s)", duty.__name__, type(failure).__name__)


def _shared(batch: list[_Waiting], results: Sequence[Any]) -> list[list[Any]]:
    """To each who waits, the results of what they sent."""
    following = iter(results)
    return [list(islice(following, len(waiting.submissions))) for waiting in batch]


def _answer(batch: list[_Waiting], results: list[list[Any]]) -> None:
    """Wake everybody who waits; a caller who went away in between is nobody's loss."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, list[Any]]]] = {}
    for waiting, result in zip(batch, results, strict=True):
        by_loop.setdefault(waiting.answer.get_loop(), []).append((waiting, result))
    for loop, answers in by_loop.items():
        loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: list[tuple[_Waiting, list[Any]]]) -> None:
    for waiting, results in answers:
        if not waiting.answer.done():
            waiting.answer.set_result(results)
