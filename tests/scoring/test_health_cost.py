"""The report of a large wave costs little more than reading it."""

from tests.scoring.health_cost import measure


def test_a_large_report_takes_twenty_passes_over_its_answers_and_four_times_their_memory():
    report, one_pass, held, wave = measure(300_000)

    assert report <= 20 * one_pass
    assert wave + held <= 4 * wave
