"""What a request of the load shows: a token, and a proof made for it by the key that it is bound to (RFC 9449).

    holder = Holder.of(folder / "investigator.toml")        asks for a token
    holder.headers()                                        for one request: a proof is good once, and for a minute

A proof names the node's own address, whatever is asked: a twin takes the node's tokens, and stands elsewhere. To sign
takes a tenth of a millisecond of whoever asks; the generator's own processor time is told apart from the server's.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from auth import dpop, jose, jwk
from auth.jwk import PrivateKey
from auth.keys import read_private
from registry.cli import asking
from registry.core.clock import now
from registry.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Holder:
    """A token, the key that it is bound to, and the address that both are for."""

    token: str
    key: str
    url: str

    @classmethod
    def of(cls, client_file: Path) -> "Holder":
        """Return a holder of a new token, good for five minutes."""
        client = asking.read(client_file)
        return cls(client.token()["access_token"], client.proof_key(), f"{client.url}/graphql")

    def headers(self) -> dict[str, str]:
        """Return what one request by POST shows."""
        private, public = _halves(self.key)
        claims = {
            "jti": str(new_id()), "htm": "POST", "htu": self.url, "iat": int(now().timestamp()),
            "ath": dpop.digest(self.token),
        }  # fmt: skip
        proof = jose.sign(claims, private, algorithm="ES256", kind="dpop+jwt", jwk=public)
        return {"Authorization": f"DPoP {self.token}", "DPoP": proof}


@cache
def _halves(pem: str) -> tuple[PrivateKey, dict[str, str]]:
    """Return a key's halves: to read it takes as long as to sign."""
    private = read_private(pem, "key")
    public = jwk.of_material(private.public_key()).jwk
    return private, {name: value for name, value in public.items() if name != "kid"}
