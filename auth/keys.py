"""Private keys: the node's own, which signs access tokens, and those made for demonstration and clients.

key = load_signing_key(settings.signing_key_file)     PEM (PKCS #8), P-256, mode 0600
pair = generate_client_key("ES256")                   pair.private_pem stays there, pair.jwk is enrolled
make_assertion("ke-dci-desk", issuer, pair.private_pem, now)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from auth import dpop, jose, jwk
from registry.core.errors import InputRefused
from registry.core.ids import new_id
from registry.core.secret_files import read_secret

ASSERTION_LIFE = timedelta(seconds=60)
SIGNED_WITH = {"EC": "ES256", "RSA": "PS256", "OKP": "EdDSA"}
"""The algorithm that each kind of key signs with."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The node's signing key; printing it shows its name only."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def public(self) -> jwk.VerifyingKey:
        """The half that anybody may have."""
        return jwk.of_material(self.private.public_key())


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key: the private half to keep, the public half to enrol."""

    private_pem: str = field(repr=False)
    jwk: Mapping[str, str]


def load_signing_key(path: str) -> SigningKey:
    """Read the node's key; raises InputRefused when the file is missing, exposed or holds another kind of key."""
    return signing_key(read_secret(path, field="signing_key_file").decode("ascii", "replace"))


def signing_key(pem: str) -> SigningKey:
    """Return the signing key that stands in a PEM text."""
    key = read_private(pem, "signing_key_file")
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _refused("signing_key_file")
    return SigningKey(jwk.of_material(key.public_key()).kid, key)


def generate_signing_key() -> KeyPair:
    """Make a key for a node."""
    return generate_client_key("ES256")


def generate_client_key(algorithm: str = "ES256") -> KeyPair:
    """Make a key for a client that will sign with ES256, PS256 or EdDSA."""
    key: jwk.PrivateKey
    match jwk.ALGORITHMS[algorithm]:
        case "EC":
            key = ec.generate_private_key(ec.SECP256R1())
        case "RSA":
            key = rsa.generate_private_key(public_exponent=65537, key_size=jwk.LEAST_RSA_BITS)
        case _:
            key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return KeyPair(pem.decode(), dict(jwk.of_material(key.public_key()).jwk))


def make_assertion(client_id: str, issuer: str, private_pem: str, now: datetime) -> str:
    """Return a client assertion (RFC 7523) that lives a minute and can be used once."""
    key = read_private(private_pem, "key")
    public = jwk.of_material(key.public_key())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": issuer,
        "iat": int(now.timestamp()),
        "exp": int((now + ASSERTION_LIFE).timestamp()),
        "jti": str(new_id()),
    }
    return jose.sign(claims, key, algorithm=SIGNED_WITH[public.jwk["kty"]], kid=public.kid, kind="JWT")


def make_proof(
    private_pem: str, method: str, url: str, now: datetime, *, token: str | None = None, nonce: str | None = None
) -> str:
    """Return a proof (RFC 9449, 4.2) that whoever sends one request holds this key; at the resource with the token."""
    key = read_private(private_pem, "proof_key_file")
    public = {name: value for name, value in jwk.of_material(key.public_key()).jwk.items() if name != "kid"}
    claims: dict[str, object] = {"jti": str(new_id()), "htm": method, "htu": url, "iat": int(now.timestamp())}
    if token is not None:
        claims["ath"] = dpop.digest(token)
    if nonce is not None:
        claims["nonce"] = nonce
    return jose.sign(claims, key, algorithm=SIGNED_WITH[public["kty"]], kind="dpop+jwt", jwk=public)


def make_grant(
    agency: str, issuer: str, private_pem: str, now: datetime, *, acr: str, details: Mapping[str, object]
) -> str:
    """Return an officer grant (officer_grants.py) as the agency signs it for somebody who has just signed in there."""
    key = read_private(private_pem, "authority_key_file")
    public = jwk.of_material(key.public_key())
    at = int(now.timestamp())
    claims = {
        "iss": agency, "sub": details["officer"], "aud": issuer, "iat": at, "auth_time": at, "acr": acr,
        "exp": int((now + ASSERTION_LIFE).timestamp()), "jti": str(new_id()), "authorization_details": [dict(details)],
    }  # fmt: skip
    algorithm = SIGNED_WITH[public.jwk["kty"]]
    return jose.sign(claims, key, algorithm=algorithm, kid=public.kid, kind="authorization-grant+jwt")


def read_private(pem: str, setting: str) -> jwk.PrivateKey:
    """Return the private key that stands in a PEM text; raises InputRefused (KEY_REFUSED) naming the setting."""
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):  # TypeError: the key is encrypted
        raise _refused(setting) from None
    is_p256 = isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)
    if is_p256 or isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        assert isinstance(key, jwk.PrivateKey)
        return key
    raise _refused(setting)


def _refused(setting: str) -> InputRefused:
    remedy = "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    return InputRefused("is not an unencrypted private key of an accepted kind.", field=setting, code="KEY_REFUSED",
                        remedy=remedy)  # fmt: skip
