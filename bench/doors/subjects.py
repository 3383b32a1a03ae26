"""Whom the questions are about: asked of the register itself, so that each door has something to answer.

subjects = chosen(register)
subjects.names       family names of which the register answers a full page
subjects.ids         records that the investigator may open
subjects.page        one such page, as the search's resolver returns it
"""

import os
from dataclasses import dataclass
from unittest.mock import patch

import uvloop
from sqlalchemy import Connection

from bench.doors import twin
from bench.doors.questions import PAGE_SIZE, families
from bench.register import Register
from graphql_schema.base import EdgeValue, PageValue
from registry.core.clock import now
from registry.demo.filling import player_actor
from registry.search import operations
from registry.search.operations import SearchPage
from registry.search.query import SearchQuery
from registry.work import Work

ENOUGH = 40
"""Names asked about; each page is of other people."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """People to ask about."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    page: PageValue


def chosen(register: Register) -> Subjects:
    """Search for family names until enough of them fill a page."""
    with patch.dict(os.environ, register.environment | {"REGISTRY_LOG_LEVEL": "error"}):
        return uvloop.run(_chosen(register.loaded.profiles))


async def _chosen(size: int) -> Subjects:
    node = twin.opened()

    def ask(connection: Connection) -> dict[str, SearchPage]:
        actor = player_actor(connection, "investigator")
        found: dict[str, SearchPage] = {}
        fullest = 0
        for name in families(size):
            work = Work(connection, actor, now(), node.edition, node.sealer)
            page = operations.search(work, SearchQuery(name=name), limit=PAGE_SIZE, wanted=twin.WANTED["page"])
            if len(page.hits) >= fullest:  # a small register has no full one
                fullest = len(page.hits)
                found[name] = page
            if sum(len(each.hits) == PAGE_SIZE for each in found.values()) == ENOUGH:
                break
        return {name: page for name, page in found.items() if len(page.hits) == fullest}

    try:
        found = await node.database.keeper.read(ask)
    finally:
        await node.database.close()
    hits = [hit for page in found.values() for hit in page.hits]
    edges = [EdgeValue(hit, "place") for hit in next(iter(found.values())).hits]
    ids = dict.fromkeys(hit.profile.id for hit in hits)
    return Subjects(tuple(found), tuple(ids), PageValue(edges, has_next=True, has_previous=False))
