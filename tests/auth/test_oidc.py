"""What an identity provider says, read strictly: ID tokens, logout tokens, addresses and keys. All of it in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from auth import cookies
from auth.oidc import RelyingParty
from auth.provider import Provider
from auth.refusals import SignInRefused
from registry.core.config import Settings
from registry.core.errors import InputRefused, Unavailable
from registry.core.private import write_private
from tests.auth.household import MOMENT, Watch
from tests.auth.tokens import compact, pair, shared_secret, signer

pytestmark = pytest.mark.anyio
ISSUER, CLIENT, HIGH = "https://login.example", "registry-ke", "urn:example:loa:high"
NONCE = "an invented nonce"
GOOD = dict(pair("ES256", 70).jwk)
AT = int(MOMENT.timestamp())
METADATA: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth",
    "pushed_authorization_request_endpoint": f"{ISSUER}/request",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/jwks",
    "authorization_response_iss_parameter_supported": True,
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["private_key_jwt"],
}


@dataclass
class Reply:
    content: bytes
    status: int = 200


@dataclass
class Simulated:
    """A provider in memory."""

    metadata: dict[str, Any] = field(default_factory=lambda: dict(METADATA))
    keys: list[dict[str, Any]] = field(default_factory=lambda: [dict(pair("ES256", 70).jwk)])
    answers: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str] | None]] = field(default_factory=list)

    async def fetch(self, url: str, form: Mapping[str, str] | None) -> Reply:
        self.asked.append((url, form))
        if url in self.answers:
            return self.answers[url]
        return Reply(orjson.dumps({"keys": self.keys} if url.endswith("/jwks") else self.metadata))

    def times(self, path: str) -> int:
        return sum(url == f"{ISSUER}{path}" for url, _ in self.asked)


@pytest.fixture
def simulated() -> Simulated:
    return Simulated()


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def party(simulated: Simulated, clock: Watch) -> RelyingParty:
    provider = Provider(ISSUER, simulated.fetch, clock)
    return RelyingParty(
        provider, CLIENT, pair("ES256", 90).private_pem, "https://registry.example/cb", (HIGH,), clock
    )  # fmt: skip


def token(
    header: Mapping[str, object] | None = None, *, key: int = 70, algorithm: str = "ES256", **changed: Any
) -> str:
    """Return an ID token with some claims changed; None leaves one out."""
    signing = pair("EdDSA" if algorithm == "Ed25519" else algorithm, key)
    claims = {
        "iss": ISSUER, "aud": CLIENT, "sub": "subject-1", "nonce": NONCE, "iat": AT, "exp": AT + 300,
        "auth_time": AT - 60, "acr": HIGH, "sid": "session-1",
    } | changed  # fmt: skip
    whole = {"alg": algorithm, "kid": signing.jwk["kid"]} | dict(header or {})
    return compact(
        {name: value for name, value in whole.items() if value is not None},
        {name: value for name, value in claims.items() if value is not None}, signer(signing.private_pem),
    )  # fmt: skip


async def reason(party: RelyingParty, text: str, **options: Any) -> str:
    with pytest.raises(SignInRefused) as refused:
        await party.checked(text, nonce=NONCE, **options)
    return refused.value.reason


@pytest.mark.parametrize("algorithm", ["ES256", "PS256", "EdDSA", "Ed25519"])
async def test_an_id_token_says_who_it_is_and_since_when(
    party: RelyingParty, simulated: Simulated, algorithm: str
) -> None:
    kind = "EdDSA" if algorithm == "Ed25519" else algorithm
    simulated.keys = [dict(pair(kind, 70).jwk)]

    identity = await party.checked(token(algorithm=algorithm), nonce=NONCE)

    assert (identity.issuer, identity.subject) == (ISSUER, "subject-1")
    assert identity.authenticated_at == MOMENT - timedelta(seconds=60)
    assert identity.provider_session == "session-1"


async def test_our_name_may_stand_alone_in_a_list(party: RelyingParty) -> None:
    assert (await party.checked(token(aud=[CLIENT], azp=CLIENT), nonce=NONCE)).subject == "subject-1"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"iss": "https://login.elsewhere.example"}, "token_issuer_wrong"),
        ({"iss": f"{ISSUER}/"}, "token_issuer_wrong"),
        ({"iss": None}, "token_issuer_wrong"),
        ({"aud": "another-client"}, "audience_wrong"),
        ({"aud": [CLIENT, "another-client"]}, "audience_wrong"),
        ({"aud": None}, "audience_wrong"),
        ({"azp": "another-client"}, "authorized_party_wrong"),
        ({"nonce": "another"}, "nonce_wrong"),
        ({"nonce": None}, "nonce_wrong"),
        ({"nonce": [NONCE]}, "nonce_wrong"),
        ({"exp": AT}, "token_expired"),
        ({"exp": None}, "exp_missing"),
        ({"exp": str(AT + 300)}, "exp_missing"),
        ({"iat": AT + 11}, "iat_in_future"),
        ({"iat": None}, "iat_missing"),
        ({"nbf": AT + 11}, "nbf_in_future"),
        ({"auth_time": AT + 11}, "auth_time_in_future"),
        ({"auth_time": None}, "auth_time_missing"),
        ({"auth_time": AT - 8 * 3600 - 1}, "auth_time_too_old"),
        ({"acr": "urn:example:loa:low"}, "acr_too_low"),
        ({"acr": None}, "acr_too_low"),
        ({"sub": None}, "subject_malformed"),
        ({"sub": ""}, "subject_malformed"),
        ({"sub": "s" * 256}, "subject_malformed"),
        ({"sub": 7}, "subject_malformed"),
        ({"sub": "a\0b"}, "subject_malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(f"{k}={v}"[:40] for k, v in value.items()),
)
async def test_an_id_token_that_breaks_a_rule_lets_nobody_in(
    party: RelyingParty, changed: dict[str, Any], expected: str
) -> None:
    assert await reason(party, token(**changed)) == expected


async def test_ten_seconds_ahead_is_a_clock_and_eight_hours_back_is_still_today(party: RelyingParty) -> None:
    identity = await party.checked(token(iat=AT + 10, nbf=AT + 10, auth_time=AT - 8 * 3600), nonce=NONCE)

    assert identity.authenticated_at == MOMENT - timedelta(hours=8)


async def test_a_proof_that_the_providers_clock_puts_ahead_counts_from_now(party: RelyingParty) -> None:
    assert (await party.checked(token(auth_time=AT + 9), nonce=NONCE)).authenticated_at == MOMENT


async def test_to_prove_anew_needs_a_proof_of_the_last_five_minutes(party: RelyingParty) -> None:
    assert (await party.checked(token(auth_time=AT - 300), nonce=NONCE, anew=True)).subject == "subject-1"
    assert await reason(party, token(auth_time=AT - 301), anew=True) == "auth_time_too_old"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (token({"alg": "none"}), "token_malformed_alg"),
        (token({"alg": "RS256"}), "token_malformed_alg"),
        (compact({"alg": "HS256"}, {}, shared_secret(b"x" * 32)), "token_malformed_alg"),
        (token({"typ": "at+jwt"}), "token_malformed_typ"),
        (token({"typ": "logout+jwt"}), "token_malformed_typ"),
        (token({"crit": ["exp"]}), "token_malformed_crit"),
        ("no token", "token_malformed_token"),
        (token(key=71), "signature_bad"),
        (token({"kid": pair("ES256", 70).jwk["kid"]}, key=71), "signature_bad"),
        (token({"jwk": dict(pair("ES256", 71).jwk)}, key=71), "signature_bad"),
    ],
    ids=["none", "RS256", "HS256", "access", "logout", "crit", "text", "unknown-key", "other-key", "own-key"],
)
async def test_a_token_that_the_provider_has_not_signed_lets_nobody_in(
    party: RelyingParty, text: str, expected: str
) -> None:
    assert await reason(party, text) == expected


# -- keys and addresses


async def test_a_new_key_of_the_provider_is_found_but_asked_for_every_thirty_seconds_at_most(
    party: RelyingParty, simulated: Simulated, clock: Watch
) -> None:
    await party.checked(token(), nonce=NONCE)
    for _ in range(5):
        await reason(party, token(key=71))
    assert simulated.times("/jwks") == 1

    simulated.keys = [dict(pair("ES256", 71).jwk)]
    clock.wait(30)

    assert (await party.checked(token(key=71), nonce=NONCE)).subject == "subject-1"
    assert simulated.times("/jwks") == 2


async def test_keys_and_addresses_are_read_anew_after_an_hour(
    party: RelyingParty, simulated: Simulated, clock: Watch
) -> None:
    await party.checked(token(), nonce=NONCE)
    simulated.keys = []
    clock.wait(3600)

    assert await reason(party, token(exp=AT + 7200)) == "signature_bad"
    assert simulated.times("/.well-known/openid-configuration") == 2


async def test_keys_that_are_not_for_signatures_are_left_out(party: RelyingParty, simulated: Simulated) -> None:
    good = dict(pair("ES256", 70).jwk)
    simulated.keys = [{"kty": "oct", "k": "AAAA"}, good | {"use": "enc", "kid": "e"}, {"kty": "EC"}, good]

    assert (await party.checked(token(), nonce=NONCE)).subject == "subject-1"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "https://login.elsewhere.example"},
        {"authorization_response_iss_parameter_supported": False},
        {"code_challenge_methods_supported": ["plain"]},
        {"token_endpoint_auth_methods_supported": ["client_secret_basic"]},
        {"pushed_authorization_request_endpoint": None},
        {"token_endpoint": "http://login.example/token"},
        {"jwks_uri": f"{ISSUER}/jwks#fragment"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_provider_that_does_not_offer_what_is_needed_is_not_used(
    party: RelyingParty, simulated: Simulated, clock: Watch, change: dict[str, Any]
) -> None:
    simulated.answers[f"{ISSUER}/request"] = Reply(b'{"request_uri": "urn:example:1"}', 201)
    before = await party.begin(cookies.secret())
    simulated.metadata |= change
    clock.wait(3600)

    with pytest.raises(Unavailable) as refused:
        await party.begin(cookies.secret())

    assert "request_uri" in before, "it is what changed that is refused"
    assert refused.value.code == "IDENTITY_UNAVAILABLE"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(orjson.dumps({"keys": [GOOD]}), 500),
        Reply(orjson.dumps({"keys": [GOOD]}), 302),
        Reply(b"\xff"),
        Reply(b"[]"),
        Reply(b'{"a":1,"a":2}'),
        Reply(b'{"keys":{}}'),
        Reply(orjson.dumps({"keys": [GOOD] * 33})),
    ],
    ids=["error", "redirect", "bytes", "array", "twice", "keys", "many"],
)
async def test_an_answer_that_is_none_lets_nobody_in(party: RelyingParty, simulated: Simulated, reply: Reply) -> None:
    simulated.answers[f"{ISSUER}/jwks"] = reply

    with pytest.raises(Unavailable):
        await party.checked(token(), nonce=NONCE)


async def test_who_comes_back_with_neither_a_code_nor_an_error_is_not_signed_in(party: RelyingParty) -> None:
    secret = cookies.secret()

    with pytest.raises(SignInRefused) as refused:
        await party.finish(secret, {"state": cookies.derived(secret, "state"), "iss": ISSUER})

    assert refused.value.reason == "provider_refused"


@pytest.mark.parametrize("body", [{}, {"id_token": 7}], ids=["missing", "number"])
async def test_a_token_answer_without_an_id_token_lets_nobody_in(
    party: RelyingParty, simulated: Simulated, body: dict[str, Any]
) -> None:
    secret = cookies.secret()
    simulated.answers[f"{ISSUER}/token"] = Reply(orjson.dumps(body))
    said = {"state": cookies.derived(secret, "state"), "iss": ISSUER, "code": "a code"}

    with pytest.raises(Unavailable):
        await party.finish(secret, said)


async def test_a_push_without_a_reference_sends_nobody_anywhere(party: RelyingParty, simulated: Simulated) -> None:
    simulated.answers[f"{ISSUER}/request"] = Reply(b"{}", 201)

    with pytest.raises(Unavailable):
        await party.begin(cookies.secret())


# -- the provider says that somebody has signed out


def logout(header: Mapping[str, object] | None = None, **changed: Any) -> str:
    events: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
    claims: dict[str, Any] = {
        "events": events,
        "jti": "0123456789abcdef",
        "nonce": None,
        "auth_time": None,
        "acr": None,
    }
    return token({"typ": "logout+jwt"} | dict(header or {}), **claims | changed)


async def test_a_logout_token_names_a_session_and_a_subject(party: RelyingParty) -> None:
    ended = await party.ended(logout())

    assert (ended.subject, ended.provider_session) == ("subject-1", "session-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (logout({"typ": "JWT"}), "token_malformed_typ"),
        (logout({"typ": None}), "token_malformed_typ"),
        (logout(nonce=NONCE), "no_logout_token"),
        (logout(events=None), "no_logout_token"),
        (logout(events={}), "no_logout_token"),
        (logout(sub=None, sid=None), "no_logout_token"),
        (logout(aud="another-client"), "audience_wrong"),
        (logout(iss="https://login.elsewhere.example"), "token_issuer_wrong"),
        (logout(iat=AT - 121), "token_expired"),
        (logout(exp=AT), "token_expired"),
        (logout(jti="short"), "jti_malformed"),
        (logout(key=71), "signature_bad"),
    ],
    ids=["jwt", "no-typ", "nonce", "no-events", "other-event", "nobody", "aud", "iss", "old", "expired", "jti", "key"],
)
async def test_a_logout_token_that_is_none_ends_nothing(party: RelyingParty, text: str, expected: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        await party.ended(text)

    assert refused.value.reason == expected


# -- settings


def test_a_node_without_a_provider_has_none() -> None:
    assert RelyingParty.of(Settings(), Watch()) is None


def test_the_four_settings_belong_together() -> None:
    with pytest.raises(InputRefused) as refused:
        Settings(identity_issuer=ISSUER)

    assert refused.value.field == "identity_issuer"


@pytest.mark.parametrize("issuer", ["http://login.example", "login.example", "https://a@login.example"])
def test_a_provider_is_asked_in_private_only(issuer: str) -> None:
    with pytest.raises(InputRefused):
        Settings(identity_issuer=issuer, identity_client_id="c", identity_key_file="k", identity_acr="a")


def test_a_node_does_not_start_with_a_key_that_is_none(tmp_path: Path) -> None:
    write_private(tmp_path / "identity.pem", "an invented text that is no key at all")
    settings = Settings(
        identity_issuer=ISSUER, identity_client_id=CLIENT, identity_acr=HIGH,
        identity_key_file=str(tmp_path / "identity.pem"),
    )  # fmt: skip

    with pytest.raises(InputRefused) as refused:
        RelyingParty.of(settings, Watch())

    assert refused.value.field == "identity_key_file"
