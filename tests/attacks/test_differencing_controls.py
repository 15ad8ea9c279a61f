"""Services that defend less are broken by the same attacker, on partnerships where ours is not."""

import pytest

from tests.attacks import differencing_controls as controls
from tests.attacks.differencing_copy import Copy
from tests.attacks.differencing_equations import Known, reading
from tests.attacks.differencing_forcing import Programme, alike
from tests.attacks.differencing_isolation import isolated
from tests.attacks.populations import EVERY_ITEM, populations

PARTNERSHIPS = {"small": 16, "large": 200}


@pytest.fixture(scope="module")
def everybody(pytestconfig):
    return populations(PARTNERSHIPS[pytestconfig.getoption("attacks")])


def read(of, changes=(), *, every_voice=False):
    copy = Copy(of, changes)
    known = Known.of(of, copy.groups)
    voices = _every_group(known) if every_voice else copy.voices
    report = copy.publishes()
    return report, reading(report, known, voices)


def _every_group(known):
    """The groups with a value of each variable, published or not."""
    organisation = known.places["organisation"]
    return {
        variable: [[code] for code in sorted(set(organisation[form[:, 0] == form[:, 0]]))]
        for variable, form in known.forms().items()
    }


def isolates(of, changes=(), **options):
    _, equations = read(of, changes, **options)
    return any(
        isolated([e.weights for e in equations.equations if e.variable == name], of.smallest_group)
        for name in equations.forms
    )


def forces(of, changes=()):
    """Whether a linear programme forces an answer to the domain of one item.

    A member is tried of each of the cells that seem most of one mind: if all answered alike,
    any member will do.
    """
    _, equations = read(of, changes)
    cells = [one for one in equations.equations if one.variable == "pace"]
    cells.sort(key=lambda one: one.spread if one.spread is not None else 100)
    people = {next(at for at, weight in enumerate(one.weights) if weight) for one in cells[:3]}
    programme, pace = Programme(equations), EVERY_ITEM.index("pace1")
    return any(programme.forced(person, pace) for person in people)


@pytest.mark.parametrize(
    ("control", "knowing"),
    [
        pytest.param(controls.threshold_only, {}, id="threshold only"),
        pytest.param(controls.complement_rule, {}, id="complement rule"),
        pytest.param(controls.audit_by_membership, {}, id="audit by membership"),
        pytest.param(
            controls.equal_voice_over_all_groups,
            {"every_voice": True},
            id="equal voice over all groups",
        ),
    ],
)
def test_control_isolates_somebody(control, knowing, everybody, record_property):
    exposed = sum(isolates(of, control(), **knowing) for of in everybody)

    record_property("exposed", exposed)
    assert exposed >= len(everybody) / 8


def test_control_exact_shares_tell_what_everybody_said(everybody, record_property):
    told = sum(bool(alike(read(of, controls.exact_shares())[0])) for of in everybody)

    record_property("exposed", told)
    assert told >= len(everybody) / 8


def test_control_real_intervals_of_small_cells_force_answers(everybody, record_property):
    changes = controls.real_intervals_of_small_cells
    forced = [of for of in everybody if forces(of, changes())]

    record_property("exposed", len(forced))
    assert forced
    assert not any(forces(of) for of in forced)
