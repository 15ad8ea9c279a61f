"""Plain sentences about a plan, in English and Welsh, made by rule from its numbers."""

from typing import Any

from app.scoring.forecast import Forecast, Plan
from app.scoring.samples import Aim

Said = dict[str, str]

# A cell whose chance of being shown by itself is at least, or at most, so much.
_PROBABLY = 0.8
_HARDLY = 0.2


def sample_size(reply: dict[str, Any], aim: Aim) -> Said:
    """How many to invite, and how far figures may then be out."""
    invited, headcount = reply["invitations"], reply["headcount"]
    rate, answers = _percent(aim.response_rate), round(reply["expected"])
    if invited == headcount:
        says = {
            "en": f"Invite everybody, {headcount} people.",
            "cy": f"Gwahoddwch bawb, {headcount} o bobl.",
        }
    else:
        says = {
            "en": f"Invite {invited} of {headcount} people.",
            "cy": f"Gwahoddwch {invited} o {headcount} o bobl.",
        }
    says = {
        "en": f"{says['en']} If {rate} % of them answer, about {answers} answers come back; "
        f"{reply['returns_needed']} are needed for {aim.margin:g} points.",
        "cy": f"{says['cy']} Os bydd {rate} % ohonynt yn ateb, daw tua {answers} ateb yn ôl; "
        f"mae angen {reply['returns_needed']} ar gyfer {aim.margin:g} pwynt.",
    }
    if reply["margin"] is None:
        return {
            "en": f"{says['en']} That is too few to show anything.",
            "cy": f"{says['cy']} Mae hynny'n rhy ychydig i ddangos dim.",
        }
    share, score = f"{reply['margin']:.1f}", f"{reply['score_margin']:.1f}"
    return {
        "en": f"{says['en']} Then chance alone puts a share out by at most {share} points, and a "
        f"score by at most {score} points, 19 times in 20.",
        "cy": f"{says['cy']} Yna, 19 gwaith o bob 20, ni fydd hap yn unig yn rhoi cyfran fwy na "
        f"{share} pwynt o'i lle, na sgôr fwy na {score} pwynt.",
    }


def forecast(plan: Plan, rate: float, found: Forecast) -> Said:
    """How many answer, and how many cells will then probably be shown."""
    percent, answers = _percent(rate), round(found.answers)
    says = {
        "en": f"If {percent} % answer, about {answers} of {plan.invited} people do.",
        "cy": f"Os bydd {percent} % yn ateb, bydd tua {answers} o {plan.invited} o bobl yn "
        "gwneud hynny.",
    }
    chances = [float(chance.alone) for cut in found.cuts for chance in cut.cells.values()]
    if chances:
        cells = len(chances)
        probably = sum(chance >= _PROBABLY for chance in chances)
        hardly = sum(chance <= _HARDLY for chance in chances)
        perhaps = cells - probably - hardly
        says = {
            "en": f"{says['en']} Of {cells} groups in the declared cuts, {probably} will probably "
            f"be shown by themselves, {perhaps} perhaps, {hardly} hardly.",
            "cy": f"{says['cy']} O'r {cells} grŵp yn y toriadau a ddatganwyd, mae'n debyg y "
            f"dangosir {probably} ar eu pen eu hunain, {perhaps} efallai, {hardly} prin o gwbl.",
        }
    band = f"{found.banded:.2f}"
    return {
        "en": f"{says['en']} The chance that enough people answer for a domain to have a band is "
        f"{band}.",
        "cy": f"{says['cy']} Y tebygolrwydd y bydd digon o bobl yn ateb i roi band i faes yw "
        f"{band}.",
    }


def caveats() -> list[Said]:
    """What every forecast takes for granted."""
    return [
        {
            "en": "Everybody is taken to be as likely to answer as anybody else, and to decide "
            "alone. Real groups differ, so real chances are less certain.",
            "cy": "Cymerir bod pawb mor debygol o ateb â'i gilydd, a bod pob un yn penderfynu "
            "drosto'i hun. Mae grwpiau go iawn yn gwahaniaethu, felly mae'r tebygolrwyddau go "
            "iawn yn llai sicr.",
        },
        {
            "en": "Attributes such as roles are taken to be spread alike over the groups.",
            "cy": "Cymerir bod priodoleddau fel rolau wedi'u gwasgaru yr un fath dros y grwpiau.",
        },
        {
            "en": "Chances are counted over simulated rounds; 19 times in 20 they are out by at "
            "most their margin.",
            "cy": "Cyfrifir tebygolrwyddau dros rowndiau efelychiadol; 19 gwaith o bob 20 maent o "
            "fewn eu lwfans gwall.",
        },
    ]


def _percent(share: float) -> str:
    return f"{100 * share:g}"
