"""Certifying the keys that receipts are signed with (registry/audit/receipts.py). Pure.

    certificates(origin, told, at)        those that may be given, of the keys that the nodes have told of
    signed(certificate, signers)          as the notary publishes them

A key is good for a day from when it was told of. What is older, or lies in the future, nobody needs: a node makes its
key at its start, and has told of it before it answers. So whoever can write the table dates nothing back by more than
a day, and gets at most ``MOST`` certificates at once: what they promise falsely the log still does not hold.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from registry.audit.receipts import KEY, LIFE, Certificate, certificate_of
from registry.tlog.keys import Kind, Signer
from registry.tlog.note import Note

TOLERANCE = timedelta(seconds=60)
"""How far the clocks of node and notary may differ."""
MOST = 4096
"""Keys of one day that are certified: two for each process, and one more for each start."""


class Told(NamedTuple):
    """A key as the database tells it. Nothing of it is believed yet."""

    key: bytes
    since: datetime


def certificates(origin: str, told: Iterable[Told], at: datetime) -> Iterator[Certificate]:
    """Yield a certificate for each key that may have one at this moment."""
    for key, since in told:
        if len(key) == KEY and at - LIFE < since < at + TOLERANCE:
            yield certificate_of(origin, key, since)


def signed(certificate: Certificate, signers: Iterable[Signer]) -> Note | None:
    """Sign a certificate as the log; None where no key of the log signs such a text.

    Those of kind Ed25519 sign any text; ML-DSA-44 has a form for checkpoints only (https://c2sp.org/tlog-cosignature).
    """
    made = tuple(each.sign(certificate.text) for each in signers if each.key.kind is Kind.ED25519)
    return Note(certificate.text, made) if made else None
