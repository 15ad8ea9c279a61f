"""Process and outcome together: does what happened fit the partnership's own theory?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.scoring.bands import Band
from app.scoring.verdicts import DeliveryVerdict

Finding = Literal[
    "consistent_with_theory",
    "theory_in_question",
    "implementation_in_question",
    "delivered_otherwise",
    "cannot_say",
]
Why = Literal["process_unclear", "delivery_unknown", "too_early", "too_few"]

# A theory can be doubted only where the processes that it counts on are in place, whole.
_TABLE: Final[dict[tuple[Band, DeliveryVerdict], Finding]] = {
    ("celebrate", "delivered"): "consistent_with_theory",
    ("celebrate", "partly"): "theory_in_question",
    ("celebrate", "not_delivered"): "theory_in_question",
    ("middling", "delivered"): "consistent_with_theory",
    ("middling", "partly"): "implementation_in_question",
    ("middling", "not_delivered"): "implementation_in_question",
    ("develop", "delivered"): "delivered_otherwise",
    ("develop", "partly"): "implementation_in_question",
    ("develop", "not_delivered"): "implementation_in_question",
}


@dataclass(frozen=True)
class Combination:
    """What process and delivery say together; `why` only where they cannot say anything."""

    finding: Finding
    why: Why | None


def process_band(bands: Sequence[Band | None]) -> Band | None:
    """Name one band for all the domains that an outcome's theory counts on.

    Args:
        bands: The band of each domain named; None for a domain with too few people.

    Returns:
        The weakest link, since a theory that names several domains needs them all: `develop`
        as soon as one is, whatever is not known of the others; then None (too few) or
        `unclear` as soon as one is; then `middling`; `celebrate` only if all are. `unclear` if
        no domain is named.
    """
    weakest_first: tuple[Band | None, ...] = ("develop", None, "unclear", "middling", "celebrate")
    return next((band for band in weakest_first if band in bands), "unclear")


def combination(process: Band | None, delivered: DeliveryVerdict | None) -> Combination:
    """Join the band of the processes with the verdict on the outcome.

    Args:
        process: Band of the domains that the theory counts on; None for too few people.
        delivered: Verdict on delivery; None for too few people.

    Returns:
        The finding. Where more than one reason forbids one, `why` is the first of too early,
        too few, delivery unknown, process unclear.

    Source:
        Suchman, E. A. (1967). Evaluative Research. Russell Sage Foundation: theory failure is
        told from programme failure by whether the programme was carried out. Weiss, C. H.
        (1995). Nothing as practical as good theory. In Connell et al. (eds.), New Approaches to
        Evaluating Community Initiatives, Aspen Institute, 65-92.
    """
    why = _why_not(process, delivered)
    if why is not None or process is None or delivered is None:
        return Combination("cannot_say", why)
    return Combination(_TABLE[process, delivered], None)


def _why_not(process: Band | None, delivered: DeliveryVerdict | None) -> Why | None:
    if delivered == "too_early":
        return "too_early"
    if process is None or delivered is None:
        return "too_few"
    if delivered == "unknown":
        return "delivery_unknown"
    return "process_unclear" if process == "unclear" else None
