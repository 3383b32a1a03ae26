"""Tickets: a secret that nobody can guess, good for one thing until a moment."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import NotFound
from registry.core.ids import new_id
from registry.photographs import limits, tickets
from registry.photographs.tickets import Kind, Ticket
from tests.factories import AGENCY, CLIENT, MOMENT
from tests.registry.photographs.scenes import registrar

MOMENTARILY = timedelta(microseconds=1)


def made(kind: Kind = Kind.PUT, profile: UUID | None = None) -> Ticket:
    by = registrar()
    assert by.officer
    return tickets.ticket(kind, by, by.officer, photograph=new_id(), profile=profile, at=MOMENT)


def test_a_secret_has_256_random_bits() -> None:
    secrets = {tickets.new_secret() for _ in range(1000)}

    assert len(secrets) == 1000
    assert {len(each) for each in secrets} == {43}


def test_only_the_digest_of_a_secret_is_stored() -> None:
    secret = tickets.new_secret()

    assert tickets.digest_of(secret) == hashlib.sha256(secret.encode()).digest()


@pytest.mark.parametrize(
    "text", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "ä" * 43, "a" * 42 + "+"]
)
def test_what_was_never_a_secret_looks_like_one_that_is_over(text: str) -> None:
    with pytest.raises(NotFound) as caught:
        tickets.digest_of(text)

    assert caught.value.code == "TICKET_UNKNOWN"
    assert str(caught.value) == str(tickets.ticket_unknown())


@given(st.text(max_size=60))
def test_any_text_is_a_secret_or_refused(text: str) -> None:
    try:
        digest = tickets.digest_of(text)
    except NotFound:
        assert len(text) != 43 or not text.isalnum() or not text.isascii()
    else:
        assert len(digest) == 32


def test_a_ticket_carries_who_asked_and_why() -> None:
    ticket = made()
    by = registrar()

    assert by.officer
    assert (ticket.client, ticket.agency) == (CLIENT, AGENCY)
    assert (ticket.officer, ticket.officer_reference) == (by.officer.id, by.officer.reference)
    assert (ticket.purpose, ticket.case_reference) == ("register_maintenance", "CR 12/2026")
    assert (ticket.legal_basis, ticket.token_id) == ("KE-SOA-39-13", "token-1")


@pytest.mark.parametrize(("kind", "life"), [(Kind.PUT, timedelta(minutes=10)), (Kind.GET, timedelta(seconds=60))])
def test_a_ticket_is_good_for_its_kind_until_its_moment(kind: Kind, life: timedelta) -> None:
    ticket = made(kind, new_id())
    other = next(each for each in Kind if each is not kind)

    assert tickets.is_good(ticket, kind, MOMENT + life - MOMENTARILY)
    assert not tickets.is_good(ticket, kind, MOMENT + life)
    assert not tickets.is_good(ticket, other, MOMENT)
    assert not tickets.is_good(None, kind, MOMENT)


def test_a_case_must_be_known() -> None:
    by = replace(registrar(), case_reference=None)
    assert by.officer

    with pytest.raises(AssertionError):
        tickets.ticket(Kind.PUT, by, by.officer, photograph=new_id(), profile=None, at=MOMENT)


def test_every_kind_has_its_life() -> None:
    assert set(tickets.LIVES) == set(Kind)
    assert limits.GET_LIFE < limits.PUT_LIFE < limits.UNATTACHED_LIFE
