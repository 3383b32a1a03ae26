"""What PyJWT would let pass and a register can't: each trap on its own."""

import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import given, strategies as st

from auth import jose, jwk
from auth.assertion import PROFILE
from auth.jwk import ALGORITHMS, key_set
from registry.core.errors import Unauthenticated
from tests.auth.household import desk
from tests.auth.tokens import compact, encoded, pair, shared_secret, signer

NESTED = "[" * 5000 + "]" * 5000


def refusal(token: str) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        PROFILE.parse(token)
    return caught.value


def is_good(token: str, *keys: dict[str, str]) -> bool:
    """Whether some enrolled key, by default the desk's own, signed the token."""
    found = PROFILE.parse(token)
    jwks = key_set({"keys": list(keys) or [dict(desk().keys.jwk)]})
    return jose.is_signed(found, jose.chosen(jwks, found))


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_a_signature_of_an_enrolled_key_is_good(algorithm: str) -> None:
    client = desk(algorithm)

    assert is_good(client.assertion(), dict(client.keys.jwk))


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_a_signature_of_another_key_is_not(algorithm: str) -> None:
    client = desk(algorithm)
    other = pair("EdDSA" if algorithm == "Ed25519" else algorithm, 1)

    token = compact(client.header(), client.claims(), signer(other.private_pem))

    assert not is_good(token, dict(client.keys.jwk))


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_nothing_is_good_without_an_enrolled_key(algorithm: str) -> None:
    assert not jose.is_signed(PROFILE.parse(desk(algorithm).assertion()), None)


def test_a_stand_in_is_never_believed_even_if_it_verifies() -> None:
    found = PROFILE.parse(desk().assertion())
    stand_ins = pytest.MonkeyPatch()
    stand_ins.setitem(jwk.STAND_INS, "ES256", dict(desk().keys.jwk))

    assert not jose.is_signed(found, None)

    stand_ins.undo()


def test_altered_claims_are_not_good() -> None:
    header, _, signature = desk().assertion().split(".")
    claims = encoded(json.dumps(desk().claims(sub="another")).encode())

    assert not is_good(f"{header}.{claims}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS256", "ES384", "ES256K", "", None, 1, ["ES256"]])
def test_an_algorithm_that_is_not_listed_is_refused(algorithm: object) -> None:
    assert refusal(desk().assertion({"alg": algorithm})).field == "alg"


@pytest.mark.parametrize("secret", ["pem", "der", "jwk", "empty"])
def test_a_public_key_is_no_shared_secret(secret: str) -> None:
    key = load_pem_private_key(desk().keys.private_pem.encode(), password=None).public_key()
    secrets = {
        "pem": key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jwk": json.dumps(dict(desk().keys.jwk)).encode(),
        "empty": b"",
    }

    token = compact(desk().header(alg="HS256"), desk().claims(), shared_secret(secrets[secret]))

    assert refusal(token).field == "alg"


@pytest.mark.parametrize("kind", ["at+jwt", "dpop+jwt", "logout+jwt", "jwt2", 1, ["JWT"]])
def test_a_token_of_another_kind_is_refused(kind: object) -> None:
    assert refusal(desk().assertion({"typ": kind})).field == "typ"


@pytest.mark.parametrize(
    "kind", [None, "JWT", "jwt", "client-authentication+jwt", "application/client-authentication+jwt"]
)
def test_the_kinds_of_an_assertion_are_accepted(kind: str | None) -> None:
    assert is_good(desk().assertion({"typ": kind}))


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_that_the_header_brings_is_not_used(name: str) -> None:
    other = pair("ES256", 1)
    header = desk().header(**{name: dict(other.jwk) if name == "jwk" else "https://evil.example/keys"})

    assert not is_good(compact(header, desk().claims(), signer(other.private_pem)))


def test_a_shared_secret_in_the_header_is_not_used() -> None:
    brought = {"kty": "oct", "k": encoded(b"0" * 32)}
    header = desk().header(alg="HS256", jwk=brought)

    assert refusal(compact(header, desk().claims(), shared_secret(b"0" * 32))).field == "alg"


@pytest.mark.parametrize("crit", [["b64"], ["exp"], [], None])
def test_extensions_that_must_be_understood_are_refused(crit: object) -> None:
    header = desk().header() | {"crit": crit, "b64": False}

    assert refusal(compact(header, desk().claims(), signer(desk().keys.private_pem))).field == "crit"


