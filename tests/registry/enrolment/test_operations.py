"""Administration on both databases: two administrators, one act of each kind, and what the log says of it."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import changes, directory
from auth.enrolled_certificates import read
from auth.four_eyes import State
from auth.models import agencies, agreements, clients, closures, invitations, officers
from auth.scope import Scope
from registry.core.db import Database
from registry.core.errors import RegistryError
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.enrolment import operations
from registry.enrolment.act import Kind
from registry.enrolment.intake import Closing, Handed
from tests.auth.tokens import pair
from tests.factories import AGENCY, CLIENT, ELSEWHERE, MOMENT, actor, enrol_cast, statements, work
from tests.registry.enrolment.scenes import (
    ABROAD,
    GIVEN,
    administrator,
    agreement,
    certificate,
    done,
    identifier,
    key,
    proposed,
    ready,
    second,
)

pytestmark = pytest.mark.anyio

INVESTIGATOR = "child-protection/investigator/1"
KINDS = [pytest.param(each, id=each.value) for each in Kind if each is not Kind.LOG_ERASURE]
"""What the second word does. An erasure of the log is done by the tables' owner: tests/registry/cli/test_erasing.py."""


@pytest.fixture(autouse=True)
async def cast(database: Database) -> None:
    await database.write(enrol_cast)


def refusal(run: Any) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        run()
    return caught.value


def state_of(connection: Connection) -> list[Any]:
    """Return everything that acts may change."""
    tables = (agencies, officers, clients, agreements, closures, invitations)
    return [sorted(map(repr, connection.execute(sa.select(each)).all())) for each in tables]


# -- four eyes


@pytest.mark.parametrize("kind", KINDS)
async def test_an_act_is_done_by_the_second_word_and_not_sooner(database: Database, kind: Kind) -> None:
    def run(connection: Connection) -> None:
        ready(connection, kind)
        before = state_of(connection)
        waiting = proposed(connection, kind)

        assert waiting.state == "proposed"
        assert state_of(connection) == before

        made = operations.approve(second(connection), identifier(waiting))

        assert (made.state, made.kind, made.subject) == ("approved", kind.value, waiting.subject)
        assert made.decided_by not in (None, made.proposed_by)
        assert state_of(connection) != before

    await database.write(run)


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_rejected_or_withdrawn_changes_nothing_and_may_be_proposed_anew(
    database: Database, kind: Kind
) -> None:
    def run(connection: Connection) -> None:
        ready(connection, kind)
        before = state_of(connection)
        first, own = second(connection), administrator(connection)

        rejected = operations.reject(first, identifier(proposed(connection, kind)), "Not needed")
        withdrawn = operations.withdraw(own, identifier(proposed(connection, kind)), "A mistake")

        assert (rejected.state, rejected.note) == ("rejected", "Not needed")
        assert (withdrawn.state, withdrawn.note) == ("withdrawn", "A mistake")
        assert state_of(connection) == before
        assert proposed(connection, kind).state == "proposed"

    await database.write(run)


