"""A client shows who it is: the same three steps at each of the server's addresses.

compact = assertion.parse(credentials.assertion)            which client is said to ask
client = directory.client(connection, claimed)              live state
proven = prove(compact, client, credentials, …)             its signature, its claims, and that it is not shut out
"""

from dataclasses import dataclass

from auth import assertion, jose, validity
from auth.assertion import Assertion
from auth.attempts import Attempt, ClientRefused
from auth.directory import Client
from auth.form import Credentials


@dataclass(frozen=True, slots=True)
class Proven:
    """A client whose proof is good."""

    client: Client
    assertion: Assertion


def prove(
    compact: jose.Compact, client: Client | None, credentials: Credentials, attempt: Attempt, *, issuer: str
) -> Proven:
    """Check a proof. Unknown client, unknown key and bad signature cost and tell the same; so does being shut out."""
    key = jose.chosen(validity.good(client.keys, attempt.at), compact) if client else None
    if not jose.is_signed(compact, key):
        raise ClientRefused("client_unknown" if client is None else "signature_bad" if key else "key_unknown")
    assert client is not None  # whoever is unknown has no key
    proof = assertion.checked(compact, issuer=issuer, now=attempt.at)
    if credentials.client not in (None, proof.client):
        raise assertion.PROFILE.refusal("client_id", "is not the client that sub names.")
    attempt.learn(agency=client.agency, country=client.country)
    if client.is_closed:
        raise ClientRefused("closed")
    return Proven(client, proof)
