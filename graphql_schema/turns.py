"""One turn of a stream: what a subscription's resolver is handed, and how it goes on behind what was told before.

turn_of(info).told(Topic.DECISION, agency, lambda after: following.next_decision(work, after=after))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from graphql import GraphQLResolveInfo

from graphql_schema.bell import Key
from graphql_schema.context import Context
from registry.core.errors import InputRefused
from registry.notices import queries
from registry.notices.notice import Told, Topic, last_event_gone

T = TypeVar("T")


@dataclass
class Turn(Context):
    """A subscription in execution, once."""

    last_event_id: str | None = None
    """Behind which event a stream goes on that was broken off; looked at in its first turn only."""
    after: int | None = None
    """The number behind which this turn looks; nothing when the stream begins."""
    key: Key | None = None
    """What is followed."""
    has_news: bool = False
    is_over: bool = False

    def told(self, topic: Topic, audience: str, next_one: Callable[[int | None], Told[T]]) -> T | None:
        """Return what is told next, if anything. Raises InputRefused (CURSOR_INVALID), Conflict (LAST_EVENT_GONE)."""
        self.key = (topic, audience)
        if self.after is None and self.last_event_id:
            self.after = self._place(self.last_event_id)
        found = next_one(self.after)
        self.after, self.has_news, self.is_over = found.number, found.view is not None, found.is_over
        return found.view

    @property
    def event_id(self) -> str:
        """The id of what was told in this turn: bound to what is followed, and to who follows it."""
        return self.cursors.make(self._followed, self.principal, self.after)

    @property
    def _followed(self) -> list[object]:
        return ["told", *(self.key or ())]

    def _place(self, event_id: str) -> int:
        try:
            number: int = self.cursors.read(self._followed, self.principal, event_id)
        except InputRefused:
            raise InputRefused(
                "is no event of this subscription.", field="Last-Event-ID", code="CURSOR_INVALID",
                remedy="Send the id of the last event that this subscription told you, or leave it out.",
            ) from None  # fmt: skip
        if not queries.is_whole_behind(self.work.connection, number):
            raise last_event_gone()
        return number


def turn_of(info: GraphQLResolveInfo) -> Turn:
    """Return the turn being taken."""
    turn: Any = info.context  # Any: graphql-core leaves the type open
    assert isinstance(turn, Turn)
    return turn
