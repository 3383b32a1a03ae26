"""What a client does to ask a node: prove who it is, get a token, and show with each request that it holds its key.

    client = read(Path("investigator.toml"))
    token = client.token()["access_token"]                                 one officer, purpose and case
    answer = client.post("/graphql", token, json={"query": "…"})           with a proof made for this request

What stands in the file:

    url = "https://registry.example"
    client = "demo-desk"
    key_file = "desk.pem"                      who it is (RFC 7523); files stand beside this one
    proof_key_file = "desk.proof.pem"          what its tokens are bound to (RFC 9449); made when it is not there
    officer = "DEMO-1001"
    purpose = "criminal_investigation"
    case_reference = "CR 12/2026"
    legal_basis = "KE-SOA-39-13"
    agreement = "NL-2026-01"                   of a partner; also actions = ["search"]
    agency = "nl-police"                       with the two below the agency itself signs for its officer
    authority_key_file = "authority.pem"
    acr = "urn:example:loa:high"               how the officer signed in there
    certificate_file = "desk.crt"              with its key, in the place of proofs (RFC 8705)
    certificate_key_file = "desk.key"
    ca_file = "ca.crt"                         who issued the node's certificate, where that is nobody public
    receipts_file = "desk.receipts"            each answer's receipt is added there: registry audit receipt checks them
"""

import ssl
import tomllib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from auth.details import TYPE
from auth.keys import generate_client_key, make_assertion, make_grant, make_proof
from registry.audit.receipts import HEADER
from registry.core.clock import now
from registry.core.errors import Forbidden, InputRefused, Unavailable
from registry.core.private import write_private
from registry.core.secret_files import read_secret

