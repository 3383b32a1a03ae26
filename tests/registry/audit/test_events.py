"""An entry before it has its place in the log."""

from uuid import UUID

import pytest

from registry.audit.events import Event, Outcome, outcome_of
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound, Unauthenticated, Unavailable
from tests.factories import entry

ONE, TWO = UUID(int=1), UUID(int=2)


def test_an_entry_concerns_every_profile_of_its_events_once() -> None:
    events = (Event("profile:searched", (TWO, ONE)), Event("profile:read", (ONE,)), Event("log:read"))

    assert entry(events=events).records == (TWO, ONE)


def test_an_entry_without_events_concerns_nobody() -> None:
    assert entry().records == ()


@pytest.mark.parametrize("error", [Forbidden("…"), NotFound("…"), Unauthenticated("…")])
def test_what_one_may_not_or_may_not_know_is_denied(error: Exception) -> None:
    assert outcome_of(error) is Outcome.DENIED


@pytest.mark.parametrize("error", [Conflict("…"), InputRefused("…"), Unavailable("…"), ValueError("ours")])
def test_every_other_error_is_a_failure(error: Exception) -> None:
    assert outcome_of(error) is Outcome.FAILED
