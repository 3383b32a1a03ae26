"""`registry token` and `registry query` against a live node, and against none."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli.main import main
from tests.journeys.served import Served, free_port, prepare, serving

SEARCH = '{ search(criteria: {name: "Juma Mwakio"}, first: 1) { edges { node { band profile { id } } } } }'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small demonstration that serves."""
    folder, port = tmp_path_factory.mktemp("node"), free_port()
    prepare(folder, port, profiles=20)
    with serving(folder, port) as started:
        yield started


def run(*arguments: object, expected: int = 0) -> Result:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exit_code == expected, done.output
    return done


def ask(served: Served, document: str, *options: object, player: str = "investigator", expected: int = 0) -> Result:
    return run("query", document, "--url", served.url, "--token", served.token(player), *options, expected=expected)


def test_token_prints_a_token_that_opens_the_node(served: Served) -> None:
    token = run("token", served.folder / "investigator.toml").stdout.strip()

    said = json.loads(run("query", SEARCH, "--url", served.url, "--token", token).stdout)

    assert said["data"]["search"]["edges"]


def test_token_prints_the_whole_answer_as_json(served: Served) -> None:
    said = json.loads(run("token", served.folder / "investigator.toml", "--case", "CR 99/2026", "--json").stdout)

    assert said["expires_in"] == 300
    assert said["authorization_details"][0]["case_reference"] == "CR 99/2026"


def test_a_client_file_without_a_case_gets_a_token_that_opens_nobody(served: Served) -> None:
    text = (served.folder / "investigator.toml").read_text()
    short = served.folder / "short.toml"
    short.write_text("\n".join(text.splitlines()[:3]))

    said = json.loads(run("token", short, "--json").stdout)

    assert "authorization_details" not in said
    refused = run("query", SEARCH, "--url", served.url, "--token", said["access_token"], expected=3)
    assert "[CASE_CONTEXT_REQUIRED]" in refused.stderr


def test_query_picks_one_value(served: Served) -> None:
    picked = ask(served, SEARCH, "--pick", "data.search.edges.0.node.profile.id").stdout.strip()
    node = json.loads(ask(served, SEARCH, "--pick", "data.search.edges.0.node").stdout)

    assert picked == node["profile"]["id"]


def test_query_sends_variables(served: Served) -> None:
    document = "query ($id: ID!) { profile(id: $id) { sex } }"
    picked = ask(served, SEARCH, "--pick", "data.search.edges.0.node.profile.id").stdout.strip()

    said = ask(served, document, "--variables", json.dumps({"id": picked}), "--pick", "data.profile.sex")

    assert said.stdout == "MALE\n"


@pytest.mark.parametrize(
    ("document", "options", "expected", "code"),
    [
        ("{ logEntries(first: 1) { edges { cursor } } }", [], 3, "FORBIDDEN"),
        ("{", [], 2, "GRAPHQL_PARSE_FAILED"),
        ("{", ["--pick", "data.x"], 2, "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", [], 2, "GRAPHQL_VALIDATION_FAILED"),
        ('{ profile(id: "cAGh_5r4dneKmLS3ToglzoY") { sex } }', [], 4, "NOT_FOUND"),
        (SEARCH, ["--pick", "data.nothing"], 4, "NOT_FOUND"),
        (SEARCH, ["--pick", "data.search.edges.x"], 4, "NOT_FOUND"),
        (SEARCH, ["--pick", "data.search.edges.9"], 4, "NOT_FOUND"),
        (SEARCH, ["--variables", "{"], 2, "BAD_USER_INPUT"),
        (SEARCH, ["--variables", "[]"], 2, "PARAMETERS_MALFORMED"),
    ],
)
def test_the_exit_code_says_what_kind_of_refusal_it_is(
    served: Served, document: str, options: list[object], expected: int, code: str
) -> None:
    assert f"[{code}]" in ask(served, document, *options, expected=expected).stderr


def test_a_bad_token_is_refused_with_exit_code_three(served: Served) -> None:
    assert "[TOKEN_INVALID]" in run("query", SEARCH, "--url", served.url, "--token", "x", expected=3).stderr


def test_a_refused_client_is_exit_code_three(served: Served) -> None:
    text = (served.folder / "investigator.toml").read_text()
    stranger = served.folder / "stranger.toml"
    stranger.write_text(text.replace("demo-investigator", "demo-nobody"))

    told = json.loads(run("token", stranger, "--json", expected=3).stdout)

    assert told["error"]["code"] == "CLIENT_REFUSED"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("not TOML", "CLIENT_FILE_MALFORMED"),
        ("", "CLIENT_FILE_MALFORMED"),
        ('url = "x"\nclient = "y"', "CLIENT_FILE_MALFORMED"),
        ('url = "x"\nclient = 5\nkey_file = "k"', "CLIENT_FILE_MALFORMED"),
        ('url = "x"\nclient = "y"\nkey_file = "none"', "SECRET_MISSING"),
    ],
)
def test_a_client_file_that_says_too_little_is_bad_input(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "client.toml").write_text(text)

    assert f"[{code}]" in run("token", tmp_path / "client.toml", expected=2).stderr


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://", "nonsense", "http://127.0.0.1:99999"])
def test_a_node_that_is_dead_is_exit_code_75(served: Served, tmp_path: Path, url: str) -> None:
    text = (served.folder / "investigator.toml").read_text()
    (tmp_path / "client.toml").write_text(text.replace(served.url, url))
    (tmp_path / "investigator.pem").write_bytes((served.folder / "investigator.pem").read_bytes())
    (tmp_path / "investigator.pem").chmod(0o600)

    assert "[UNAVAILABLE]" in run("query", SEARCH, "--url", url, "--token", "x", expected=75).stderr
    assert "[UNAVAILABLE]" in run("token", tmp_path / "client.toml", expected=75).stderr


def test_what_answers_but_is_no_node_is_exit_code_75(served: Served) -> None:
    said = run("query", SEARCH, "--url", f"{served.url}/healthz", "--token", "x", expected=2)

    assert "[ADDRESS_UNKNOWN]" in said.stderr


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (503, b"{}"),
        (200, b"[]"),
        (200, b'{"errors": 5}'),
        (200, b'{"errors": []}'),
        (200, b'{"errors": [{}]}'),
        (200, b"x"),
    ],
)
def test_whatever_else_answers_there_is_exit_code_75(status: int, body: bytes) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        threading.Thread(target=server.handle_request).start()
        said = run("query", SEARCH, "--url", f"http://127.0.0.1:{server.server_port}", "--token", "x", expected=75)

    assert "[UNAVAILABLE]" in said.stderr


def test_variables_can_come_from_standard_input_and_the_token_from_the_environment(served: Served) -> None:
    document = "query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { edges { node { band } } } }"
    arguments = ["query", document, "--url", served.url, "--variables", "-", "--pick", "data.search.edges.0.node.band"]
    environment = {"REGISTRY_TOKEN": served.token("investigator")}

    done = CliRunner().invoke(main, arguments, input='{"c": {"phone": "0790000001"}}', env=environment)

    assert done.exit_code == 0, done.output
    assert done.stdout in ("STRONG\n", "POSSIBLE\n")
