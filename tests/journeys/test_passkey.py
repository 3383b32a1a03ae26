"""The first administrator gets in at an empty register, with no other server there: command line, browser, passkey.

Twice: in a real browser with a virtual authenticator, and with soft-webauthn, which nobody here wrote.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import httpx
import pytest

from auth.cookies import PROOF, SESSION
from registry.core.private import write_private
from tests.auth.tokens import pair
from tests.journeys.served import PROGRAM, ROOT, Served, free_port, run, serving

BROWSER = ROOT / "tests" / "browser"
SOFT = ROOT / "var" / "tools" / "passkeys" / "bin" / "python"
AGENCY = "ke-invented"


def settled(folder: Path, port: int) -> None:
    """Make a register that holds one agency and nobody; its name is one that browsers take for a passkey's."""
    keys = {
        "signing_key_file": pair("ES256", 99).private_pem,
        "cursor_key_file": bytes(range(32)).hex(),
        "sealing_key_file": f"invented:{bytes(range(32)).hex()}",
        "index_key_file": bytes(range(32, 64)).hex(),
    }
    for name, content in keys.items():
        write_private(folder / name, content)
    lines = [f'{name} = "{folder / name}"' for name in keys]
    lines += [f'database_url = "sqlite:///{folder}/register.db"', f'public_url = "http://localhost:{port}"']
    (folder / "settings.toml").write_text("\n".join([*lines, f"listen_port = {port}"]))
    registry(folder, "migrate")
    registry(folder, "enrol", "agency", AGENCY, "--name", "An invented agency", "--country", "KE")


@pytest.fixture(scope="module")
def empty_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A node that serves such a register."""
    folder, port = tmp_path_factory.mktemp("passkey"), free_port()
    settled(folder, port)
    with serving(folder, port) as started:
        yield started


def registry(folder: Path, *arguments: str, expected: int = 0) -> str:
    settings = {"REGISTRY_SETTINGS": str(folder / "settings.toml")}
    return run(PROGRAM, *arguments, expected=expected, **settings).stdout


def invited(folder: Path, reference: str) -> tuple[str, str]:
    """Enrol an administrator of a chain of their own; return the address of the page, and the secret."""
    said = registry(
        folder, "enrol", "first-administrator", reference, "--agency", AGENCY, "--chain", reference, "--json"
    )
    address, secret = urldefrag(json.loads(said)["address"])
    return address, secret


def test_in_a_browser_the_first_administrator_registers_a_passkey_and_signs_in(empty_node: Served) -> None:
    run("deploy/bootstrap.sh", "browser")
    chromium = shutil.which("chromium")
    assert chromium
    address, secret = invited(empty_node.folder, "first")

    said = run(
        "node", BROWSER / "passkey.mjs", address.removesuffix("/session/enter"), CHROMIUM=chromium, INVITATION=secret
    )

    report: dict[str, Any] = json.loads(said.stdout)
    assert report["registered"] == "The passkey is registered. Sign in with it."
    assert report["signedIn"] == "You are signed in."
    assert report["own"]["session"]["officer"] == "first"
    assert report["own"]["roles"] == ["administrator"]
    assert report["own"]["case"] is None
    assert secret not in report["address"]
    assert report["readable"] == ""
    assert report["complaints"] == []
    (cookie,) = report["cookies"]
    assert cookie == {"name": SESSION, "secure": True, "httpOnly": True, "sameSite": "Strict", "path": "/"}
    assert "You are signed in." not in report["notVerified"]
    assert secret not in (empty_node.folder / "served.log").read_text()


def soft(options: dict[str, Any], origin: str, folder: Path, *, verified: bool = True) -> dict[str, Any]:
    """Have soft-webauthn answer; it keeps its passkey in the folder. By itself it verifies nobody."""
    given = json.dumps({"options": options, "origin": origin, "store": str(folder / "soft.json"), "verified": verified})
    answer: dict[str, Any] = json.loads(run(SOFT, ROOT / "tests" / "identity" / "soft.py", GIVEN=given).stdout)
    return answer


def test_a_passkey_that_nobody_here_wrote_registers_and_signs_in_once_it_verifies_its_user(empty_node: Served) -> None:
    run("deploy/bootstrap.sh", "passkeys")
    _, secret = invited(empty_node.folder, "second")
    origin, own = empty_node.url.replace("127.0.0.1", "localhost"), {"x-registry-session": "1"}
    with httpx.Client(base_url=empty_node.url, headers=own | {"origin": origin}) as http:

        def post(path: str, body: object) -> httpx.Response:
            cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
            answer = http.post(path, json=body, headers={"cookie": cookies} if cookies else {})
            jar.update({name: http.cookies[name] for name in (PROOF, SESSION) if name in http.cookies})
            return answer

        jar: dict[str, str] = {}
        refused = soft(
            post("/session/registration", {"invitation": secret}).json(), origin, empty_node.folder, verified=False
        )
        assert post("/session/registration/made", {"response": refused, "name": "soft"}).status_code == 401

        made = soft(post("/session/registration", {"invitation": secret}).json(), origin, empty_node.folder)
        assert post("/session/registration/made", {"response": made, "name": "soft"}).status_code == 200
        signed = soft(post("/session/passkey", {}).json(), origin, empty_node.folder)
        assert post("/session/passkey/signed", {"response": signed}).status_code == 200
        assert post("/session/case", {"purpose": "oversight"}).status_code == 400


def test_once_two_administrators_are_enrolled_nobody_gets_in_from_the_command_line_alone(tmp_path: Path) -> None:
    settled(tmp_path, 8000)
    first, second = invited(tmp_path, "first"), invited(tmp_path, "second")

    registry(tmp_path, "enrol", "first-administrator", "third", "--agency", AGENCY, "--chain", "third", expected=3)
    registry(tmp_path, "enrol", "invitation", "first", "--agency", AGENCY, expected=3)

    assert first[0] == second[0] == "http://localhost:8000/session/enter"
    assert first[1] != second[1]


def test_the_first_administrator_is_invited_again_while_no_passkey_is_registered(tmp_path: Path) -> None:
    settled(tmp_path, 8000)

    assert invited(tmp_path, "first") != invited(tmp_path, "first")
    said = registry(tmp_path, "enrol", "invitation", "first", "--agency", AGENCY)

    assert "http://localhost:8000/session/enter#" in said
    registry(tmp_path, "enrol", "invitation", "nobody", "--agency", AGENCY, expected=4)


def test_the_operator_sees_and_ends_who_is_signed_in(tmp_path: Path) -> None:
    settled(tmp_path, 8000)
    invited(tmp_path, "first")

    assert registry(tmp_path, "sessions", "list", "first", "--agency", AGENCY) == "Not signed in.\n"
    assert registry(tmp_path, "sessions", "end", "first", "--agency", AGENCY) == "Ended 0.\n"
    registry(tmp_path, "sessions", "list", "nobody", "--agency", AGENCY, expected=4)
