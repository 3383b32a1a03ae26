"""How a person gets in: at the identity provider, with a passkey, or first of all with an invitation.

    begin_identity    →  the provider's pages  →  end_identity
    begin_passkey     →  the authenticator     →  end_passkey
    begin_registration →  the authenticator    →  end_registration     with an invitation, or a session proved anew

What begins is a row and a cookie; what ends takes the row, so it ends once. To prove anew (``{"anew": true}``) is the
same way again and gives the session another secret; its officer has to be the same.
"""

from typing import Any

from sqlalchemy import Connection

from auth import ceremonies, cookies, invitations, passkeys, people, replay, sessions
from auth.ceremonies import Ceremony, Kind
from auth.oidc import Identity
from auth.passkeys import Passkey, Passkeys, Registered, Signed
from auth.people import Person
from auth.refusals import SignInRefused
from auth.sessions import Method, SignedIn
from auth.visits import Answer, Visit
from registry.audit.events import Event
from registry.core.errors import InputRefused, NotFound, RegistryError
from registry.core.ids import public_id, read_public_id
from registry.core.telemetry import log
from registry.disclosure.vocabulary import Role


async def begin_identity(visit: Visit) -> Answer:
    """Send somebody to the identity provider."""
    party = visit.node.identity
    if party is None:
        raise NotFound("This node has no identity provider.", code="IDENTITY_NONE", remedy="Sign in with a passkey.")
    anew = _is_anew(visit)
    secret = cookies.secret()
    address = await party.begin(secret, anew=anew)

    def begin(connection: Connection) -> Answer:
        ceremonies.begin(connection, Kind.IDENTITY, secret, visit.at, _proved_anew(visit, connection, anew=anew))
        if visit.session is not None and not anew:  # its cookie will not come back with the browser
            sessions.end_by(connection, cookies.digest(visit.session), "signed_in_anew", visit.at)
        return Answer({"location": address}, Event("session:begun", details={"method": "identity"}), proof=secret)

    return await visit.done(begin)


async def end_identity(visit: Visit, parameters: dict[str, str]) -> Answer:
    """Take back whom the provider has sent."""
    party = visit.node.identity
    begun = await visit.node.database.write(
        lambda connection: ceremonies.finish(connection, Kind.IDENTITY, visit.proof, visit.at)
    )
    if party is None or begun is None or visit.proof is None:
        raise SignInRefused("not_begun")
    identity = await party.finish(visit.proof, parameters, anew=begun.session is not None)
    return await visit.done(lambda connection: _identified(visit, connection, identity, begun))


def _identified(visit: Visit, connection: Connection, identity: Identity, begun: Ceremony) -> Answer | RegistryError:
    person = people.known_by(connection, identity.issuer, identity.subject)
    if person is None:
        return SignInRefused("officer_unknown")
    proof = SignedIn(
        person.id, Method.IDENTITY, identity.authenticated_at, provider_session=identity.provider_session
    )  # fmt: skip
    return _arrived(visit, connection, person, proof, begun)


async def end_at_provider(visit: Visit, token: str) -> Answer:
    """End the sessions that the provider says are over."""
    party = visit.node.identity
    if party is None:
        raise SignInRefused("no_provider")
    ended = await party.ended(token)

    def end(connection: Connection) -> Answer:
        issuer = party.provider.issuer
        replay.use(connection, "logout", issuer, ended.token_id, expires_at=ended.expires_at)
        count = sessions.end_of_provider(
            connection, issuer, "ended_by_provider", visit.at, subject=ended.subject,
            provider_session=ended.provider_session,
        )  # fmt: skip
        return Answer({}, Event("session:ended", details={"why": "ended_by_provider", "sessions": count}))

    return await visit.done(end)


async def begin_passkey(visit: Visit) -> Answer:
    """Have a passkey sign."""
    anew = _is_anew(visit)
    secret = cookies.secret()

    def begin(connection: Connection) -> Answer:
        ceremonies.begin(connection, Kind.PASSKEY, secret, visit.at, _proved_anew(visit, connection, anew=anew))
        options = visit.node.passkeys.sign_in_options(_challenge(secret))
        return Answer(options, Event("session:begun", details={"method": "passkey"}), proof=secret)

    return await visit.done(begin)