TIMEOUT = httpx.Timeout(15.0)
CASE = ("purpose", "case_reference", "legal_basis", "officer")
BOUNDS = ("agreement", "actions")
_ASSERTED = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_GRANTED = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Holder(httpx.Auth):
    """Shows a token with each request, and a proof made for it; when a nonce is asked for, once more with that."""

    def __init__(self, private_pem: str, token: str | None = None, nonce: str | None = None):
        self.pem, self.token, self.nonce = private_pem, token, nonce

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign, send, and where the node wants a nonce, sign and send again."""
        response = yield self.signed(request)
        if "use_dpop_nonce" in response.headers.get("WWW-Authenticate", ""):
            self.nonce = response.headers.get("DPoP-Nonce")
            yield self.signed(request)

    def signed(self, request: httpx.Request) -> httpx.Request:
        """Return the request with what it has to show."""
        url = str(request.url.copy_with(query=None, fragment=None))
        request.headers["DPoP"] = make_proof(
            self.pem, request.method, url, now(), token=self.token, nonce=self.nonce
        )  # fmt: skip
        if self.token is not None:
            request.headers["Authorization"] = f"DPoP {self.token}"
        return request


@dataclass(frozen=True, slots=True)
class Client:
    """A machine client, as its file describes it."""

    file: Path
    values: Mapping[str, Any]

    @property
    def url(self) -> str:
        """The node's address, which is its name as issuer too."""
        return str(self.values["url"])

    @property
    def has_certificate(self) -> bool:
        """Whether its connection proves who holds a token, so that no proofs are needed."""
        return "certificate_file" in self.values

    def token(self, case: str | None = None, proof: str | None = None) -> dict[str, Any]:
        """Return the token endpoint's answer; with ``proof`` the token is bound to the key of whoever signed that.

        Raises InputRefused, Forbidden, Unavailable.
        """
        answer = self._asked_for_token(case, None, proof)
        told = _read(answer)
        if told.get("error") == "use_dpop_nonce" and proof is None:
            # RFC 9449, 8. The assertion may be used up, so that is made anew as well.
            told = _read(self._asked_for_token(case, answer.headers.get("DPoP-Nonce")))
        if "access_token" not in told:
            raise Forbidden(str(told.get("error_description")), code=str(told.get("code") or told.get("error")))
        return told

    def grant(self, case: str | None = None, at: datetime | None = None) -> str:
        """Return the agency's own signature for officer, purpose and case. Raises InputRefused."""
        agency, acr = self._given("agency"), self._given("acr")
        details = self._details(case)
        if details is None:
            raise _malformed("officer", self.file)
        return make_grant(agency, self.url, self._key("authority_key_file"), at or now(), acr=acr, details=details)

    def post(self, path: str, token: str, **content: Any) -> dict[str, Any]:  # Any: what httpx sends
        """Return the answer to a request with this token. Raises Unavailable."""
        if self.has_certificate:
            return _read(self._sent(path, headers={"Authorization": f"Bearer {token}"}, **content))
        return _read(self._sent(path, auth=Holder(self.proof_key(), token), **content))

    def proof_key(self) -> str:
        """Return the key that its tokens are bound to; it is made when it is not there."""
        path = self._beside(self.values.get("proof_key_file", f"{self.file.stem}.proof.pem"))
        if not path.exists():
            write_private(path, generate_client_key().private_pem)
        return read_secret(str(path), field="proof_key_file").decode("ascii", "replace")

    def _asked_for_token(self, case: str | None, nonce: str | None, proof: str | None = None) -> httpx.Response:
        key = self._key("key_file")
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTED,
            "client_assertion": make_assertion(self.values["client"], self.url, key, now()),
        }
        if "authority_key_file" in self.values:
            form |= {"grant_type": _GRANTED, "assertion": self.grant(case)}
        elif (details := self._details(case)) is not None:
            form["authorization_details"] = orjson.dumps([details]).decode()
        if self.has_certificate:
            return self._sent("/oauth/token", data=form)
        made = proof or make_proof(self.proof_key(), "POST", f"{self.url}/oauth/token", now(), nonce=nonce)
        return self._sent("/oauth/token", data=form, headers={"DPoP": made})

    def _details(self, case: str | None) -> dict[str, Any] | None:
        if not all(name in self.values for name in CASE):
            return None
        held = {name: self.values[name] for name in (*CASE, *BOUNDS) if name in self.values}
        return {"type": TYPE} | held | ({"case_reference": case} if case else {})

    def _sent(self, path: str, **content: Any) -> httpx.Response:
        url = f"{self.url}{path}"
        try:
            with httpx.Client(timeout=TIMEOUT, trust_env=False, verify=self._tls()) as http:
                return self._kept(http.post(url, **content))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:  # ValueError: a port beyond 65535
            raise Unavailable(
                f"{url} does not answer ({type(problem).__name__}).", remedy="Is the node up?"
            ) from problem

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        """Keep the receipt of an answer, one line each."""
        if "receipts_file" in self.values and HEADER in answer.headers:
            with self._beside(self._given("receipts_file")).open("a", encoding="ascii") as file:
                file.write(f"{answer.headers[HEADER]}\n")
        return answer

    def _tls(self) -> ssl.SSLContext | bool:
        """Return how the node is known, and what this client shows of itself."""
        if not self.has_certificate and "ca_file" not in self.values:
            return True
        try:
            context = ssl.create_default_context(cafile=self._optional("ca_file"))
            if self.has_certificate:
                self._key("certificate_key_file")
                context.load_cert_chain(
                    self._beside(self._given("certificate_file")), self._beside(self._given("certificate_key_file"))
                )
        except (OSError, ssl.SSLError) as problem:
            raise InputRefused("is no certificate with its key.", field="certificate_file", code="KEY_REFUSED",
                               remedy="Name PEM files that belong together.") from problem  # fmt: skip
        return context

    def _optional(self, name: str) -> str | None:
        return str(self._beside(self.values[name])) if name in self.values else None

    def _key(self, name: str) -> str:
        return read_secret(str(self._beside(self._given(name))), field=name).decode("ascii", "replace")

    def _given(self, name: str) -> str:
        value = self.values.get(name)
        if not isinstance(value, str):
            raise _malformed(name, self.file)
        return value

    def _beside(self, name: str) -> Path:
        return self.file.parent / name


def read(file: Path) -> Client:
    """Read a client file. Raises InputRefused (CLIENT_FILE_MALFORMED)."""
    try:
        described = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputRefused("is not TOML.", field=str(file), code="CLIENT_FILE_MALFORMED") from problem
    for name in ("url", "client", "key_file"):
        if not isinstance(described.get(name), str):
            raise _malformed(name, file)
    return Client(file, described)


def _malformed(name: str, file: Path) -> InputRefused:
    return InputRefused("is not given.", field=name, code="CLIENT_FILE_MALFORMED", remedy=f"Add it to {file}.")


def _read(response: httpx.Response) -> dict[str, Any]:
    """Return an answer's JSON object. Raises Unavailable."""
    try:
        answer = response.json()
    except ValueError as problem:
        raise Unavailable(f"{response.url} answers no JSON.", remedy="Is it a node?") from problem
    if response.status_code == 503 or not isinstance(answer, dict):
        raise Unavailable(f"{response.url} can't answer now.", remedy="Try again later.")
    return answer
