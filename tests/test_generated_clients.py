"""Clients for nothing: generators take the contract without a warning, and the client works."""

import importlib
import json
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path

import pytest

from app.api.contract import text
from app.main import create_app
from tests import node
from tests.generated import PACKAGE, STAFF, Caller, Round
from tests.walkthrough import ORGANISATIONS

GUIDE = Path(__file__).parent.parent / "openapi" / "guides" / "pulling.md"
TYPESCRIPT = ("openapi-typescript@7.13.0", "typescript@5.9.3")
# Of a body that is a list or a text the generator makes code that does not run.
MISMADE = {"code_statements": "outcomes"}


def generate(contract, folder):
    """What the generator of Python clients says, with the configuration that the guide names."""
    (folder / "openapi.json").write_text(contract, encoding="utf-8")
    (configuration,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (folder / "client.yaml").write_text(configuration, encoding="utf-8")
    arguments = ["--path", "openapi.json", "--config", "client.yaml", "--meta", "none"]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
    done = subprocess.run(
        [*command, "--output-path", PACKAGE],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


@pytest.fixture(scope="module")
def contract(running):
    return text(create_app(running.deployment))


@pytest.fixture(scope="module")
def generated(contract, tmp_path_factory):
    """The folder of the generated package, and what the generator said."""
    folder = tmp_path_factory.mktemp("generated")
    return folder, *generate(contract, folder)


@pytest.fixture
def package(generated, monkeypatch):
    """Imports a module of the generated package by its dotted name."""
    folder, *_ = generated
    monkeypatch.syspath_prepend(str(folder))
    yield lambda name="": importlib.import_module(f"{PACKAGE}.{name}".rstrip("."))
    for name in [one for one in sys.modules if one.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_python_client_is_generated_without_a_warning(generated):
    _, status, said = generated

    assert (status, said) == (0, f"Generating {PACKAGE}")


def test_a_contract_that_a_generator_cannot_take_would_be_noticed(contract, tmp_path):
    """A control: two schemas that ask for one name."""
    wrong = json.loads(contract)
    schemas = wrong["components"]["schemas"]
    schemas["Again"] = {**schemas["Partnership"], "required": []}

    _, said = generate(json.dumps(wrong), tmp_path)

    assert "Partnership" in said
    assert "arning" in said


def test_the_client_has_a_function_for_every_call_and_each_can_be_imported(
    contract, generated, package
):
    folder, *_ = generated
    operations = {
        operation["operationId"]
        for methods in json.loads(contract)["paths"].values()
        for operation in methods.values()
    }

    modules = (folder / PACKAGE / "api").glob("*/*.py")
    made = {path.stem: path.parent.name for path in modules if path.stem != "__init__"}

    assert made.keys() == operations
    for name, tag in made.items() - MISMADE.items():
        assert callable(package(f"api.{tag}.{name}").sync_detailed), name


def test_what_the_guide_says_the_generator_cannot_make_it_still_cannot(generated, package):
    for name, tag in MISMADE.items():
        with pytest.raises(NameError, match="Unset"):
            package(f"api.{tag}.{name}")


@pytest.fixture
def story(generated, package, service):
    """A machine, respondents by their tokens, and the generated models, as functions."""
    folder, *_ = generated
    opened = []

    def caller(kind, **options):
        client = getattr(package("client"), kind)(service.url, verify_ssl=False, **options)
        opened.append(client.get_httpx_client())
        return Caller(package, folder, client)

    def as_bearer(token):
        return caller("AuthenticatedClient", token=token)

    credential = service.client_of_a_new_account()._credential
    form = dict(zip(("client_id", "client_secret"), credential, strict=True))
    form |= {"grant_type": "client_credentials"}
    wanted = package("models").BodyFetchAccessToken.from_dict(form)
    fetched = caller("Client")("fetch_access_token", body=wanted)
    yield as_bearer(fetched.access_token), as_bearer, package("models")
    for client in opened:
        client.close()


def test_the_generated_client_plays_one_whole_evaluation(story):
    played = Round(story)
    played.plan()
    assert played.go("surveying").stage == "surveying"
    played.survey()
    played.import_one()
    assert played.go("surfacing").published == ["health"]
    played.surface()
    played.go("verifying")
    played.verify()
    played.go("interpreting")
    assert played.go("concluded").published == ["outcomes", "combined"]

    health = played.machine("read_health", played.evaluation)
    trust = next(domain for domain in health.domains if domain.code == "trust")
    outcomes = played.machine("read_outcomes", played.evaluation)
    table = played.machine("read_report_table", played.evaluation, "health")

    assert (health.answered, trust.n) == (STAFF + 1, STAFF)
    assert trust.interval.from_ <= trust.score <= trust.interval.to
    assert outcomes.outcomes[0].voices[0].delivered["verdict"] == "delivered"
    assert f",trust,Trust,,,score,{trust.score}," in table.decode()


def test_the_generated_client_knows_refusals_and_asks_by_entity_tag(story, package):
    machine, _, models = story
    twice = {"name": "Northshire", "organisations": ORGANISATIONS * 2}
    body = models.NewPartnership.from_dict(twice)
    problem = machine("register_partnership", body=body, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    listing = package("api.partnerships.list_partnerships").sync_detailed
    first = listing(client=machine.client)
    again = listing(client=machine.client, if_none_match=first.headers["ETag"])

    assert (problem.code, problem.errors[0].pointer) == ("invalid", "/organisations")
    assert first.parsed.items == []
    assert (again.status_code, again.parsed) == (HTTPStatus.NOT_MODIFIED, None)


def test_typescript_types_are_generated_without_a_warning_and_compile(contract, tmp_path):
    tools = node.packages(*TYPESCRIPT) / ".bin"
    (tmp_path / "openapi.json").write_text(contract, encoding="utf-8")
    (tmp_path / "use.ts").write_text(
        'import type { operations, components } from "./poet";\n'
        'type Reply = operations["list_partnerships"]["responses"][200]["content"];\n'
        'export const page: Reply["application/json"] = { items: [], next: null };\n'
        'export const answer: components["schemas"]["StaffResponse"] = { overall: 4 };\n'
    )

    generated = _run(tmp_path, tools / "openapi-typescript", "openapi.json", "-o", "poet.ts")
    compiled = _run(tmp_path, tools / "tsc", "--noEmit", "--strict", "use.ts")
    (tmp_path / "use.ts").write_text(
        'import type { components } from "./poet";\n'
        'export const answer: components["schemas"]["StaffResponse"] = { overall: true };\n'
    )
    wrong = _run(tmp_path, tools / "tsc", "--noEmit", "--strict", "use.ts")

    assert generated.returncode == 0, generated.stderr
    assert not re.search("warn|✘", generated.stdout + generated.stderr, re.IGNORECASE)
    assert (compiled.returncode, compiled.stdout) == (0, "")
    assert "use.ts" in wrong.stdout, "an answer of another type is noticed"


def _run(folder, *command):
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
