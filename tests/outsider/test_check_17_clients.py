"""Check 17: the examples of docs/api/examples, as a partner would run them, surface data and errors of a live node.

A workshop is a folder as a partner makes it: the examples copied, npm's packages beside them, clients generated from
our schema, TypeScript compiled. Its programs ask two nodes on one database, one for each profile of statuses.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_schema import scalars, schema
from tests.journeys.served import CLIENTS, ROOT, Served, free_port, prepare, serving
from tests.nodes import RESPONSE

EXAMPLES = ROOT / "docs" / "api" / "examples"
CODEGEN = ROOT / "var" / "tools" / "codegen" / "bin"
"""What deploy/bootstrap.sh installs for ariadne-codegen; it holds ruff to another version than ours."""
MODULES = CLIENTS / "node_modules"
TSC = MODULES / "typescript" / "bin" / "tsc"
PACKAGES = str(Path(httpx.__file__).parents[1])
"""Where PyJWT stands, which signs the proofs: the environment of ariadne-codegen has none."""
MYPY = (
    sys.executable,
    "-m",
    "mypy",
    "--strict",
    "--follow-imports=silent",
    "--config-file",
    os.devnull,
    "--python-executable",
    CODEGEN / "python",
)
"""Looks for pydantic where the generated client runs."""
PROFILES = ("audit", "draft")
NAME = "Juma Hamisi Mwakio"
REQUEST_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
SEARCH = (EXAMPLES / "search.graphql").read_text(encoding="utf-8")
VARIABLES = json.loads((EXAMPLES / "search.json").read_text(encoding="utf-8"))


def url_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@dataclass(frozen=True)
class Case:
    """A question, and what has to be surfaced of its answer."""

    document: str
    variables: dict[str, Any]
    found: bool
    codes: tuple[str, ...]
    statuses: tuple[int, int]
    """By the audit profile and by the draft."""


PARTIAL = SEARCH.replace("search(", "logEntries(first: 1) { edges { cursor } }\n  search(")
CASES = {
    "found": Case(SEARCH, VARIABLES, True, (), (200, 200)),
    "partial": Case(PARTIAL, VARIABLES, True, ("FORBIDDEN",), (200, 294)),
    "validation": Case("{ nothing }", {}, False, ("GRAPHQL_VALIDATION_FAILED",), (400, 422)),
    "coercion": Case(SEARCH, {"criteria": {"name": 5}}, False, ("BAD_USER_INPUT",), (400, 422)),
}  # fmt: skip


@dataclass(frozen=True)
class Workshop:
    """The folder, and the nodes by profile."""

    folder: Path
    nodes: dict[str, Served]

    def shown(self, by: str = "investigator", profile: str = "audit") -> dict[str, str]:
        """Return what a program is given: address, a new token for its five minutes, and the key it is bound to."""
        node = self.nodes[profile]
        key = str(node.proof_key(by))
        return {"REGISTRY_URL": node.url, "REGISTRY_TOKEN": node.token(by), "REGISTRY_PROOF_KEY": key}

    def run(
        self, *command: object, profile: str = "audit", by: str = "investigator"
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in the folder; address, token and key are all that it finds in its environment."""
        environment = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **self.shown(by, profile)}
        environment |= {"PYTHONPATH": PACKAGES} if command[0] == CODEGEN / "python" else {}
        return subprocess.run(
            [str(each) for each in command],
            cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def question(self, name: str) -> tuple[str, str]:
        """Write a case's document and variables to files; return their names."""
        (self.folder / f"{name}.graphql").write_text(CASES[name].document, encoding="utf-8")
        (self.folder / f"{name}.json").write_text(json.dumps(CASES[name].variables), encoding="utf-8")
        return f"{name}.graphql", f"{name}.json"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A partner's folder beside two nodes that serve one demonstration."""
    assert MODULES.exists(), "deploy/bootstrap.sh clients"
    assert CODEGEN.exists(), "deploy/bootstrap.sh codegen"
    folder = tmp_path_factory.mktemp("partner") / "workshop"
    shutil.copytree(EXAMPLES, folder)
    (folder / "schema.graphql").write_text(schema.sdl(), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(MODULES)
    demonstration, ports = folder.with_name("demonstration"), {each: free_port() for each in PROFILES}
    prepare(demonstration, ports["audit"], profiles=20)
    with ExitStack() as stack:
        nodes = {
            each: stack.enter_context(
                serving(demonstration, port, status_profile=each, listen_port=str(port), public_url=url_of(port))
            )
            for each, port in ports.items()
        }
        yield Workshop(folder, nodes)


@pytest.fixture(scope="module")
def generated(workshop: Workshop) -> Workshop:
    """The workshop with both typed clients generated and TypeScript compiled."""
    for command in (
        ("node", MODULES / "@graphql-codegen" / "cli" / "cjs" / "bin.js", "--config", "codegen.yml", "--errors-only"),
        ("node", TSC, "--project", "."),
        (CODEGEN / "ariadne-codegen", "--config", "ariadne-codegen.toml"),
        (*MYPY, "ask_typed.py", "register_client"),
    ):
        made = workshop.run(*command)
        assert made.returncode == 0, made.stdout + made.stderr
    return workshop


PROGRAMS = {
    "gql": (sys.executable, "ask_gql.py"),
    "graphql-request": ("node", "built/ask_graphql_request.js"),
    "urql": ("node", "built/ask_urql.js"),
    "apollo": ("node", "built/ask_apollo.js"),
}


def best_name(data: Any) -> str:
    name: str = data["search"]["edges"][0]["node"]["profile"]["names"][0]["full"]
    return name


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("program", list(PROGRAMS))
def test_check_17_every_client_surfaces_data_codes_and_request_ids(
    generated: Workshop, program: str, case: str, profile: str
) -> None:
    wanted = CASES[case]

    said = generated.run(*PROGRAMS[program], *generated.question(case), profile=profile)

    told = [line.split(" ", 2) for line in said.stderr.splitlines()]
    assert [code for code, *_ in told] == list(wanted.codes), said.stderr
    assert all(REQUEST_ID.fullmatch(request) and message for _, request, message in told)
    assert said.returncode == (1 if wanted.codes else 0)
    data = json.loads(said.stdout)
    assert (best_name(data) if wanted.found else data) == (NAME if wanted.found else None)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("case", list(CASES))
def test_check_17_curl_shows_the_answer_whole_whatever_its_status(workshop: Workshop, case: str, profile: str) -> None:
    wanted = CASES[case]
    body = workshop.folder / f"{case}.request.json"
    body.write_text(json.dumps({"query": wanted.document, "variables": wanted.variables}), encoding="utf-8")

    said = workshop.run("./ask.sh", body.name, profile=profile)

    answer = json.loads(said.stdout)
    errors = [each["extensions"] for each in answer.get("errors", ())]
    assert [each["code"] for each in errors] == list(wanted.codes)
    assert all(REQUEST_ID.fullmatch(each["requestId"]) for each in errors)
    assert ("data" in answer) == wanted.found
    assert said.returncode == (22 if wanted.statuses[PROFILES.index(profile)] >= 400 else 0)


@pytest.mark.parametrize("case", list(CASES))
def test_check_17_the_clients_met_the_statuses_of_both_profiles(workshop: Workshop, case: str) -> None:
    wanted = CASES[case]
    body = {"query": wanted.document, "variables": wanted.variables}

    answers = [
        httpx.post(f"{node.url}/graphql", json=body, headers=node.headers("investigator") | {"Accept": RESPONSE})
        for node in (workshop.nodes[each] for each in PROFILES)
    ]

    assert tuple(each.status_code for each in answers) == wanted.statuses


def test_check_17_a_token_is_got_without_any_program_of_ours(workshop: Workshop) -> None:
    node = workshop.nodes["audit"]

    said = workshop.run(sys.executable, "get_token.py", node.folder / "investigator.toml")

    assert said.returncode == 0, said.stderr
    headers = node.headers("investigator", said.stdout.strip())
    answer = httpx.post(f"{node.url}/graphql", json={"query": SEARCH, "variables": VARIABLES}, headers=headers)
    assert best_name(answer.json()["data"]) == NAME


def test_check_17_a_refused_token_names_its_code(workshop: Workshop) -> None:
    known = (workshop.nodes["audit"].folder / "investigator.toml").read_text(encoding="utf-8")
    stranger = workshop.nodes["audit"].folder / "stranger.toml"
    stranger.write_text(known.replace("DEMO-1001", "DEMO-9999"), encoding="utf-8")

    said = workshop.run(sys.executable, "get_token.py", stranger)

    assert said.returncode == 1
    assert re.match(r"[A-Z_]+ \w", said.stderr)


TYPED = {"ariadne-codegen": (CODEGEN / "python", "ask_typed.py"), "graphql-codegen": ("node", "built/ask_typed.js")}


@pytest.mark.parametrize("program", list(TYPED))
def test_check_17_a_client_made_from_our_schema_finds_the_person(generated: Workshop, program: str) -> None:
    said = generated.run(*TYPED[program])

    assert said.stdout.strip().strip('"') == NAME, said.stderr
    assert said.returncode == 0


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("program", list(TYPED))
def test_check_17_a_client_made_from_our_schema_surfaces_code_and_request_id(
    generated: Workshop, program: str, profile: str
) -> None:
    said = generated.run(*TYPED[program], profile=profile, by="auditor")

    code, request, _message = said.stderr.split(" ", 2)
    assert code == "FORBIDDEN"
    assert REQUEST_ID.fullmatch(request)
    assert said.returncode == 1


MISTAKES = {
    "input-typescript": ("ask_typed.ts", "birthDate: '1979'", "birthDate: 1979"),
    "answer-typescript": ("ask_typed.ts", "found.search?", "found.find?"),
    "input-python": ("ask_typed.py", 'birthDate="1979"', "birthDate=1979"),
    "answer-python": ("ask_typed.py", "return names[0].full", "return names[0].whole"),
}


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_check_17_a_compiler_finds_what_the_schema_does_not_hold(generated: Workshop, mistake: str) -> None:
    """Or the types would be of no use: `any` compiles with everything."""
    example, right, mistaken = MISTAKES[mistake]
    text = (EXAMPLES / example).read_text(encoding="utf-8")
    assert right in text
    wrong = generated.folder / f"wrong{Path(example).suffix}"
    wrong.write_text(text.replace(right, mistaken), encoding="utf-8")
    compiler = ("node", TSC, "--project", ".", "--noEmit") if wrong.suffix == ".ts" else (*MYPY, wrong.name)

    said = generated.run(*compiler)

    wrong.unlink()
    assert said.returncode != 0
    assert re.match(r"wrong\.(ts\(\d+|py:\d+: error)", said.stdout), said.stdout


def test_both_generators_know_every_scalar_of_ours() -> None:
    """Neither guesses what a scalar is in its language."""
    ours = set(scalars.SPECIFICATIONS)

    for_python = tomllib.loads((EXAMPLES / "ariadne-codegen.toml").read_text(encoding="utf-8"))["tool"]
    assert set(for_python["ariadne-codegen"]["scalars"]) == ours
    (listed,) = re.findall(r"scalars: \{ (.+) \}", (EXAMPLES / "codegen.yml").read_text(encoding="utf-8"))
    assert {each.split(":")[0] for each in listed.split(", ")} == ours


def test_the_body_for_curl_asks_what_the_other_examples_ask() -> None:
    body = json.loads((EXAMPLES / "search.request.json").read_text(encoding="utf-8"))

    assert body == {"query": " ".join(SEARCH.split()), "variables": VARIABLES}