async def end_passkey(visit: Visit) -> Answer:
    """Take what a passkey has signed."""
    response = _response(visit)
    return await visit.done(lambda connection: _signed(visit, connection, response))


def _signed(visit: Visit, connection: Connection, response: dict[str, Any]) -> Answer | RegistryError:
    begun = ceremonies.finish(connection, Kind.PASSKEY, visit.proof, visit.at)
    if begun is None or visit.proof is None:
        return SignInRefused("not_begun")
    try:
        known = passkeys.found(connection, passkeys.credential_id_of(response))
        signed = visit.node.passkeys.signed(_challenge(visit.proof), response, known.credential if known else None)
    except ValueError as problem:
        return SignInRefused(f"passkey_{problem}")
    if known is None or known.is_revoked:
        return SignInRefused("passkey_unknown" if known is None else "passkey_revoked")
    return _with_passkey(visit, connection, known, signed, begun)


def _with_passkey(
    visit: Visit, connection: Connection, known: Passkey, signed: Signed, begun: Ceremony
) -> Answer | RegistryError:
    person = people.person(connection, known.officer)
    if person is None or signed.officer != known.officer.bytes:
        return SignInRefused("officer_unknown")
    visit.learn_of(person.id, person.agency, person.reference)
    if passkeys.is_copied(known.counter, signed.counter):
        passkeys.revoke(connection, known.id, "copied", visit.at)
        sessions.end_opened_by(connection, known.id, "passkey_copied", visit.at)
        return SignInRefused("passkey_copied")
    if not passkeys.used(connection, known, signed.counter, visit.at):
        return SignInRefused("passkey_used_meanwhile")
    if visit.node.identity is not None:
        log.warning("passkey_beside_provider", request_id=visit.request_id)
    return _arrived(visit, connection, person, SignedIn(person.id, Method.PASSKEY, visit.at, passkey=known.id), begun)


async def begin_registration(visit: Visit) -> Answer:
    """Have an authenticator make a passkey, for whom an invitation names, or for the session's own officer."""
    secret = cookies.secret()

    def begin(connection: Connection) -> Answer:
        about = _invited(visit, connection)
        assert about.officer is not None
        person = people.person(connection, about.officer)
        if person is None:
            raise SignInRefused("officer_unknown")
        visit.learn_of(person.id, person.agency, person.reference)
        ceremonies.begin(connection, Kind.REGISTRATION, secret, visit.at, about)
        known = [Passkeys.credential_id(each) for each in passkeys.known(connection, person.id)]
        options = visit.node.passkeys.registration_options(person, _challenge(secret), known)
        return Answer(options, Event("passkey:begun"), proof=secret)

    return await visit.done(begin)


def _invited(visit: Visit, connection: Connection) -> Ceremony:
    if "invitation" not in visit.body:
        actor = visit.stepped_up(connection)
        assert actor.officer is not None
        return Ceremony(actor.officer.id, actor.session)
    text = visit.body["invitation"]
    officer = invitations.invited(connection, text, visit.at) if isinstance(text, str) else None
    if officer is None:
        raise SignInRefused("invitation_unknown")
    return Ceremony(officer, invitation=invitations.digest_of(text))


async def end_registration(visit: Visit) -> Answer:
    """Take the passkey that an authenticator has made."""
    response, name = _response(visit), passkeys.named(visit.body.get("name"))
    return await visit.done(lambda connection: _made(visit, connection, response, name))


