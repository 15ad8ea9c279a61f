"""The headline of a health report leaves room for what matters most."""

from app.use_cases.reports.words import health_headline


def report(**members):
    """Six domains worth naming, and two that are hidden."""
    bands = {**dict.fromkeys("abc", "celebrate"), **dict.fromkeys("def", "develop")}
    domains = [{"code": code, "summary": {"en": code}, "band": bands[code]} for code in "abcdef"]
    hidden = [{"code": code, "suppressed": True} for code in "gh"]
    marked = {"celebrate": ["a", "b", "c"], "develop": ["d", "e", "f"]}
    return {"invited": 90, "answered": 60, "domains": domains + hidden, **marked} | members


def test_what_changed_has_the_lines_that_are_left_of_ten():
    changes = [{"en": f"change {number}"} for number in range(5)]

    lines = [line["en"] for line in health_headline(report(), changes)]

    assert lines[1:9] == [*"abcdef", "change 0", "change 1"]
    assert len(lines) == 10
    assert lines[9].endswith("too few people answered: 2.")


def test_a_round_that_shows_nothing_says_only_that():
    (line,) = health_headline(report(answered=None), [])

    assert line["en"] == "90 people were asked; too few answered to show anything."