def test_an_unencoded_payload_is_not_good() -> None:
    assert not is_good(desk().assertion({"b64": False}))


@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1 --", "https://evil.example/key", "unknown", ""])
def test_a_key_name_is_only_looked_up(kid: str) -> None:
    assert not is_good(desk().assertion({"kid": kid}))


@pytest.mark.parametrize("kid", ["x" * 129, 7, {"a": 1}])
def test_a_key_name_is_a_short_text(kid: object) -> None:
    assert refusal(desk().assertion({"kid": kid})).field == "kid"


def test_without_a_key_name_two_keys_that_fit_are_one_too_many() -> None:
    keys = [dict(pair("ES256", number).jwk) for number in (0, 1)]

    assert not is_good(desk().assertion({"kid": None}), *keys)


def test_a_key_is_not_used_with_the_algorithm_of_another_kind() -> None:
    token = desk("EdDSA").assertion({"kid": desk().keys.jwk["kid"]})

    assert not is_good(token, dict(desk().keys.jwk), dict(desk("EdDSA").keys.jwk))


@pytest.mark.parametrize("part", ["header", "claims"])
@pytest.mark.parametrize(
    "text",
    ['{"alg":"ES256","alg":"none"}', '{"a":{"b":1,"b":2}}', "[]", "1", "null", "", "{", '{"a":NaN}', '{"a":-Infinity}',
     f'{{"a":{"9" * 5000}}}', f'{{"a":{NESTED}}}', "\ud800"],
    ids=["twice", "twice inside", "list", "number", "null", "empty", "open", "NaN", "Infinity", "digits", "nested",
         "utf8"],
)  # fmt: skip
def test_what_two_readers_could_read_differently_is_refused(part: str, text: str) -> None:
    parts: dict[str, object] = {"header": desk().header(), "claims": desk().claims()} | {part: text}

    token = ".".join(  # by hand: an empty part is no part
        encoded((each if isinstance(each, str) else json.dumps(each)).encode("utf-8", "surrogatepass"))
        for each in (*parts.values(), "x")
    )

    assert refusal(token[: jose.LONGEST]).field in (part, "token")


@pytest.mark.parametrize(
    "change",
    [lambda token: token + "=", lambda token: token + "==", lambda token: token + ".x", lambda token: "." + token,
     lambda token: token.replace(".", ""), lambda token: token + "\n", lambda token: " " + token,
     lambda token: token + "é", lambda token: token + "\x00", lambda token: token[:0], lambda token: token[:0] + "..",
     lambda token: "x" + token],
)  # fmt: skip
def test_a_token_is_written_in_one_way(change: object) -> None:
    assert callable(change)

    assert refusal(change(desk().assertion())).field in ("token", "header")


def test_a_long_token_is_refused_before_it_is_read() -> None:
    error = refusal(desk().assertion(padding="x" * jose.LONGEST))

    assert error.field == "token"
    assert "longer" in error.message


def test_a_token_may_have_8192_characters_and_a_key_name_128() -> None:
    keys = dict(desk().keys.jwk) | {"kid": "x" * 128}
    shortest = len(desk().assertion({"kid": "x" * 128}, padding=""))
    padded = next(
        token
        for more in range(8000 * 3 // 4 - shortest, 8192)
        if len(token := desk().assertion({"kid": "x" * 128}, padding="x" * more)) >= jose.LONGEST
    )

    assert len(padded) == jose.LONGEST
    assert is_good(padded, keys)


@given(st.text(max_size=300))
def test_any_text_is_refused_calmly(text: str) -> None:
    assert refusal(text).code == "ASSERTION_REFUSED"


@given(
    st.dictionaries(
        st.sampled_from(["alg", "typ", "kid", "crit", "b64", "jwk"]),
        st.one_of(st.none(), st.integers(), st.text(), st.lists(st.text()), st.sampled_from(["ES256", "PS256", "JWT"])),
    )
)
def test_no_header_makes_an_unsigned_token_good(header: dict[str, object]) -> None:
    token = compact(header, desk().claims(), lambda _: b"\x01" * 64)

    try:
        good = is_good(token)
    except Unauthenticated:
        return
    assert not good
