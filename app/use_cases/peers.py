"""Whom a partnership is compared with: others of its kind, fixed beforehand, never a few."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.instruments import built_in
from app.scoring.benchmarks import BENCHMARK
from app.scoring.peers import Peer, enough_changed, may_follow
from app.storage import benchmarks, instruments
from app.storage.database import Session
from app.storage.tables import Evaluation
from app.use_cases.evaluations import design_of

Strata = dict[str, Any]
# Never widened: other questions give other scores.
SAME = ("instrument", "contents", "form")
# Where too few are alike in all of these, the first no longer counts, then the second, and so on.
WIDENED = ("service_area", "country", "breadth", "depth")


@dataclass(frozen=True)
class Choice:
    """The peers of one benchmark.

    Attributes:
        alike: What they have in common with the own partnership.
        peers: Who they are, and with which round.
        accounts: To how many accounts they belong.
    """

    alike: Strata
    peers: frozenset[Peer]
    accounts: int

    @property
    def enough(self) -> bool:
        """Whether partnerships and accounts are enough to be spoken of."""
        several = len(self.peers) >= BENCHMARK.least_peers
        return several and self.accounts >= BENCHMARK.least_accounts


@dataclass(frozen=True)
class Search:
    """What was found: whom to compare with, if that may be shown, and whoever there is."""

    chosen: Choice | None
    everybody: Choice


@dataclass(frozen=True)
class _Other:
    """A partnership of another account, with the latest round that it shares."""

    peer: Peer
    account: uuid.UUID
    strata: Strata


def strata_of(session: Session, evaluation: Evaluation) -> Strata:
    """What kind of partnership is evaluated, and with which questions."""
    partnership = evaluation.partnership
    return {
        "instrument": evaluation.instrument,
        "contents": _contents(session, partnership.account_id, evaluation.instrument),
        "form": design_of(evaluation).form,
        "depth": (partnership.profile.get("depth") or {}).get("current"),
        "breadth": (partnership.profile.get("breadth") or {}).get("current"),
        "country": partnership.country,
        "service_area": partnership.service_area,
    }


def search(session: Session, evaluation: Evaluation, strata: Strata) -> Search:
    """Find the peers of an evaluation's benchmark: the narrowest kind that has enough of them.

    Where those that there are now differ by only a few from those of a benchmark that the account
    was shown before, the earlier ones of the same kind stay, or the kind is widened: otherwise
    the two benchmarks together would tell the few.
    """
    account = evaluation.partnership.account_id
    same = {name: strata[name] for name in SAME}
    others = _others(session, account, same)
    shown = [_read(edition) for edition in benchmarks.shown_to(session, account)]
    everybody = _choice(same, others)
    for dropped in range(len(WIDENED) + 1):
        kind = {name: _plain(strata[name]) for name in WIDENED[dropped:]}
        # What a partnership does not say of itself, it has in common with nobody.
        if None in kind.values():
            continue
        fitting = [one for one in others if _fits(one.strata, kind)]
        now = _choice(same | kind, fitting)
        chosen = _kept_apart(now, shown) if now.enough else None
        if chosen is not None:
            return Search(chosen, everybody)
    return Search(None, everybody)


def due(found: Search, before: dict[str, Any]) -> bool:
    """Whether so many have changed since a choice was stored that another is worth showing."""
    if found.chosen is None:
        return False
    return enough_changed(
        found.chosen.peers,
        _read(before).peers,
        least=BENCHMARK.least_changed,
        share=BENCHMARK.share_changed,
    )


def stored(choice: Choice) -> dict[str, Any]:
    """A choice as it is stored."""
    peers = [list(peer) for peer in sorted(choice.peers)]
    return {"alike": choice.alike, "accounts": choice.accounts, "peers": peers}


def _read(edition: dict[str, Any]) -> Choice:
    peers = frozenset(Peer(*pair) for pair in edition["peers"])
    return Choice(edition["alike"], peers, edition["accounts"])


def _kept_apart(now: Choice, shown: Sequence[Choice]) -> Choice | None:
    """The choice itself if it may follow what was shown, else the largest shown of its kind."""
    before = [one.peers for one in shown]
    if may_follow(now.peers, before, least=BENCHMARK.least_changed):
        return now
    same_kind = [one for one in shown if one.alike == now.alike and one.peers]
    return max(same_kind, key=lambda one: len(one.peers), default=None)


def _others(session: Session, account: uuid.UUID, same: Strata) -> list[_Other]:
    """The partnerships of other accounts that gave answers to the same questions."""
    latest: dict[uuid.UUID, _Other] = {}
    # Oldest round first, so that the latest stays.
    for row in benchmarks.given_by_others(session, account, same["instrument"]):
        evaluation, partnership, of_account, strata = row
        if all(strata[name] == value for name, value in same.items()):
            peer = Peer(str(partnership), str(evaluation))
            latest[partnership] = _Other(peer, of_account, strata)
    return list(latest.values())


def _choice(alike: Strata, others: Collection[_Other]) -> Choice:
    accounts = {other.account for other in others}
    return Choice(alike, frozenset(other.peer for other in others), len(accounts))


def _fits(strata: Strata, kind: Strata) -> bool:
    return all(_plain(strata[name]) == value for name, value in kind.items())


def _plain(value: str | None) -> str | None:
    """The same words, however they were spaced and capitalised."""
    return None if value is None else " ".join(value.split()).casefold()


def _contents(session: Session, account: uuid.UUID, name: str) -> str | None:
    """What tells questionnaires of one name apart: accounts publish their own."""
    if name in built_in():
        return None
    code, _, version = name.partition("@")
    row = instruments.find(session, account, code, int(version))
    return row.digest if row else None
