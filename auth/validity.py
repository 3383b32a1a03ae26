"""When a key is good: each member of a kept JWK Set may say from when on, and until when. Pure.

    {"kty": "EC", …, "kid": "2026-11", "not_before": 1795278400, "not_after": 1826814400}

Seconds since 1970, as in a token (RFC 7519, NumericDate). A key without a moment is not bounded on that side. What has
ended stays in the set until it is withdrawn or its place is needed, so that an old signature can still be looked at.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from auth import jwk
from auth.jwk import MOST_KEYS
from registry.core.errors import Conflict, InputRefused, NotFound

NOT_BEFORE, NOT_AFTER = "not_before", "not_after"
LONGEST = timedelta(days=2 * 366)
"""How long a key may be good at most: two years (NIST SP 800-57 part 1, 5.3.6: a private signature key, 1 to 3)."""
WARNED = timedelta(days=30)
"""How long before its end somebody is told."""

Jwk = Mapping[str, Any]  # Any: JSON
JwkSet = Mapping[str, Sequence[Jwk]]


def is_good(key: Jwk, at: datetime) -> bool:
    """Say whether a key is good at a moment."""
    moment = at.timestamp()
    after = key.get(NOT_AFTER)
    return bool(key.get(NOT_BEFORE, 0) <= moment and (after is None or moment < after))


def good(jwks: JwkSet, at: datetime) -> dict[str, list[Jwk]]:
    """Return the keys of a set that are good at a moment."""
    return {"keys": [key for key in jwks["keys"] if is_good(key, at)]}


def has_ended(key: Jwk, at: datetime) -> bool:
    """Say whether a key will never be good again."""
    return NOT_AFTER in key and key[NOT_AFTER] <= at.timestamp()


def bounded(key: object, *, since: datetime, until: datetime, field: str = "key") -> dict[str, Any]:
    """Return a public key as it is kept, with its time. Raises InputRefused (KEY_REFUSED, KEY_TIME)."""
    if not since < until or until - since > LONGEST:
        raise InputRefused(
            "is not a time that goes forward, of two years at most.", field="notAfter", code="KEY_TIME",
            remedy="Give a later end, or renew the key sooner.",
        )  # fmt: skip
    return {
        **jwk.public_key(key, field).jwk, NOT_BEFORE: int(since.timestamp()), NOT_AFTER: int(until.timestamp()),
    }  # fmt: skip


def key_set(jwks: object) -> dict[str, list[dict[str, Any]]]:
    """Return a JWK Set as it is kept: public members only, and each key's time. Raises InputRefused."""
    kept = jwk.key_set(jwks)["keys"]
    given: Any = jwks  # Any: it has been found to be a set
    return {"keys": [{**key, **_bounds(each)} for key, each in zip(kept, given["keys"], strict=True)]}


def _bounds(given: Jwk) -> dict[str, int]:
    """Return the time that a key names. Raises InputRefused (KEY_TIME)."""
    found = {name: given[name] for name in (NOT_BEFORE, NOT_AFTER) if name in given}
    if any(type(each) is not int for each in found.values()):
        raise InputRefused("is not a moment in seconds since 1970.", field="keys", code="KEY_TIME",
                           remedy="Leave it out, or write a whole number.")  # fmt: skip
    return found


def with_key(jwks: JwkSet, key: Jwk, at: datetime) -> dict[str, list[Jwk]]:
    """Return a set with one more key; those that have ended make room. Raises Conflict (KEY_KNOWN, KEYS_TOO_MANY)."""
    if any(_is_same(each, key) for each in jwks["keys"]):
        raise Conflict("names a key that is there already.", field="key", code="KEY_KNOWN", remedy="Make a new key.")
    kept = [each for each in jwks["keys"] if not has_ended(each, at)]
    if len(kept) >= MOST_KEYS:
        raise Conflict(f"would be one of more than {MOST_KEYS} keys.", field="key", code="KEYS_TOO_MANY",
                       remedy="Withdraw one first.")  # fmt: skip
    return {"keys": [*kept, key]}


def without_key(jwks: JwkSet, kid: str) -> dict[str, list[Jwk]]:
    """Return a set without one key. Raises NotFound."""
    kept = [each for each in jwks["keys"] if each["kid"] != kid]
    if len(kept) == len(jwks["keys"]):
        raise NotFound("No such key.", field="kid")
    return {"keys": kept}


def expiring(keys: Sequence[Jwk], at: datetime) -> list[Jwk]:
    """Return the keys that end within the time of warning; one that has ended warns until it is withdrawn."""
    last = (at + WARNED).timestamp()
    return [key for key in keys if NOT_AFTER in key and key[NOT_AFTER] <= last]


_MATERIAL = ("kty", "crv", "x", "y", "n", "e")


def _is_same(one: Jwk, other: Jwk) -> bool:
    """Two keys are one by name, or by what they are: renaming a key does not renew it."""
    return bool(one["kid"] == other["kid"] or all(one.get(name) == other.get(name) for name in _MATERIAL))
