"""Places: how many answers a group or voice may give, and who draws one without a token."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field

from app.errors import Fault, TokensExhausted
from app.security import receipts
from app.security.keys import Keys
from app.storage import tokens
from app.storage.database import Session
from app.storage.tables import Evaluation, Issuance
from app.storage.tokens import Right
from app.use_cases.evaluations import design_of, groups

_OF_STAFF = ("staff", "ranking")


@dataclass(frozen=True)
class Place:
    """A place in a group or voice, which may have so many in all, with a token or without."""

    right: Right
    quota: int


def quota(people: int) -> int:
    """How many places a group or voice has: its people, and an allowance for lost letters."""
    return people + max(5, people // 10)


def people(evaluation: Evaluation, audience: str) -> dict[str, int]:
    """How many people each group, or each voice of this audience, has."""
    if audience in _OF_STAFF:
        return {group.code: group.headcount or 0 for group in groups(evaluation)}
    voices = design_of(evaluation).voices
    return {voice.code: voice.invited for voice in voices if voice.audience == audience}


def unknown(audience: str) -> Fault:
    """That there is no such group, or no such voice."""
    if audience in _OF_STAFF:
        return Fault("/group", "unknown-group", "No such group.")
    return Fault("/voice", "unknown-voice", "No such voice.")


@dataclass
class _Left:
    """What is left of a place: unspent tokens, then places that no token was issued for."""

    unspent: list[bytes]
    places: int
    taken: int = 0


@dataclass
class Drawing:
    """What one batch draws: tokens that nobody has used, then places that were never issued.

    The evaluation is held by the caller, so nobody else gives the same places away.

    Attributes:
        wanted: How often the batch could draw each place.
        presented: Fingerprints of the tokens that the batch brings itself; they are left alone.
    """

    session: Session
    keys: Keys
    wanted: Counter[Place]
    presented: Set[bytes]
    left: dict[Place, _Left] = field(default_factory=dict)

    def draw(self, place: Place) -> bytes | None:
        """A token to be spent, or None for a place without one.

        Raises:
            TokensExhausted: Every place was issued or taken.
        """
        left = self.left.get(place) or self._left(place)
        if left.unspent:
            return left.unspent.pop()
        if left.taken >= left.places:
            raise TokensExhausted(left=0)
        left.taken += 1
        return None

    def keep(self) -> None:
        """Count the places that were taken without a token as issued."""
        for place, left in self.left.items():
            if left.taken:
                of = place.right
                issuance = Issuance(
                    call=self._call(of),
                    evaluation_id=of.evaluation,
                    audience=of.audience,
                    cell=of.cell,
                    count=left.taken,
                )
                tokens.count(self.session, issuance)

    def _left(self, place: Place) -> _Left:
        of = place.right
        issued = tokens.issued(self.session, of.evaluation, of.audience, of.cell)
        before = tokens.issuance(self.session, self._call(of))
        found: list[bytes] = []
        if issued > (before.count if before else 0):
            most = self.wanted[place] + len(self.presented)
            found = tokens.unspent(self.session, of, most=most)
        unspent = [one for one in found if one not in self.presented]
        self.left[place] = _Left(unspent, place.quota - issued)
        return self.left[place]

    def _call(self, of: Right) -> bytes:
        """Under what the places of a group or voice are counted that no token was issued for."""
        # No call's own key has a slash.
        call = f"{of.evaluation}/{of.audience}/{of.cell}"
        return receipts.fingerprint(self.keys.issuing, call)
