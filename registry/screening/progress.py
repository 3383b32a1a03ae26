"""How far a screening has come, as those who follow it are told. Pure."""

from datetime import datetime
from typing import Any

from registry.core.ids import public_id
from registry.notices.notice import News, Topic
from registry.notices.views import ProgressView
from registry.screening.queries import Screening, Step


def news(screening: Screening, step: Step | None = None) -> News:
    """Return the news of a screening as it stands, or as a step takes it further."""
    return News(Topic.SCREENING, str(screening.id), screening.id, None, {
        "state": screening.state.value,
        "people": screening.people,
        "done": step.first + step.rows if step else screening.rows_done,
        "refused": screening.refused + (step.refused if step else 0),
        "hits": screening.hits + (step.hits if step else 0),
    })  # fmt: skip


def view(told: News, at: datetime) -> ProgressView:
    """Return what is told of it."""
    counts: Any = told.details  # Any: JSON that news() has written
    return ProgressView(
        public_id("screening", told.subject), counts["state"], counts["people"], counts["done"], counts["refused"],
        counts["hits"], at,
    )  # fmt: skip
