"""A client that nobody here wrote: each part of each request made by hand, by the real clock, spoken over real HTTP.

party = Party(http, "ES256", nonces=False)
party.ask()                                        a token request, answered
party.query(party.token())                         a question at the resource
party.proof(claims={"htm": None})                  a proof in which one thing is wrong; None leaves it out

A nonce that is asked for is put into the next try, as RFC 9449 (8 and 9) has it.
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any

import httpx

from auth.keys import KeyPair
from tests.auth.tokens import Signer, compact, pair, signer

ISSUER = "https://registry.example"
TOKEN, GRAPHQL = f"{ISSUER}/oauth/token", f"{ISSUER}/graphql"
ALGORITHMS = ("ES256", "PS256", "Ed25519")
AGENCY, OFFICER = "ke-invented", "INV/20417"
DETAILS = {
    "type": "urn:registry:query:v1", "purpose": "criminal_investigation", "case_reference": "CR 12/2026",
    "legal_basis": "KE-SOA-39-13", "officer": OFFICER,
}  # fmt: skip
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
QUESTION = {"query": "{ __typename }"}
Part = Mapping[str, object] | None

_numbers = count()


def new_jti() -> str:
    """Return a name that no other token or proof of this run has."""
    return f"{time.time_ns():x}-{next(_numbers)}"


def kind(algorithm: str) -> str:
    """Return the algorithm that a key is made for: Ed25519 is another name of EdDSA."""
    return "EdDSA" if algorithm == "Ed25519" else algorithm


@cache
def signing(keys: str) -> Signer:
    """Return what signs with a private key; reading one takes longer than signing."""
    return signer(keys)


def changed(part: dict[str, object], by: Part) -> dict[str, object]:
    """Return a part with members changed; None leaves one out."""
    return {name: value for name, value in (part | dict(by or {})).items() if value is not None}


def digest(token: str) -> str:
    """Return the ``ath`` of a token."""
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Party:
    """One client, with a key to prove itself and another that its tokens are bound to."""

    http: httpx.Client
    algorithm: str
    nonces: bool
    number: int = 1
    """Of two clients that are alike."""
    nonce: str | None = None
    _token: tuple[float, str] | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """Its name at the register."""
        return f"{self.algorithm}{'-nonces' if self.nonces else ''}-{self.number}"

    @property
    def keys(self) -> KeyPair:
        """The key it is enrolled with."""
        return pair(kind(self.algorithm), 10 + self.number)

    @property
    def held(self) -> KeyPair:
        """The key that its tokens are bound to."""
        return pair(kind(self.algorithm), 20 + self.number)

    def assertion(self, claims: Part = None, header: Part = None, sign: Signer | None = None) -> str:
        """Return a proof of who the client is."""
        now = int(time.time())
        said: dict[str, object] = {
            "iss": self.id, "sub": self.id, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": new_jti(),
        }  # fmt: skip
        head: dict[str, object] = {"alg": self.algorithm, "kid": self.keys.jwk["kid"], "typ": "JWT"}
        return compact(changed(head, header), changed(said, claims), sign or signing(self.keys.private_pem))

    def proof(
        self, claims: Part = None, header: Part = None, sign: Signer | None = None, *, url: str = GRAPHQL,
        token: str | None = None,
    ) -> str:  # fmt: skip
        """Return a proof that the client holds its key, for the token endpoint or with a token for the resource."""
        said: dict[str, object] = {"jti": new_jti(), "htm": "POST", "htu": url, "iat": int(time.time())}
        said |= {"ath": digest(token)} if token else {}
        said |= {"nonce": self.nonce} if self.nonces and self.nonce else {}
        head: dict[str, object] = {"alg": self.algorithm, "typ": "dpop+jwt", "jwk": self.jwk}
        return compact(changed(head, header), changed(said, claims), sign or signing(self.held.private_pem))

    @property
    def jwk(self) -> dict[str, str]:
        """The public half of the key that tokens are bound to."""
        return {name: value for name, value in self.held.jwk.items() if name != "kid"}

    def grant(self, claims: Part = None, header: Part = None, sign: Signer | None = None) -> str:
        """Return the word of the agency's authority for its officer."""
        now = int(time.time())
        key = pair(kind(self.algorithm), 30)
        said: dict[str, object] = {
            "iss": AGENCY, "sub": OFFICER, "aud": ISSUER, "iat": now, "exp": now + 60, "jti": new_jti(),
            "auth_time": now - 60, "acr": "urn:example:loa:high", "authorization_details": [DETAILS],
        }  # fmt: skip
        head: dict[str, object] = {
            "alg": self.algorithm, "kid": key.jwk["kid"], "typ": "authorization-grant+jwt",
        }  # fmt: skip
        return compact(changed(head, header), changed(said, claims), sign or signing(key.private_pem))

    def form(self, **parameters: str | None) -> dict[str, str]:
        """Return a token request with parameters changed; None leaves one out."""
        usual = {
            "grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(),
        }  # fmt: skip
        return {name: value for name, value in (usual | parameters).items() if value is not None}

    def ask(
        self, make: Callable[[], dict[str, str]] | None = None, proofs: Callable[[], tuple[str, ...]] | None = None,
        *, to: str = "/oauth/token",
    ) -> httpx.Response:  # fmt: skip
        """Post a form with proofs; both are made anew when a nonce is asked for."""
        made = proofs or (lambda: (self.proof(url=TOKEN),))
        return self._with_nonce(
            lambda: self.http.post(to, data=(make or self.form)(), headers=[("DPoP", each) for each in made()])
        )

    def token(self) -> str:
        """Return an access token; it serves for many questions."""
        if self._token is None or self._token[0] < time.monotonic() - 200:
            answer = self.ask()
            assert answer.status_code == 200, answer.text
            self._token = time.monotonic(), answer.json()["access_token"]
        return self._token[1]

    def query(
        self, token: str, proofs: Callable[[], tuple[str, ...]] | None = None, *, scheme: str = "DPoP",
        header: str = "DPoP", path: str = "/graphql",
    ) -> httpx.Response:  # fmt: skip
        """Ask a question with a token and proofs."""
        made = proofs or (lambda: (self.proof(token=token),))
        return self._with_nonce(
            lambda: self.http.post(
                path, json=QUESTION,
                headers=[("Authorization", f"{scheme} {token}"), *((header, each) for each in made())],
            )
        )  # fmt: skip

    def _with_nonce(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        answer = send()
        said: str = answer.headers.get("www-authenticate", "") + str(_member(answer, "error"))
        if "use_dpop_nonce" in said:
            self.nonce = answer.headers["dpop-nonce"]
            answer = send()
        return answer


def _member(answer: httpx.Response, name: str) -> Any:  # Any: JSON
    body = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
    return body.get(name) if isinstance(body, dict) else None


def is_answered(answer: httpx.Response) -> bool:
    """Say whether a question was answered."""
    return answer.status_code == 200 and "data" in answer.json()
