"""Any instrument that could be published, as a Hypothesis strategy."""

import string

from hypothesis import strategies as st

from app.instruments import document_of, ladder, parse
from app.instruments.rules import _RESERVED, faults

LANGUAGES = ["en", "cy", "pl", "pt-BR"]
RESERVED = _RESERVED | {"organisation", *LANGUAGES}
PROMPTS = ["for_whom", "beneficiaries", "context", "mechanism", "horizon", "first_sign"]
PROMPTS += ["evidence", "distinctive", "unintended", "other_words"]
# Marks that mean something in one file format or another.
LABELS = st.sampled_from(
    [
        *("Yes", "A long way off", "Ŵyn ac ŷd", 'it\'s "quoted"', "<b>&amp;</b>", "a | b, c; d"),
        *("{trust1}", "${trust1} = 1", "=1+1", "# {b", "0, 1", "line one\nline two", "'", "\\"),
    ]
)


def codes(*, size=6):
    """Codes of items, domains and the like, some of them nearly alike."""
    short = st.sampled_from(["a", "b1", "outcome", "outcome1", "context1", "role", "trust", "top"])
    short |= st.sampled_from(["driverpractice1", "importance1", "outcomes", "verdicts", "qa"])
    short |= st.sampled_from(["safeguarding", "help", "privacy"])
    free = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=size).map(
        "c{}".format
    )
    return (short | free).filter(lambda code: code not in RESERVED)


@st.composite
def texts(draw, languages):
    return {language: draw(LABELS) for language in languages}


@st.composite
def scales(draw, languages):
    low = draw(st.integers(0, 3))
    high = low + draw(st.integers(1, 4))
    labels = {
        language: [f"{draw(LABELS)} {point}" for point in range(low, high + 1)]
        for language in languages
    }
    return {"min": low, "max": high, "labels": labels}


@st.composite
def instruments(draw):
    """Any instrument that could be published."""
    languages = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=2, unique=True))
    named = texts(languages)
    scale_codes = draw(st.lists(codes(), min_size=1, max_size=2, unique=True))
    scale = st.sampled_from(scale_codes)
    scale_of = {code: draw(scales(languages)) for code in scale_codes}
    domain_codes = draw(st.lists(codes(), min_size=1, max_size=3, unique=True))
    item_codes = draw(st.lists(codes(), min_size=len(domain_codes), max_size=7, unique=True))
    earlier: list[tuple[str, str]] = []

    def item(code, of):
        made = {
            "code": code,
            "text": draw(named),
            "required": draw(st.booleans()),
            "short_form": draw(st.booleans()),
        }
        if earlier and draw(st.integers(0, 2)) == 0:
            other, its = draw(st.sampled_from(earlier))
            span = st.integers(scale_of[its]["min"], scale_of[its]["max"])
            made["show_if"] = {"item": other, "in": draw(st.lists(span, min_size=1, max_size=2))}
        earlier.append((code, of))
        return made

    domains = []
    for at, code in enumerate(domain_codes):
        of = draw(scale)
        its = item_codes[at :: len(domain_codes)]
        domains.append(
            {
                "code": code,
                "label": draw(named),
                "scale": of,
                "items": [item(one, of) for one in its],
                "description": draw(st.none() | named),
            }
        )
    document = {
        "code": draw(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True)),
        "version": draw(st.integers(1, 9999)),
        "title": draw(named),
        "languages": languages,
        "scales": scale_of,
        "domains": domains,
        **draw(_parts(named, scale, item_codes)),
    }
    found = parse(document)
    assert faults(found) == []
    assert parse(document_of(found)) == found
    return found


@st.composite
def _parts(draw, named, scale, item_codes):
    """What an instrument may have beside its domains."""

    def maybe(strategy):
        return draw(st.none() | strategy)

    drivers = st.lists(
        st.from_regex(r"[a-z][a-z0-9_]{0,30}", fullmatch=True), min_size=1, max_size=3, unique=True
    )
    values = st.lists(st.sampled_from(["x", "y-z", "a_b", 1, 20]), min_size=2, unique=True)
    extra = draw(st.lists(codes().filter(lambda c: c not in item_codes), max_size=2, unique=True))
    context = [{"code": code, "text": draw(named)} for code in extra]
    attributes = draw(st.lists(codes(), max_size=2, unique=True))
    return {
        "context": {"scale": draw(scale), "items": context} if context else None,
        "overall": maybe(st.fixed_dictionaries({"scale": scale, "text": named})),
        "drivers": maybe(
            st.fixed_dictionaries(
                {
                    "scale": scale,
                    "practice": named,
                    "official": named,
                    "items": drivers.map(
                        lambda found: [{"code": one, "label": {"en": one}} for one in found]
                    ).flatmap(lambda found: _labelled(found, named)),
                }
            )
        ),
        "importance": maybe(named),
        "depth": maybe(st.fixed_dictionaries({"current": named, "right": named})),
        "prompts": maybe(_prompts(named)),
        "unwritten": maybe(named),
        "attributes": [
            {
                "code": code,
                "label": draw(named),
                "values": [{"code": value, "label": draw(named)} for value in draw(values)],
            }
            for code in attributes
        ],
    }


@st.composite
def _labelled(draw, drivers, named):
    return [{**driver, "label": draw(named)} for driver in drivers]


@st.composite
def _prompts(draw, named):
    chosen = draw(st.lists(st.sampled_from(PROMPTS), max_size=5, unique=True))
    choices = {
        "beneficiaries": [one.code for one in ladder("service_user_groups")][:4],
        "horizon": [one.code for one in ladder("horizons")],
        "distinctive": ["yes", "partly", "no"],
    }
    return [
        {
            "code": code,
            "text": draw(named),
            "help": draw(st.none() | named),
            "choices": [{"code": one, "label": draw(named)} for one in choices.get(code, [])]
            or None,
        }
        for code in ["outcome", *chosen]
    ]