async def test_nobody_decides_alone_nor_within_a_chain(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        act = identifier(proposed(connection, Kind.AGENCY))
        own, colleague = administrator(connection), administrator(connection, name="2")
        return [refusal(partial(operations.approve, each, act)).code for each in (own, colleague)]

    assert await database.write(run) == ["OWN_PROPOSAL", "SAME_CHAIN"]


async def test_nobody_decides_on_an_act_about_themselves(database: Database) -> None:
    def run(connection: Connection) -> str:
        deciding = second(connection)
        assert deciding.actor.officer is not None
        about: dict[str, Any] = {
            "agency": ELSEWHERE,
            "reference": deciding.actor.officer.reference,
            "roles": ["supervisor"],
        }
        act = identifier(proposed(connection, Kind.OFFICER_CHANGE, **about))
        return refusal(partial(operations.approve, deciding, act)).code

    assert await database.write(run) == "OWN_PROPOSAL"


async def test_who_closed_does_not_decide_on_the_opening(database: Database) -> None:
    def run(connection: Connection) -> str:
        closing = second(connection)
        operations.close(closing, Closing(Scope.CLIENT, CLIENT), "An invented reason")
        return refusal(partial(operations.approve, closing, identifier(proposed(connection, Kind.OPENING)))).code

    assert await database.write(run) == "OWN_PROPOSAL"


async def test_only_the_proposer_withdraws(database: Database) -> None:
    def run(connection: Connection) -> str:
        act = identifier(proposed(connection, Kind.AGENCY))
        return refusal(partial(operations.withdraw, second(connection), act, "A mistake")).code

    assert await database.write(run) == "NOT_PROPOSER"


async def test_what_is_decided_stays_decided(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        act = identifier(done(connection, Kind.AGENCY))
        again = [partial(operations.approve, second(connection), act),
                 partial(operations.reject, second(connection), act, "Not needed"),
                 partial(operations.withdraw, administrator(connection), act, "A mistake")]  # fmt: skip
        return [refusal(each).code for each in again]

    assert await database.write(run) == ["ENROLMENT_STATE"] * 3


async def test_of_a_subject_one_act_of_a_kind_waits_at_a_time(database: Database) -> None:
    def run(connection: Connection) -> str:
        proposed(connection, Kind.AGENCY)
        return refusal(partial(proposed, connection, Kind.AGENCY)).code

    assert await database.write(run) == "ENROLMENT_PROPOSED_ALREADY"


async def test_an_act_is_approved_on_what_it_was_proposed_on_only(database: Database) -> None:
    """Two people agreed on a change of something; if that is another by now, they did not agree on this."""

    def run(connection: Connection) -> str:
        act = identifier(proposed(connection, Kind.OFFICER_CHANGE))
        changes.change_officer(connection, AGENCY, INVESTIGATOR, chain="east", roles=[], clearance="secret")
        return refusal(partial(operations.approve, second(connection), act)).code

    assert await database.write(run) == "ENROLMENT_OUTDATED"


async def test_what_is_there_by_now_is_not_made_again(database: Database) -> None:
    def run(connection: Connection) -> str:
        act = identifier(proposed(connection, Kind.AGENCY))
        directory.enrol_agency(connection, ABROAD, name="Somebody else", country="NL")
        return refusal(partial(operations.approve, second(connection), act)).code

    assert await database.write(run) == "ALREADY_ENROLLED"


@pytest.mark.parametrize("role", [pytest.param(each, id=each.value) for each in Role if each is not Role.ADMINISTRATOR])
async def test_nobody_but_an_administrator_proposes_or_decides(database: Database, role: Role) -> None:
    def run(connection: Connection) -> list[str]:
        act = identifier(proposed(connection, Kind.AGENCY))
        asking = work(connection, actor(connection, role=role, agency=ELSEWHERE, purpose=Purpose.ADMINISTRATION))
        handed = Handed(Kind.OFFICER, GIVEN[Kind.OFFICER])
        tried = [partial(operations.propose, asking, handed, "An invented reason"),
                 partial(operations.approve, asking, act), partial(operations.reject, asking, act, "Not needed"),
                 partial(operations.withdraw, asking, act, "A mistake")]  # fmt: skip
        return [refusal(each).code for each in tried]

    assert await database.write(run) == ["FORBIDDEN"] * 4


async def test_an_act_that_nobody_proposed_is_not_found(database: Database) -> None:
    def run(connection: Connection) -> str:
        return refusal(partial(operations.approve, second(connection), new_id())).code

    assert await database.write(run) == "NOT_FOUND"


# -- what each kind asks


@pytest.mark.parametrize(
    ("kind", "changed", "code", "field"),
    [
        pytest.param(Kind.AGENCY, {"code": AGENCY}, "ALREADY_ENROLLED", "code", id="agency"),
        pytest.param(Kind.OFFICER, {"agency": "ke-nobody"}, "NOT_FOUND", "agency", id="officer-of-nobody"),
        pytest.param(Kind.OFFICER, {"reference": INVESTIGATOR}, "ALREADY_ENROLLED", "reference", id="officer"),
        pytest.param(Kind.OFFICER, {"roles": ["partner_officer"]}, "ROLE_ABROAD", "roles", id="partner-at-home"),
        pytest.param(Kind.OFFICER_CHANGE, {"reference": "NOBODY"}, "NOT_FOUND", "reference", id="change-of-nobody"),
        pytest.param(Kind.OFFICER_IDENTITY, {"reference": "NOBODY"}, "NOT_FOUND", "reference", id="nobodys-identity"),
        pytest.param(Kind.PASSKEY_INVITATION, {"reference": "NOBODY"}, "NOT_FOUND", "reference", id="inviting-nobody"),
        pytest.param(Kind.CLIENT, {"id": CLIENT}, "ALREADY_ENROLLED", "id", id="client"),
        pytest.param(Kind.CLIENT, {"agency": "ke-nobody"}, "NOT_FOUND", "agency", id="client-of-nobody"),
        pytest.param(Kind.CLIENT_KEY, {"client": "nobody"}, "NOT_FOUND", "client", id="key-of-nobody"),
        pytest.param(Kind.CLIENT_KEY, {"key": key(None)}, "KEY_KNOWN", "key", id="key-that-is-there"),
        pytest.param(Kind.CLIENT_KEY, {"key": key(None, kid="another-name")}, "KEY_KNOWN", "key", id="key-renamed"),
        pytest.param(Kind.CLIENT_KEY_END, {"kid": "nothing"}, "NOT_FOUND", "kid", id="key-unknown"),
        pytest.param(Kind.CLIENT_CERTIFICATE, {"client": "nobody"}, "NOT_FOUND", "client", id="certificate-of-nobody"),
        pytest.param(Kind.CLIENT_CERTIFICATE, {"certificate": certificate("old", days=1, begun=2)}, "KEY_TIME",
                     "certificate", id="certificate-that-has-ended"),
        pytest.param(Kind.CLIENT_CERTIFICATE_END, {}, "NOT_FOUND", "thumbprint", id="certificate-unknown"),
        pytest.param(Kind.CLIENT_SIGNS, {"client": "nobody"}, "NOT_FOUND", "client", id="nobody-signs"),
        pytest.param(Kind.GRANT_KEY, {"agency": "ke-nobody"}, "NOT_FOUND", "agency", id="grant-key-of-nobody"),
        pytest.param(Kind.GRANT_KEY_END, {}, "NOT_FOUND", "kid", id="grant-key-unknown"),
        pytest.param(Kind.AGREEMENT, {"agency": AGENCY}, "AGREEMENT_AGENCY", "agency", id="agreement-at-home"),
        pytest.param(Kind.AGREEMENT, {"agency": "nobody"}, "NOT_FOUND", "agency", id="agreement-with-nobody"),
        pytest.param(Kind.AGREEMENT_CHANGE, {"code": "NONE"}, "NOT_FOUND", "code", id="agreement-unknown"),
        pytest.param(Kind.AGREEMENT_END, {"code": "NONE"}, "NOT_FOUND", "code", id="ending-nothing"),
        pytest.param(Kind.OPENING, {}, "NOT_FOUND", "key", id="opening-what-is-open"),
        pytest.param(Kind.LOG_ERASURE, {}, "NOT_FOUND", "last", id="erasing-what-is-not-signed"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_as_things_stand_is_not_proposed(
    database: Database, kind: Kind, changed: dict[str, Any], code: str, field: str
) -> None:
    def run(connection: Connection) -> tuple[str, str | None]:
        found = refusal(partial(proposed, connection, kind, **changed))
        return found.code, found.field

    assert await database.write(run) == (code, field)


async def test_officers_from_abroad_ask_under_the_agreement_and_nothing_else(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        done(connection, Kind.AGENCY)
        refused = [
            refusal(partial(proposed, connection, Kind.OFFICER, agency=ABROAD, roles=roles)).code
            for roles in (["investigator"], ["investigator", "partner_officer"], ["administrator"])
        ]
        made = done(connection, Kind.OFFICER, agency=ABROAD, roles=["partner_officer"])
        return [*refused, made.state]

    assert await database.write(run) == ["ROLE_ABROAD", "ROLE_ABROAD", "ROLE_ABROAD", "approved"]


async def test_an_agreement_keeps_its_agency_and_ends_within_its_time(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        ready(connection, Kind.AGREEMENT_CHANGE)
        directory.enrol_agency(connection, "se-invented", name="Another", country="SE")
        other = refusal(partial(proposed, connection, Kind.AGREEMENT_CHANGE, agency="se-invented")).code
        late = {"until": agreement()["until"]}
        return [other, *(refusal(partial(proposed, connection, Kind.AGREEMENT_END, **each)).code
                         for each in (late, {"until": MOMENT}))]  # fmt: skip

    assert await database.write(run) == ["AGREEMENT_AGENCY", "AGREEMENT_TIME", "AGREEMENT_TIME"]


async def test_a_changed_agreement_is_what_was_agreed_on(database: Database) -> None:
    def run(connection: Connection) -> None:
        ready(connection, Kind.AGREEMENT_CHANGE)
        done(connection, Kind.AGREEMENT_CHANGE)
        changed = changes.agreement(connection, "NL-2026-01")
        done(connection, Kind.AGREEMENT_END)
        ended = changes.agreement(connection, "NL-2026-01")

        assert changed is not None
        assert (changed.tier, changed.purposes, changed.distinct_subjects) == ("full", ("criminal_investigation",), 9)
        assert ended is not None
        assert (ended.tier, ended.until) == ("full", MOMENT + timedelta(days=1))

    await database.write(run)


async def test_a_client_has_four_keys_at_most_and_one_that_has_ended_makes_room(database: Database) -> None:
    def run(connection: Connection) -> None:
        for number in (11, 12, 13):
            done(connection, Kind.CLIENT_KEY, key=key(number, days=10 if number == 11 else 300))

        assert refusal(partial(proposed, connection, Kind.CLIENT_KEY, key=key(14))).code == "KEYS_TOO_MANY"

        later = MOMENT + timedelta(days=11)
        done(connection, Kind.CLIENT_KEY, key=key(14, since=later), now=later)

        kept = changes.client_keys(connection, CLIENT)
        assert kept is not None
        kids = [each["kid"] for each in kept["keys"]]
        assert kids == [each.jwk["kid"] for each in (pair(), *(pair("ES256", number) for number in (12, 13, 14)))]

    await database.write(run)


# -- the kill switch


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR])
async def test_one_person_closes_and_it_is_closed_once(database: Database, role: Role) -> None:
    def run(connection: Connection) -> None:
        closing = work(connection, actor(connection, role=role))
        made = operations.close(closing, Closing(Scope.CLIENT, CLIENT), "An invented reason")
        again = refusal(partial(operations.close, closing, Closing(Scope.CLIENT, CLIENT), "An invented reason"))

        assert (made.scope, made.key, made.reason) == ("client", CLIENT, "An invented reason")
        assert made.closed_by == f"{AGENCY} {closing.actor.officer.reference}"  # type: ignore[union-attr]  # it has one
        assert again.code == "CLOSED_ALREADY"
        assert [each.name for each in closing.events] == ["access:closed", "access:close:refused"]
        found = directory.client(connection, CLIENT)
        assert found is not None
        assert found.is_closed

    await database.write(run)


@pytest.mark.parametrize(
    ("scope", "key", "code"),
    [
        pytest.param(Scope.AGENCY, "ke-nobody", "NOT_FOUND", id="agency"),
        pytest.param(Scope.CLIENT, "nobody", "NOT_FOUND", id="client"),
        pytest.param(Scope.OFFICER, f"{AGENCY} NOBODY", "NOT_FOUND", id="officer"),
        pytest.param(Scope.OFFICER, "NOBODY", "NAME_MALFORMED", id="officer-without-agency"),
        pytest.param(Scope.AGREEMENT, "NONE", "NOT_FOUND", id="agreement"),
        pytest.param(Scope.FIELD_CLASS, "nothing", "CODE_UNKNOWN", id="field-class"),
    ],
)
async def test_what_is_not_there_is_not_closed(database: Database, scope: Scope, key: str, code: str) -> None:
    def run(connection: Connection) -> str:
        return refusal(
            partial(operations.close, administrator(connection), Closing(scope, key), "An invented reason")
        ).code

    assert await database.write(run) == code


async def test_what_was_closed_is_opened_by_two_and_may_be_closed_again(database: Database) -> None:
    def run(connection: Connection) -> None:
        ready(connection, Kind.OPENING)
        done(connection, Kind.OPENING)
        found = directory.client(connection, CLIENT)
        again = operations.close(administrator(connection), Closing(Scope.CLIENT, CLIENT), "An invented reason")

        assert found is not None
        assert not found.is_closed
        assert again.key == CLIENT
        assert connection.execute(sa.select(sa.func.count()).select_from(closures)).scalar_one() == 2

    await database.write(run)


# -- what is shown


async def test_lists_are_paged_in_their_order(database: Database) -> None:
    def run(connection: Connection) -> None:
        ready(connection, Kind.AGREEMENT_CHANGE)
        asking = administrator(connection)
        first = operations.list_agencies(asking, after=None, limit=2)
        rest = operations.list_agencies(asking, after=first.places[-1], limit=2)

        assert [each.code for each in (*first.nodes, *rest.nodes)] == [ELSEWHERE, AGENCY, ABROAD]
        assert (first.has_next, rest.has_next) == (True, False)
        assert [each.id for each in operations.list_clients(asking, after=None, limit=9).nodes] == [
            "ke-elsewhere-desk", CLIENT,
        ]  # fmt: skip
        found = operations.list_officers(asking, AGENCY, after=None, limit=99).nodes
        assert len(found) == len(Role)
        assert {each.agency for each in found} == {AGENCY}
        (agreed,) = operations.list_agreements(asking, after=None, limit=9).nodes
        assert (agreed.code, agreed.in_force, agreed.distinct_subjects) == ("NL-2026-01", True, 50)
        acts = operations.list_enrolments(asking, State.APPROVED, after=None, limit=1)
        assert [each.kind for each in acts.nodes] == ["agency"]
        assert acts.has_next
        assert operations.list_enrolments(asking, State.PROPOSED, after=None, limit=9).nodes == ()

    await database.write(run)


async def test_what_is_closed_is_listed_and_marked(database: Database) -> None:
    def run(connection: Connection) -> None:
        asking = administrator(connection)
        for scope, chosen in ((Scope.AGENCY, ELSEWHERE), (Scope.CLIENT, CLIENT), (Scope.FIELD_CLASS, "contact")):
            operations.close(asking, Closing(scope, chosen), "An invented reason")
        first = operations.list_closures(asking, after=None, limit=2)

        assert [each.key for each in first.nodes] == [ELSEWHERE, CLIENT]
        assert first.has_next
        assert [each.is_closed for each in operations.list_agencies(asking, after=None, limit=9).nodes] == [True, False]
        assert [each.is_closed for each in operations.list_clients(asking, after=None, limit=9).nodes] == [False, True]

    await database.write(run)


async def test_keys_that_end_within_thirty_days_are_named_the_first_one_first(database: Database) -> None:
    def run(connection: Connection) -> list[tuple[str, str]]:
        done(connection, Kind.CLIENT_KEY, key=key(11, days=29))
        done(connection, Kind.GRANT_KEY, key=key(12, days=3))
        done(connection, Kind.CLIENT_KEY, key=key(13, days=31))
        found = operations.list_expiring_keys(administrator(connection))
        return [(each.holder, each.name) for each in found]

    assert await database.write(run) == [("agency", AGENCY), ("client", CLIENT)]


async def test_a_certificate_that_ends_is_named_among_them(database: Database) -> None:
    def run(connection: Connection) -> list[tuple[str, bool, str]]:
        for name, days in (("soon", 20), ("late", 40)):
            done(connection, Kind.CLIENT_CERTIFICATE, certificate=certificate(name, days=days))
        found = operations.list_expiring_keys(administrator(connection))
        return [(each.name, each.is_certificate, each.kid) for each in found]

    assert await database.write(run) == [(CLIENT, True, read(certificate("soon", days=20))["thumbprint"])]


async def test_a_certificate_that_ends_before_the_second_word_is_not_enrolled(database: Database) -> None:
    def run(connection: Connection) -> str:
        waiting = proposed(connection, Kind.CLIENT_CERTIFICATE, certificate=certificate("soon", days=1))
        late = second(connection, now=MOMENT + timedelta(days=1))
        return refusal(partial(operations.approve, late, identifier(waiting))).code

    assert await database.write(run) == "KEY_TIME"


async def test_who_signs_keeps_what_else_is_agreed_and_a_second_certificate_leaves_the_first(
    database: Database,
) -> None:
    def run(connection: Connection) -> None:
        changes.put_client_scopes(connection, CLIENT, {directory.INTROSPECTION})
        done(connection, Kind.CLIENT_SIGNS)
        signing = changes.client_scopes(connection, CLIENT)
        done(connection, Kind.CLIENT_SIGNS, signs=False)
        for name in ("first", "second"):
            done(connection, Kind.CLIENT_CERTIFICATE, certificate=certificate(name))
        kept = changes.client_certificates(connection, CLIENT)

        assert signing == frozenset({directory.INTROSPECTION, directory.SIGNED_REQUESTS})
        assert changes.client_scopes(connection, CLIENT) == frozenset({directory.INTROSPECTION})
        assert kept == [read(certificate(name)) for name in ("first", "second")]

    await database.write(run)


async def test_a_list_takes_one_statement_however_long_it_is(database: Database) -> None:
    def run(connection: Connection) -> list[int]:
        asking, counted = administrator(connection), []
        lists: list[Any] = [  # Any: each has its own answer
            partial(operations.list_enrolments, asking, None, after=None, limit=9),
            partial(operations.list_agencies, asking, after=None, limit=9),
            partial(operations.list_clients, asking, after=None, limit=9),
            partial(operations.list_officers, asking, AGENCY, after=None, limit=9),
            partial(operations.list_agreements, asking, after=None, limit=9),
            partial(operations.list_closures, asking, after=None, limit=9),
        ]
        for each in lists:
            with statements(connection) as seen:
                each()
            counted.append(len(seen))
        return counted

    assert await database.read(run) == [1] * 6


async def test_the_log_says_what_was_agreed_on_and_by_whom(database: Database) -> None:
    def run(connection: Connection) -> None:
        first = administrator(connection)
        waiting = operations.propose(first, Handed(Kind.AGENCY, GIVEN[Kind.AGENCY]), "An invented reason")
        decider = second(connection)
        operations.approve(decider, identifier(waiting))

        (told,), (decided,) = first.events, decider.events
        assert (told.name, told.details["subject"], told.details["reason"]) == (
            "enrolment:proposed", ABROAD, "An invented reason",
        )  # fmt: skip
        assert decided.name == "enrolment:approved"
        assert decided.details["terms"] == GIVEN[Kind.AGENCY]

    await database.write(run)
