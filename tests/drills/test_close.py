"""A stage is closed while sixteen clients send: what was acknowledged is what was counted."""

from tests.drills.processes import open_survey
from tests.drills.respondents import Crowd, included, stored
from tests.walkthrough import go, ok

PEOPLE, ENOUGH = 1000, 40


def test_what_was_acknowledged_is_what_is_included_and_counted(fleet, large):
    late, poet = [], fleet.poet
    with poet.machine() as client:
        for number in range(20 if large else 3):
            evaluation, codes = open_survey(client, PEOPLE)
            with Crowd(fleet.addresses, codes, seed=number) as crowd:
                crowd.wait_for(ENOUGH)
                go(client, evaluation, "surfacing")
            report = ok(client.get(f"/v1/evaluations/{evaluation['id']}/reports/health"))

            assert included(poet.address, {*crowd.receipts, *crowd.refused}) == set(crowd.receipts)
            assert report["answered"] == len(crowd.receipts) >= ENOUGH
            assert stored(poet) == (0, 0)
            late += crowd.refused.values()
    assert set(late) == {"token-unusable"}, "some came too late"
