"""Officers sign in at the national identity provider: OpenID Connect's code flow, as FAPI 2.0 would have it.

    party = RelyingParty.of(settings, clock)
    address = await party.begin(secret)                    pushed (RFC 9126): the browser carries a reference only
    identity = await party.finish(secret, parameters)      the provider has sent the browser back
    ended = await party.ended(logout_token)                the provider says that somebody has signed out

Of each sign-in state, nonce and code verifier (RFC 7636, S256) are derived from the secret that the browser keeps, so
one that begins in one browser can't end in another. The answer has to name its issuer (RFC 9207), the token request is
signed with our own key (RFC 7523), and of the ID token everything is checked before anything is believed. The access
token that comes with it is not looked at: the provider says who somebody is, and nothing it says grants anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from auth import cookies, dpop, jose
from auth.actor import STEP_UP
from auth.fetching import fetching
from auth.keys import make_assertion, read_private
from auth.provider import Provider, object_of, unavailable
from auth.refusals import SignInRefused
from registry.core.clock import Clock
from registry.core.config import Settings
from registry.core.errors import Unauthenticated
from registry.core.secret_files import read_secret

CALLBACK = "/session/identity/callback"
PROFILE = jose.Profile(
    types=frozenset({"", "jwt"}), algorithms=frozenset({"ES256", "PS256", "EdDSA", "Ed25519"}), code="SIGN_IN_REFUSED"
)
LOGOUT = jose.Profile(types=frozenset({"logout+jwt"}), algorithms=PROFILE.algorithms, code="SIGN_IN_REFUSED")
LOGOUT_LIFE = timedelta(minutes=2)
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST_PROOF = timedelta(hours=8)
"""How long ago somebody may have proved to the provider who they are."""
CLOCK_DIFFERENCE = 10
LONGEST_SUBJECT = 255
"""OpenID Connect Core, section 2."""
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by the provider's word."""

    issuer: str
    subject: str
    authenticated_at: datetime
    provider_session: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What the provider says is over: one of its sessions, or all of a subject's."""

    subject: str | None
    provider_session: str | None
    token_id: str
    expires_at: datetime
    """Until when its token is remembered."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This node, as the provider's client."""

    provider: Provider
    client: str
    private_pem: str = field(repr=False)
    redirect_uri: str
    """Made of the configured address, never of a request."""
    acr: tuple[str, ...]
    """Kinds of authentication that are strong enough."""
    clock: Clock

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "RelyingParty | None":
        """Return the party that the settings describe; None where no provider is configured."""
        if not settings.identity_issuer:
            return None
        pem = read_secret(settings.identity_key_file, field="identity_key_file").decode("ascii", "replace")
        read_private(pem, "identity_key_file")
        provider = Provider(settings.identity_issuer, fetching(settings.identity_issuer, settings.networks), clock)
        acr = settings.identity_levels
        return cls(provider, settings.identity_client_id, pem, f"{settings.public_url}{CALLBACK}", acr, clock)

    async def begin(self, secret: str, *, anew: bool = False) -> str:
        """Push what is asked, and return the address to send the browser to. Raises Unavailable.

        ``anew`` has the person prove who they are although they did so a while ago.
        """
        metadata = await self.provider.metadata()
        asked = {
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": self.redirect_uri,
            "state": cookies.derived(secret, "state"),
            "nonce": cookies.derived(secret, "nonce"),
            "code_challenge": dpop.digest(cookies.derived(secret, "verifier")),
            "code_challenge_method": "S256",
            "acr_values": " ".join(self.acr),
            "max_age": str(int((STEP_UP if anew else OLDEST_PROOF).total_seconds())),
            **({"prompt": "login"} if anew else {}),
        }
        reply = await self.provider.fetch(metadata.pushed_authorization_request_endpoint, asked | self._proof())
        reference = object_of(reply, status=201).get("request_uri")
        if not isinstance(reference, str):
            raise unavailable("gave no reference.")
        return f"{metadata.authorization_endpoint}?{urlencode({'client_id': self.client, 'request_uri': reference})}"

    async def finish(self, secret: str, parameters: Mapping[str, str], *, anew: bool = False) -> Identity:
        """Return who has signed in. Raises SignInRefused, whatever is wrong, and Unavailable."""
        if not compare_digest(parameters.get("state", ""), cookies.derived(secret, "state")):
            raise SignInRefused("state_wrong")
        if parameters.get("iss") != self.provider.issuer:
            raise SignInRefused("issuer_wrong")
        if "error" in parameters or "code" not in parameters:
            raise SignInRefused("provider_refused")
        metadata = await self.provider.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": parameters["code"],
            "redirect_uri": self.redirect_uri,
            "code_verifier": cookies.derived(secret, "verifier"),
        }
        reply = await self.provider.fetch(metadata.token_endpoint, form | self._proof())
        if reply.status == 400:
            raise SignInRefused("code_refused")
        token = object_of(reply).get("id_token")
        if not isinstance(token, str):
            raise unavailable("gave no ID token.")
        return await self.checked(token, nonce=cookies.derived(secret, "nonce"), anew=anew)

    async def checked(self, token: str, *, nonce: str, anew: bool = False) -> Identity:
        """Return what an ID token says, once all of it has been checked. Raises SignInRefused."""
        compact = _parsed(PROFILE, token)
        if not jose.is_signed(compact, await self.provider.key(compact)):
            raise SignInRefused("signature_bad")
        claims, now = compact.claims, self.clock()
        said = claims.get("nonce")
        if not isinstance(said, str) or not compare_digest(said.encode(), nonce.encode()):
            raise SignInRefused("nonce_wrong")
        self.check_addressed(claims)
        _check_times(claims, now)
        if claims.get("acr") not in self.acr:
            raise SignInRefused("acr_too_low")
        proved = _moment(claims, "auth_time")
        if now - proved > (STEP_UP if anew else OLDEST_PROOF):
            raise SignInRefused("auth_time_too_old")
        return Identity(self.provider.issuer, _subject(claims), min(proved, now), _text(claims, "sid"))

    async def ended(self, token: str) -> Ended:
        """Return what a logout token says (OpenID Connect Back-Channel Logout 1.0, 2.6). Raises SignInRefused."""
        compact = _parsed(LOGOUT, token)
        if not jose.is_signed(compact, await self.provider.key(compact)):
            raise SignInRefused("signature_bad")
        claims, now = compact.claims, self.clock()
        self.check_addressed(claims)
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(_LOGOUT_EVENT), dict) or "nonce" in claims:
            raise SignInRefused("no_logout_token")
        issued = _moment(claims, "iat")
        if abs(now - issued) > LOGOUT_LIFE or ("exp" in claims and _moment(claims, "exp") <= now):
            raise SignInRefused("token_expired")
        subject = _subject(claims) if "sub" in claims else None
        try:
            token_id = LOGOUT.token_id(claims)
        except Unauthenticated:
            raise SignInRefused("jti_malformed") from None
        found = Ended(subject, _text(claims, "sid"), token_id, issued + 2 * LOGOUT_LIFE)
        if found.subject is found.provider_session is None:
            raise SignInRefused("no_logout_token")
        return found

    def check_addressed(self, claims: Mapping[str, Any]) -> None:
        """See that a token is the provider's, and for us alone. Raises SignInRefused."""
        if claims.get("iss") != self.provider.issuer:
            raise SignInRefused("token_issuer_wrong")
        if claims.get("aud") not in (self.client, [self.client]):
            raise SignInRefused("audience_wrong")
        if claims.get("azp", self.client) != self.client:
            raise SignInRefused("authorized_party_wrong")

    def _proof(self) -> dict[str, str]:
        assertion = make_assertion(self.client, self.provider.issuer, self.private_pem, self.clock())
        return {
            "client_id": self.client, "client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion,
        }  # fmt: skip


