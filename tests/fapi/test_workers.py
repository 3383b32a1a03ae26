"""What one worker learns, all know: tokens given back, and keys that are exchanged while they serve."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta

from auth import signing
from auth.keys import load_signing_key
from registry.core.clock import now
from registry.core.key_providers import open_sealer
from tests.fapi.conftest import Served
from tests.fapi.party import ASSERTION_TYPE, Party, is_answered


def kid_of(token: str) -> str:
    """Return the name of the key that signed a token."""
    part = token.split(".", maxsplit=1)[0]
    kid: str = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))["kid"]
    return kid


def named(party: Party, token: str) -> dict[str, str]:
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": party.assertion(), "token": token}


def test_a_token_that_is_given_back_is_refused_by_every_worker(party: Party, other: Party) -> None:
    token = party.ask().json()["access_token"]
    before = other.ask(lambda: named(other, token), lambda: (), to="/oauth/introspect").json()
    assert is_answered(party.query(token))

    answer = party.ask(lambda: named(party, token), lambda: (), to="/oauth/revoke")

    assert (answer.status_code, before["active"]) == (200, True)
    assert [is_answered(party.query(token)) for _ in range(6)] == [False] * 6
    assert other.ask(lambda: named(other, token), lambda: (), to="/oauth/introspect").json() == {"active": False}


def test_a_new_signing_key_reaches_every_worker_and_old_tokens_stay_good(nodes: Callable[[str], Served]) -> None:
    served = nodes("three workers")
    party = served.party("ES256", nonces=False)
    old = party.ask().json()["access_token"]
    file, sealer = load_signing_key(served.settings.signing_key_file), open_sealer(served.settings)

    served.change(lambda db: signing.rotate(db, sealer, file, now(), ahead=timedelta(0)))

    everybody_knows = time.monotonic() + 2 * signing.REFRESH_SECONDS
    while time.monotonic() < everybody_knows:  # of no answer can be told whether its worker has looked
        assert is_answered(party.query(old))
    signed_anew = {party.ask().json()["access_token"] for _ in range(12)}
    published = [key["kid"] for key in served.http.get("/oauth/jwks").json()["keys"]]
    assert {kid_of(token) for token in signed_anew} == {published[0]} != {kid_of(old)}
    assert kid_of(old) in published
    assert all(is_answered(party.query(token)) for token in [old] * 6 + sorted(signed_anew)[:6])