def _made(visit: Visit, connection: Connection, response: dict[str, Any], name: str) -> Answer | RegistryError:
    begun = ceremonies.finish(connection, Kind.REGISTRATION, visit.proof, visit.at)
    if begun is None or visit.proof is None or begun.officer is None:
        return SignInRefused("not_begun")
    person = people.person(connection, begun.officer)
    if person is None:
        return SignInRefused("officer_unknown")
    visit.learn_of(person.id, person.agency, person.reference)
    if not _may_still(visit, connection, begun):
        return SignInRefused("invitation_used" if begun.invitation else "session_changed")
    try:
        made: Registered = visit.node.passkeys.made(_challenge(visit.proof), response)
    except ValueError as problem:
        return SignInRefused(f"passkey_{problem}")
    if begun.invitation is not None and not invitations.use(connection, begun.invitation, visit.at):
        return SignInRefused("invitation_used")
    number = passkeys.keep(connection, person.id, made, name, visit.at)
    count = len(passkeys.known(connection, person.id))
    event = Event("passkey:registered", details={"passkey": str(number), "invited": begun.invitation is not None})
    return Answer({"passkey": {"id": public_id("passkey", number), "name": name}, "count": count}, event)


def _may_still(visit: Visit, connection: Connection, begun: Ceremony) -> bool:
    """Whether what allowed a registration to begin still holds: the invitation, or the same session."""
    if begun.invitation is not None:
        return True
    return visit.actor(connection).session == begun.session


async def list_passkeys(visit: Visit) -> Answer:
    """Tell an officer their own passkeys."""

    def read(connection: Connection) -> Answer:
        actor = visit.actor(connection)
        assert actor.officer is not None
        return Answer({"passkeys": [each.as_json() for each in passkeys.known(connection, actor.officer.id)]})

    return await visit.done(read)


async def revoke_passkey(visit: Visit) -> Answer:
    """Revoke a passkey, an own one or as an administrator any, and end the sessions it has opened."""

    def revoke(connection: Connection) -> Answer:
        actor = visit.stepped_up(connection)
        assert actor.officer is not None
        number = read_public_id("passkey", visit.place)
        own = None if is_administrator(actor.roles) else actor.officer.id
        why = f"by {actor.agency} {actor.officer.reference}"
        owner = passkeys.revoke(connection, number, why, visit.at, officer=own)
        count = sessions.end_opened_by(connection, number, "passkey_revoked", visit.at)
        details = {"passkey": str(number), "officer": str(owner), "sessions": count}
        return Answer({"revoked": visit.place}, Event("passkey:revoked", details=details))

    return await visit.done(revoke)


def is_administrator(roles: frozenset[Role]) -> bool:
    """Whether somebody may see and end what is another's."""
    return Role.ADMINISTRATOR in roles


def _arrived(
    visit: Visit, connection: Connection, person: Person, proof: SignedIn, begun: Ceremony
) -> Answer | RegistryError:
    """Open a session, or give the one that was proved anew another secret."""
    visit.learn_of(person.id, person.agency, person.reference)
    secret = cookies.secret()
    digest = cookies.digest(secret)
    told: dict[str, object] = {"method": proof.method.value}
    if begun.session is not None:
        if not sessions.renew(connection, begun.session, digest, proof, visit.at):
            return SignInRefused("another_officer")
        visit.learn(token_id=str(begun.session))
        return Answer({"isSignedIn": True}, Event("session:renewed", details=told), session=secret)
    if visit.session is not None:
        sessions.end_by(connection, cookies.digest(visit.session), "signed_in_anew", visit.at)
    number = sessions.open_session(connection, digest, proof, visit.at, visit.entry.source)
    visit.learn(token_id=str(number))
    return Answer({"isSignedIn": True}, Event("session:opened", details=told), session=secret)


def _is_anew(visit: Visit) -> bool:
    anew = visit.body.get("anew", False)
    if not isinstance(anew, bool):
        raise InputRefused("is neither true nor false.", field="anew", code="SESSION_INPUT_REFUSED")
    return anew


def _proved_anew(visit: Visit, connection: Connection, *, anew: bool) -> Ceremony | None:
    """Return the session that is to be proved anew."""
    return Ceremony(session=visit.actor(connection).session) if anew else None


def _challenge(secret: str) -> bytes:
    return cookies.derived(secret, "challenge").encode()


def _response(visit: Visit) -> dict[str, Any]:  # Any: JSON that fido2 reads
    response = visit.body.get("response")
    if not isinstance(response, dict):
        raise InputRefused("is not what the authenticator has answered.", field="response",
                           code="SESSION_INPUT_REFUSED", remedy="Send the credential's toJSON().")  # fmt: skip
    return response
