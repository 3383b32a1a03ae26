"""`registry token` and `registry query` against a live node, and against none."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from auth import officer_grants, tokens
from auth.dpop import checked
from auth.keys import generate_client_key
from auth.models import agencies, clients
from registry.cli import asking
from registry.cli.main import main
from registry.core.clock import now
from registry.core.private import write_private
from tests.journeys.served import Served, changed, free_port, prepare, serving

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
    return run("query", document, "--as", served.folder / f"{player}.toml", *options, expected=expected)


def test_token_prints_a_token_that_opens_the_node(served: Served) -> None:
    file = served.folder / "investigator.toml"
    token = run("token", file).stdout.strip()

    said = json.loads(run("query", SEARCH, "--as", file, "--token", token).stdout)

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
    refused = run("query", SEARCH, "--as", short, "--token", said["access_token"], expected=3)
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
    assert "[TOKEN_INVALID]" in ask(served, SEARCH, "--token", "x", expected=3).stderr


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

    assert "[UNAVAILABLE]" in run("query", SEARCH, "--as", tmp_path / "client.toml", "--token", "x", expected=75).stderr
    assert "[UNAVAILABLE]" in run("token", tmp_path / "client.toml", expected=75).stderr


def described(folder: Path, url: str) -> Path:
    """Return the file of a client that asks at this address."""
    (folder / "client.toml").write_text(f'url = "{url}"\nclient = "demo-desk"\nkey_file = "desk.pem"\n')
    return folder / "client.toml"


def test_an_address_where_no_questions_are_answered_is_bad_input(served: Served, tmp_path: Path) -> None:
    said = run("query", SEARCH, "--as", described(tmp_path, f"{served.url}/healthz"), "--token", "x", expected=2)

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
def test_whatever_else_answers_there_is_exit_code_75(tmp_path: Path, status: int, body: bytes) -> None:
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
        file = described(tmp_path, f"http://127.0.0.1:{server.server_port}")
        said = run("query", SEARCH, "--as", file, "--token", "x", expected=75)

    assert "[UNAVAILABLE]" in said.stderr


def test_variables_can_come_from_standard_input_client_and_token_from_the_environment(served: Served) -> None:
    document = "query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { edges { node { band } } } }"
    arguments = ["query", document, "--variables", "-", "--pick", "data.search.edges.0.node.band"]
    file = served.folder / "investigator.toml"
    environment = {"REGISTRY_CLIENT": str(file), "REGISTRY_TOKEN": asking.read(file).token()["access_token"]}

    done = CliRunner().invoke(main, arguments, input='{"c": {"phone": "0790000001"}}', env=environment)

    assert done.exit_code == 0, done.output
    assert done.stdout in ("STRONG\n", "POSSIBLE\n")


def test_the_proof_key_is_made_once_for_its_owner_alone(served: Served) -> None:
    file = served.folder / "vetter.toml"
    key = served.folder / "vetter.proof.pem"
    key.unlink(missing_ok=True)

    run("token", file)
    made = key.read_text()
    run("token", file)

    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text() == made


def test_a_proof_key_that_others_can_read_is_refused(served: Served) -> None:
    (served.folder / "open.pem").write_text((served.folder / "investigator.pem").read_text())
    (served.folder / "open.pem").chmod(0o644)
    file = served.folder / "open.toml"
    file.write_text((served.folder / "investigator.toml").read_text() + 'proof_key_file = "open.pem"\n')

    assert "[SECRET_EXPOSED]" in run("token", file, expected=2).stderr


def test_a_proof_is_for_one_method_one_address_and_one_token(served: Served) -> None:
    file, url = served.folder / "investigator.toml", f"{served.url}/graphql"
    token = asking.read(file).token()["access_token"]

    made = run("proof", "POST", url, "--as", file, "--token", token, "--nonce", "invented").stdout.strip()

    assert checked(made, method="POST", url=url, now=now(), token=token).nonce == "invented"


def test_both_headers_of_a_question_are_printed_as_curl_reads_them(served: Served) -> None:
    said = run("proof", "POST", f"{served.url}/graphql", "--as", served.folder / "investigator.toml", "--headers")

    headers = dict(line.split(": ", 1) for line in said.stdout.splitlines())
    answer = httpx.post(f"{served.url}/graphql", json={"query": SEARCH}, headers=headers)
    assert answer.json()["data"]["search"]["edges"]
    assert httpx.post(f"{served.url}/graphql", json={"query": SEARCH}, headers=headers).status_code == 401


def test_a_nonce_that_is_asked_for_is_sent_without_a_word(served: Served) -> None:
    changed(served.folder, lambda db: db.execute(sa.update(clients).values(nonces=True)).rowcount)
    try:
        assert "edges" in ask(served, SEARCH).stdout
    finally:
        changed(served.folder, lambda db: db.execute(sa.update(clients).values(nonces=False)).rowcount)


def test_an_agency_signs_for_its_officer_and_the_token_says_so(served: Served) -> None:
    pair = generate_client_key()
    write_private(served.folder / "authority.pem", pair.private_pem)
    file = served.folder / "granted.toml"
    file.write_text(
        (served.folder / "investigator.toml").read_text()
        + 'agency = "demo-dci"\nauthority_key_file = "authority.pem"\nacr = "urn:example:loa:high"\n'
    )
    keys = {"keys": [dict(pair.jwk)]}
    changed(served.folder, lambda db: db.execute(
        sa.update(agencies).where(agencies.c.code == "demo-dci").values(grant_keys=keys)).rowcount)  # fmt: skip

    said = run("grant", file).stdout
    token = asking.read(file).token()["access_token"]

    assert officer_grants.parse(said.strip()).claims["sub"] == "DEMO-1001"
    assert tokens.PROFILE.parse(token).claims["attribution"] == "granted"
    assert "edges" in run("query", SEARCH, "--as", file, "--token", token).stdout


def test_a_grant_needs_the_agencys_name_and_key(served: Served) -> None:
    assert "[CLIENT_FILE_MALFORMED]" in run("grant", served.folder / "investigator.toml", expected=2).stderr


def test_a_certificate_without_its_key_is_bad_input(served: Served) -> None:
    file = served.folder / "certified.toml"
    own = 'certificate_file = "investigator.toml"\ncertificate_key_file = "investigator.pem"\n'
    file.write_text((served.folder / "investigator.toml").read_text() + own)

    assert "[KEY_REFUSED]" in run("token", file, expected=2).stderr