def _parsed(profile: jose.Profile, token: str) -> jose.Compact:
    try:
        return profile.parse(token)
    except Unauthenticated as problem:
        raise SignInRefused(f"token_malformed_{problem.field}") from None


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    ahead = now + timedelta(seconds=CLOCK_DIFFERENCE)
    if _moment(claims, "exp") <= now:
        raise SignInRefused("token_expired")
    for member in ("iat", "auth_time"):
        if _moment(claims, member) > ahead:
            raise SignInRefused(f"{member}_in_future")
    if "nbf" in claims and _moment(claims, "nbf") > ahead:
        raise SignInRefused("nbf_in_future")


def _moment(claims: Mapping[str, Any], member: str) -> datetime:
    try:
        return datetime.fromtimestamp(PROFILE.moment(claims, member), UTC)
    except Unauthenticated:
        raise SignInRefused(f"{member}_missing") from None


def _subject(claims: Mapping[str, Any]) -> str:
    subject = _text(claims, "sub")
    if subject is None:
        raise SignInRefused("subject_malformed")
    return subject


def _text(claims: Mapping[str, Any], member: str) -> str | None:
    """Return a short plain text (OpenID Connect Core, section 2), or nothing."""
    value = claims.get(member)
    is_plain = isinstance(value, str) and 1 <= len(value) <= LONGEST_SUBJECT and value.isascii() and value.isprintable()
    return value if is_plain else None
