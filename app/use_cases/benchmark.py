"""The benchmark of an evaluation: reckoned when it concludes, and again when peers have changed."""

import json
import uuid

from app.errors import BenchmarkNotShared
from app.security import chance
from app.security.credentials import Caller
from app.storage import benchmarks
from app.storage import reports as published
from app.storage.database import Session
from app.storage.tables import Benchmark, Evaluation
from app.use_cases import access, peers
from app.use_cases.evaluations import design_of
from app.use_cases.reports import Stored, benchmark, canonical


def conclude(session: Session, evaluation: Evaluation) -> None:
    """Let an evaluation that agreed to it take part in benchmarks, and reckon its own."""
    if design_of(evaluation).shares:
        _renew(session, evaluation, _begun(session, evaluation))


def read(session: Session, caller: Caller, evaluation_id: uuid.UUID) -> Stored:
    """The benchmark, renewed if enough partnerships have changed since.

    Raises:
        NotFound: There is no such evaluation, or it is another's.
        WrongStage: It is not concluded.
        BenchmarkNotShared: It gives nothing to the benchmarks of others.
    """
    evaluation = access.evaluation(session, caller, evaluation_id, lock=True)
    access.in_stage(evaluation, ("concluded",))
    if not design_of(evaluation).shares:
        raise BenchmarkNotShared
    row = benchmarks.find(session, evaluation.id) or _begun(session, evaluation)
    _renew(session, evaluation, row)
    return Stored(row.digest, row.body)


def _begun(session: Session, evaluation: Evaluation) -> Benchmark:
    """The evaluation's part in benchmarks, nothing reckoned yet."""
    return Benchmark(
        evaluation_id=evaluation.id,
        strata=peers.strata_of(session, evaluation),
        figures=benchmark.given(_health(session, evaluation)),
        shown=[],
        digest="",
        body=b"",
    )


def _renew(session: Session, evaluation: Evaluation, row: Benchmark) -> None:
    """Reckon the benchmark unless what stands rests on peers of whom too few have changed.

    Without enough peers no figure was shown, so whenever there are enough one may be.
    """
    found = peers.search(session, evaluation, row.strata)
    if row.shown and not peers.due(found, row.shown[-1]):
        return
    ids = [uuid.UUID(peer.evaluation) for peer in found.chosen.peers] if found.chosen else []
    document = benchmark.report(
        _health(session, evaluation), row.strata, found, benchmarks.figures(session, ids)
    )
    row.digest = chance.digest(canonical(document))
    row.body = json.dumps({**document, "digest": row.digest}, ensure_ascii=False).encode()
    if found.chosen:
        row.shown = [*row.shown, peers.stored(found.chosen)]
    benchmarks.save(session, row)


def _health(session: Session, evaluation: Evaluation) -> dict[str, object]:
    report = published.find(session, evaluation.id, "health", "")
    if report is None:
        raise LookupError("a concluded evaluation has its health report")
    return json.loads(report.body)  # type: ignore[no-any-return]
