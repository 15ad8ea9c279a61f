"""Plain sentences about a partnership beside others like it, never about which is better."""

from typing import Any

from app.instruments import texts
from app.use_cases.reports.words import Said, more

_CAVEATS = ("who_shares", "chance_only", "conventions", "not_validated", "do_not_rank")


def headline(report: dict[str, Any]) -> list[Said]:
    """How many others there are, or that there are too few."""
    partnerships = report["peers"]["partnerships"]
    if report["not_enough_peers"]:
        few = {
            "en": "Too few partnerships like this one have shared their figures; nothing can be "
            "compared yet.",
            "cy": "Mae rhy ychydig o bartneriaethau tebyg wedi rhannu eu ffigurau; ni ellir "
            "cymharu dim eto.",
        }
        return [few]
    count = partnerships["at_least"]
    return [
        {
            "en": f"Compared with {count} or more partnerships of other accounts.",
            "cy": f"Cymharwyd â {count} neu fwy o bartneriaethau cyfrifon eraill.",
        }
    ]


def domain(members: dict[str, Any]) -> Said:
    """The own score of a domain and that of the others."""
    label = members["label"]
    own = {"en": "cannot be shown here", "cy": "ni ellir ei ddangos yma"}
    if "score" in members:
        own = {
            "en": f"{more(members, 'en')}{members['score']} here",
            "cy": f"{more(members, 'cy')}{members['score']} yma",
        }
    others = {
        "en": "one partnership counts for too much to show the others",
        "cy": "mae un bartneriaeth yn cyfrif gormod i ddangos y lleill",
    }
    if members["pooled"] is not None:
        value, ends = members["pooled"]["score"], members["pooled"]["interval"]
        low, high = ends["from"], ends["to"]
        others = {
            "en": f"partnerships like this: {value} ({low} to {high})",
            "cy": f"partneriaethau tebyg: {value} ({low} i {high})",
        }
    return {
        "en": f"{label['en']}: {own['en']}; {others['en']}.",
        "cy": f"{label.get('cy', label['en'])}: {own['cy']}; {others['cy']}.",
    }


def caveats() -> list[Said]:
    """The fixed caveats of a benchmark."""
    return [dict(texts("caveats")[code]) for code in _CAVEATS]
