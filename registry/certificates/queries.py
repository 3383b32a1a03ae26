"""Every SELECT and write on certificates. The statements are the same on both databases."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.certificates import intake
from registry.certificates.intake import Holder
from registry.certificates.issuing import OPEN, Certificate, State, Why
from registry.certificates.models import certificate_holders, certificate_profiles, certificate_tokens, certificates
from registry.certificates.recognition import Held
from registry.core.engines import insert_many
from registry.core.errors import Conflict
from registry.core.sealing import Sealer, WrappedKey
from registry.matching import record as match_record
from registry.profiles.models import profiles
from registry.profiles.standing import Standing

TABLE, CONTENT = "certificate_holders", "content"
"""What the envelope's associated data names."""
_FIELDS = tuple(each.name for each in fields(Certificate))
_HOLDER = tuple(certificate_holders.c[name] for name in ("certificate", "key_id", "wrapped_key", "content"))


@dataclass(frozen=True, slots=True)
class Stated:
    """A certificate, and the profiles it is against, each as the record that answers for it stands now."""

    certificate: Certificate
    against: dict[UUID, sa.RowMapping]


def _answering(chosen: Any) -> sa.CTE:  # Any: a select of certificates' ids
    """Return, of each profile that chosen certificates are against, the records it was merged into, itself first."""
    links = certificate_profiles.c
    start = sa.select(links.certificate, links.profile.label("named"), links.profile)
    found = start.where(links.certificate.in_(chosen)).cte("answering", recursive=True)
    merged = sa.select(found.c.certificate, found.c.named, profiles.c.merged_into)
    return found.union(
        merged.join(profiles, profiles.c.id == found.c.profile).where(profiles.c.merged_into.is_not(None))
    )


# -- reading


def stated(connection: Connection, chosen: Any) -> list[Stated]:  # Any: a select of certificates' ids
    """Return chosen certificates in the order of their making, one statement whatever they are against."""
    found = _answering(chosen)
    last = sa.and_(profiles.c.id == found.c.profile, profiles.c.merged_into.is_(None))
    named = sa.select(
        found.c.certificate, found.c.named, profiles.c.id.label("profile"), profiles.c.number.label("register_number"),
        profiles.c.standing.label("standing_now"), profiles.c.category, profiles.c.owner, profiles.c.releasable_to,
        profiles.c.onward, profiles.c.clearance, profiles.c.expires_on,
    ).join(profiles, last).subquery()  # fmt: skip
    statement = (
        sa.select(
            *[certificates.c[name] for name in _FIELDS], *[each for each in named.c if each.name != "certificate"]
        )
        .select_from(certificates.outerjoin(named, named.c.certificate == certificates.c.id))
        .where(certificates.c.id.in_(chosen))
        .order_by(certificates.c.id)
    )
    read: dict[UUID, Stated] = {}
    for row in connection.execute(statement).mappings():
        each = read.get(row["id"]) or read.setdefault(row["id"], Stated(_certificate(row), {}))
        if row["named"] is not None:
            each.against[row["named"]] = row
    return list(read.values())


def by_id(connection: Connection, identifier: UUID) -> Stated | None:
    """Return one certificate."""
    return next(iter(stated(connection, [identifier])), None)


def standing(connection: Connection, number: str, today: date) -> Stated | None:
    """Return the certificate of a number, if it is issued and its last day is not over."""
    chosen = sa.select(certificates.c.id).where(certificates.c.number == number, *_stands(today))
    return next(iter(stated(connection, chosen)), None)


def listed(connection: Connection, states: Collection[State], *, after: UUID | None, limit: int) -> list[Stated]:
    """Return certificates of these states in the order of their making."""
    chosen = sa.select(certificates.c.id).where(certificates.c.state.in_([each.value for each in states]))
    if after is not None:
        chosen = chosen.where(certificates.c.id > after)
    return stated(connection, chosen.order_by(certificates.c.id).limit(limit))


def still_standing(connection: Connection, numbers: Collection[str], today: date) -> frozenset[str]:
    """Return which of these certificates stand today, by their numbers: one statement, none for none."""
    if not numbers:
        return frozenset()
    statement = sa.select(certificates.c.number).where(certificates.c.number.in_(list(numbers)), *_stands(today))
    return frozenset(connection.execute(statement).scalars())


def holders(connection: Connection, sealer: Sealer, identifiers: Collection[UUID]) -> dict[UUID, Holder]:
    """Return who holds these certificates, one statement for all; of an ended one nobody is known."""
    found = connection.execute(sa.select(*_HOLDER).where(_HOLDER[0].in_(list(identifiers)))).mappings()
    return {row["certificate"]: _holder(row, sealer) for row in found}


def held_against(
    connection: Connection, sealer: Sealer, hits: Collection[UUID], tokens: Collection[str], today: date
) -> dict[UUID, list[Held]]:
    """Return, by profile, the certificates against these hits whose holder one of the tokens speaks of: one statement.

    It begins with the tokens, which few share, so it stays as cheap however many certificates there are. Whether each
    stands is looked at here: asked for it, SQLite would begin with all that stand.
    """
    held: dict[UUID, list[Held]] = {}
    found = connection.execute(_SPOKEN_OF, {"tokens": list(tokens), "hits": list(hits)}).mappings()
    for row in found:
        until = date.fromisoformat(row["valid_until"]) if row["valid_until"] else date.min
        if row["state"] == State.ISSUED.value and until >= today:
            known = match_record.read(_holder(row, sealer).match)
            held.setdefault(row["profile"], []).append(Held(row["number"], until, known))
    return held


def _spoken_of() -> sa.Select[Any]:
    found = _answering(
        sa.select(certificate_tokens.c.certificate)
        .where(certificate_tokens.c.token.in_(sa.bindparam("tokens", expanding=True)))
    )  # fmt: skip
    said = (certificates.c[name] for name in ("number", "state", "valid_until"))
    return (
        sa.select(found.c.profile, *said, *_HOLDER)
        .distinct()
        .join_from(found, certificates, certificates.c.id == found.c.certificate)
        .join(certificate_holders, certificate_holders.c.certificate == certificates.c.id)
        .where(found.c.profile.in_(sa.bindparam("hits", expanding=True)))
    )


_SPOKEN_OF = _spoken_of()
"""Built once, it is hot."""


def _stands(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    return certificates.c.state == State.ISSUED.value, certificates.c.valid_until >= today.isoformat()


def _certificate(row: sa.RowMapping) -> Certificate:
    values: dict[str, Any] = {name: row[name] for name in _FIELDS}
    until, why = values["valid_until"], values["ended_why"]
    return Certificate(**values | {
        "state": State(values["state"]), "proposed_for": tuple(UUID(each) for each in values["proposed_for"]),
        "valid_until": date.fromisoformat(until) if until else None, "ended_why": Why(why) if why else None,
    })  # fmt: skip


def _holder(row: sa.RowMapping, sealer: Sealer) -> Holder:
    key = sealer.open_key(row["certificate"], WrappedKey(row["key_id"], row["wrapped_key"]))
    return intake.revived(orjson.loads(key.open(row["content"], table=TABLE, field=CONTENT)))


# -- writing


def add(
    connection: Connection, sealer: Sealer, certificate: Certificate, holder: Holder, *, against: Sequence[UUID],
    tokens: Collection[str],
) -> None:  # fmt: skip
    """Insert a certificate; its holder is sealed with a key of the certificate's own."""
    key, wrapped = sealer.new_key(certificate.id)
    content = key.seal(orjson.dumps(intake.shown(holder)), table=TABLE, field=CONTENT)
    connection.execute(certificates.insert(), _stored(certificate))
    insert_many(connection, certificate_holders, [(certificate.id, wrapped.key_id, wrapped.content, content)])
    insert_many(connection, certificate_tokens, [(each, certificate.id) for each in sorted(set(tokens))])
    insert_many(connection, certificate_profiles, [(certificate.id, each) for each in against])


def put(connection: Connection, before: Certificate, now: Certificate) -> None:
    """Write what has become of a certificate; one that ended forgets its holder.

    Raises Conflict (CERTIFICATE_STATE) when somebody else was faster.
    """
    same = (certificates.c.id == before.id, certificates.c.state == before.state.value)
    if connection.execute(certificates.update().where(*same).values(_stored(now))).rowcount != 1:
        raise Conflict("This certificate has been taken further meanwhile.", code="CERTIFICATE_STATE",
                       remedy="Look again.")  # fmt: skip
    if now.state not in OPEN:
        for table in (certificate_holders, certificate_tokens, certificate_profiles):
            connection.execute(sa.delete(table).where(table.c.certificate == now.id))


def over(connection: Connection, today: date, limit: int) -> list[Stated]:
    """Return issued certificates whose last day is over."""
    chosen = sa.select(certificates.c.id).where(
        certificates.c.state == State.ISSUED.value, certificates.c.valid_until < today.isoformat()
    )
    return stated(connection, chosen.order_by(certificates.c.valid_until).limit(limit))


def unlink_removed(connection: Connection) -> list[tuple[UUID, UUID]]:
    """Take away the links to profiles that are removed; return them: certificate, profile."""
    links = certificate_profiles.c
    removed = sa.select(profiles.c.id).where(
        profiles.c.standing == Standing.REMOVED.value, profiles.c.removed_at.is_not(None)
    )
    gone = sa.delete(certificate_profiles).where(links.profile.in_(removed)).returning(links.certificate, links.profile)
    return [(row.certificate, row.profile) for row in connection.execute(gone)]


def _stored(certificate: Certificate) -> dict[str, Any]:
    values = {name: getattr(certificate, name) for name in _FIELDS}
    until, why = certificate.valid_until, certificate.ended_why
    return values | {
        "state": certificate.state.value, "proposed_for": [str(each) for each in certificate.proposed_for],
        "valid_until": until.isoformat() if until else None, "ended_why": why.value if why else None,
    }  # fmt: skip
