"""A list through the API: begun, put at its address, checked in the background, read in pages; over HTTP."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.errors import Conflict
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.screening import chunks, limits, queries, serving, uploads
from registry.screening.checking import Screener
from registry.screening.engines import Engine, checking
from registry.screening.models import screening_chunks, screenings
from registry.screening.routes import Lists
from registry.screening.states import State
from tests import factories
from tests.declaring import declaring
from tests.nodes import Node, code_of, running
from tests.registry.screening import lists

pytestmark = pytest.mark.anyio
BEGIN = ("mutation ($input: ScreeningBeginInput!) { screeningBegin(input: $input) "
         "{ screening { id state } upload { path expiresAt } userErrors { code } } }")  # fmt: skip
READ = "query ($id: ID!) { screening(id: $id) { state people done refused hits disclosed failure } }"
HITS = ("query ($id: ID!, $first: Int!, $after: String) { screeningHits(id: $id, first: $first, after: $after) "
        "{ pageInfo { hasNextPage endCursor } edges { node { row reference band discriminator "
        "reasons { sentence } profile { id names { full } } } } } }")  # fmt: skip
CANCEL = ("mutation ($input: ScreeningCancelInput!) { screeningCancel(input: $input) "
          "{ screening { state } userErrors { code } } }")  # fmt: skip
here = partial(checking, Engine.INLINE, processes=0)


def token(node: Node, **who: Any) -> str:
    return node.token(Role.SUPERVISOR, purpose=Purpose.CRIMINAL_INVESTIGATION, **who)


async def begun(node: Node, **given: str) -> dict[str, Any]:
    told: dict[str, Any] = (await node.data(BEGIN, {"input": given}, token=token(node)))["screeningBegin"]
    assert told["userErrors"] == []
    return told


def content(tmp_path: Path, rows: list[dict[str, str]]) -> bytes:
    return lists.table(tmp_path / "list.csv", rows).read_bytes()


async def hand_in(node: Node, path: str, rows: bytes) -> httpx.Response:
    return await node.http.put(path, content=rows, headers=declaring(rows))


async def served(node: Node) -> bool:
    with ThreadPoolExecutor(1) as thread:
        return await serving.serve_one(node.app.state.node, thread, start=here)


async def test_a_list_is_taken_in_checked_and_read_in_pages(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        rows = [lists.HIT, lists.STRANGER, lists.HIT | {"PNR": "PNR 3"}, {"DOB": "1971-05-17", "Sex": "?"}]

        put = await hand_in(node, told["upload"]["path"], content(tmp_path, rows))
        queued = await node.data(READ, {"id": told["screening"]["id"]}, token=token(node))
        assert await served(node)
        done = await node.data(READ, {"id": told["screening"]["id"]}, token=token(node))

        assert (put.status_code, put.json()["people"]) == (202, 4)
        assert queued["screening"]["state"] == "QUEUED"
        assert done["screening"] == {"state": "FINISHED", "people": 4, "done": 4, "refused": 1, "hits": 2,
                                     "disclosed": 1, "failure": None}  # fmt: skip
        asked = {"id": told["screening"]["id"], "first": 1}
        first = (await node.data(HITS, asked, token=token(node)))["screeningHits"]
        after = first["pageInfo"]["endCursor"]
        second = (await node.data(HITS, asked | {"after": after}, token=token(node)))["screeningHits"]
        nodes = [page["edges"][0]["node"] for page in (first, second)]
        assert sorted(each["reference"] for each in nodes) == ["PNR 1", "PNR 3"]
        assert all(each["discriminator"] and each["profile"]["id"] == node.profile_id(0) for each in nodes)
        assert [first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]] == [True, False]
        log = [each["operation"] for each in await node.entries()]
        assert [log.count(each) for each in ("screeningBegin", "screeningUpload", "screeningDisclose", "screen")] == [
            1, 1, 1, 1,
        ]  # fmt: skip
        assert not await served(node)


async def test_nothing_of_the_list_lies_open_and_nothing_stays(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        await hand_in(node, told["upload"]["path"], content(tmp_path, [lists.STRANGER]))

        def kept(connection: Connection) -> list[bytes]:
            return list(connection.execute(sa.select(screening_chunks.c.content)).scalars())

        waiting = await node.database.read(kept)
        await served(node)

        assert len(waiting) == 1
        assert b"Achieng" not in waiting[0]
        assert await node.database.read(kept) == []


async def test_an_address_is_good_once_and_for_a_while(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        rows = content(tmp_path, [lists.HIT])
        path, late = (await begun(node))["upload"]["path"], (await begun(node))["upload"]["path"]

        refused = await hand_in(node, path, b"nonsense without a known heading")
        once = await hand_in(node, path, rows)
        twice = await hand_in(node, path, rows)
        unknown = await hand_in(node, path[:-1] + ("A" if path[-1] != "A" else "B"), rows)
        node.clock.moment += limits.TICKET_LIFE + timedelta(seconds=1)
        expired = await hand_in(node, late, rows)

        assert (refused.status_code, code_of(refused)) == (422, "HEADINGS_MISSING")
        assert once.status_code == 202
        assert [code_of(each) for each in (twice, unknown, expired)] == ["TICKET_UNKNOWN"] * 3


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"content-length": ""}, 411, "LENGTH_REQUIRED"),
        ({"content-length": "all"}, 400, "LENGTH_MALFORMED"),
        ({"content-length": str(limits.BYTES + 1)}, 413, "FILE_TOO_LARGE"),
        ({"content-digest": ""}, 400, "DIGEST_MISSING"),
        ({"content-digest": "sha-256=9f86"}, 400, "DIGEST_MALFORMED"),
        ({"content-length": "12"}, 422, "LENGTH_DIFFERS"),
    ],
    ids=["no length", "a length in words", "too long", "no digest", "hex", "longer"],
)  # fmt: skip
async def test_a_list_is_held_to_the_length_and_digest_it_declares(
    database_url: str, tmp_path: Path, changes: dict[str, str], status: int, code: str
) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        path, rows = (await begun(node))["upload"]["path"], content(tmp_path, [lists.HIT])
        declared = {name: value for name, value in (declaring(rows) | changes).items() if value}

        async def body() -> AsyncIterator[bytes]:
            yield rows

        refused = await node.http.put(path, content=body(), headers=declared)
        another = rows[:-1] + b"x"
        altered = await node.http.put(path, content=another, headers=declaring(rows))
        taken = await hand_in(node, path, rows)

        assert (refused.status_code, code_of(refused)) == (status, code)
        assert (altered.status_code, code_of(altered)) == (422, "DIGEST_DIFFERS")
        assert taken.status_code == 202
        entries = [each for each in await node.entries() if each["operation"] == "screeningUpload"]
        assert [each["code"] for each in entries] == [code, "DIGEST_DIFFERS", None]
        said = [each.headers["x-request-id"] for each in (refused, altered, taken)]
        assert [each["request_id"] for each in entries] == said
        assert refused.json()["errors"][0]["extensions"]["requestId"] == said[0]


async def test_a_list_that_would_exceed_the_day_is_refused(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PEOPLE_A_DAY", 2)
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)

        put = await hand_in(node, told["upload"]["path"], content(tmp_path, [lists.HIT] * 3))
        fits = await hand_in(node, told["upload"]["path"], content(tmp_path, [lists.HIT] * 2))
        full = await node.data(BEGIN, {"input": {}}, token=token(node))

        assert (put.status_code, code_of(put)) == (429, "SCREENING_QUOTA_EXCEEDED")
        assert fits.status_code == 202
        assert full["screeningBegin"]["userErrors"] == [{"code": "SCREENING_QUOTA_EXCEEDED"}]


async def test_addresses_kept_over_midnight_are_no_second_day(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PEOPLE_A_DAY", 2)
    async with running(database_url, tmp_path / "keys") as node:
        midnight = datetime.combine(node.clock().date(), time(), node.clock().tzinfo) + timedelta(days=1)
        node.clock.moment = midnight - timedelta(minutes=5)
        paths = [(await begun(node))["upload"]["path"] for _ in range(3)]
        node.clock.moment = midnight + timedelta(minutes=5)

        put = [await hand_in(node, path, content(tmp_path, [lists.HIT])) for path in paths]

        assert [each.status_code for each in put] == [202, 202, 429]


async def test_a_list_that_was_on_its_way_when_its_address_expired_is_taken_in(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        path, rows = (await begun(node))["upload"]["path"], content(tmp_path, [lists.HIT])

        async def slowly() -> AsyncIterator[bytes]:
            yield rows[:10]
            node.clock.moment += limits.TICKET_LIFE + timedelta(minutes=1)
            yield rows[10:]

        assert (await node.http.put(path, content=slowly(), headers=declaring(rows))).status_code == 202


async def test_a_list_that_was_cancelled_while_it_came_is_told_so(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        identifier = read_public_id("screening", told["screening"]["id"])
        screening = await node.database.read(partial(queries.by_id, identifier=identifier))
        key = await node.database.read(partial(queries.data_key, sealer=node.app.state.node.sealer,
                                               identifier=identifier))  # fmt: skip
        looked = uploads.looked_at(lists.table(tmp_path / "list.csv", [lists.HIT]), factories.EDITION, None)
        await node.database.write(partial(queries.reserve, identifier=identifier, people=1, digest=looked.digest))
        await node.data(CANCEL, {"input": {"screeningId": told["screening"]["id"]}}, token=token(node))
        assert screening is not None
        assert key is not None

        with pytest.raises(Conflict) as refused:
            await Lists(node.app.state.node)._keep(screening, looked, key)

        assert refused.value.code == "SCREENING_OVER"


async def test_a_page_of_hits_takes_as_many_statements_however_long_it_is(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        rows = [lists.HIT | {"PNR": f"PNR {at}"} for at in range(5)]
        await hand_in(node, told["upload"]["path"], content(tmp_path, rows))
        assert await served(node)
        asked = {"id": told["screening"]["id"]}

        with node.statements() as few:
            await node.data(HITS, asked | {"first": 1}, token=token(node))
        with node.statements() as many:
            await node.data(HITS, asked | {"first": 50}, token=token(node))
        with node.statements() as state:
            await node.data(READ, asked, token=token(node))

        assert [len(each) for each in (few, many, state)] == [5, 5, 2]


@pytest.mark.parametrize("query", [READ, HITS], ids=["how far", "hits"])
async def test_a_screening_of_another_case_costs_what_one_that_is_not_there_costs(
    database_url: str, tmp_path: Path, query: str
) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        there, absent = (await begun(node))["screening"]["id"], public_id("screening", new_id())
        said = []
        for identifier in (there, absent):
            with node.statements() as seen:
                asked = {"id": identifier} | ({"first": 5} if query is HITS else {})
                answer = await node.ask(query, asked, token=token(node, case="CR 13/2026"))
            said.append((code_of(answer), tuple(seen)))

        assert said[0] == said[1]
        assert said[0][0] == "NOT_FOUND"


async def test_a_cancelled_screening_is_not_checked(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        await hand_in(node, told["upload"]["path"], content(tmp_path, [lists.HIT]))

        cancelled = await node.data(CANCEL, {"input": {"screeningId": told["screening"]["id"]}}, token=token(node))
        again = await node.data(CANCEL, {"input": {"screeningId": told["screening"]["id"]}}, token=token(node))

        assert cancelled["screeningCancel"]["screening"]["state"] == "CANCELLED"
        assert again["screeningCancel"]["userErrors"] == [{"code": "SCREENING_OVER"}]
        assert not await served(node)


@pytest.mark.parametrize("who", [{"agency": factories.ELSEWHERE}, {"case": "CR 13/2026"}], ids=["agency", "case"])
async def test_another_agency_or_case_sees_nothing(database_url: str, tmp_path: Path, who: dict[str, str]) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)

        answer = await node.ask(READ, {"id": told["screening"]["id"]}, token=token(node, **who))

        assert code_of(answer) == "NOT_FOUND"


async def test_an_investigator_may_not_begin_one(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        assert code_of(await node.ask(BEGIN, {"input": {}}, by=Role.INVESTIGATOR)) == "FORBIDDEN"


async def test_another_worker_goes_on_behind_the_last_chunk_of_one_that_died(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first dies within its second chunk; the second takes over once it has been silent for a minute."""
    monkeypatch.setattr(limits, "CHUNK", 2)
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        rows = [lists.HIT | {"PNR": f"PNR {at}"} for at in range(5)]
        await hand_in(node, told["upload"]["path"], content(tmp_path, rows))
        real, seen = Screener.__call__, []

        def dying(screener: Screener, chunk: Any) -> Any:
            seen.append(chunk.first)
            if len(seen) == 2:
                raise MemoryError
            return real(screener, chunk)

        monkeypatch.setattr(Screener, "__call__", dying)
        with pytest.raises(MemoryError):
            await served(node)
        assert not await served(node)
        node.clock.moment += limits.LEASE + timedelta(seconds=1)
        assert await served(node)

        done = (await node.data(READ, {"id": told["screening"]["id"]}, token=token(node)))["screening"]
        assert (done["state"], done["done"], done["hits"], done["disclosed"]) == ("FINISHED", 5, 5, 1)
        assert seen == [0, 2, 2, 4]


async def test_an_officer_who_lost_the_right_has_a_failed_screening(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        await hand_in(node, told["upload"]["path"], content(tmp_path, [lists.HIT]))
        gone = sa.update(screenings).values(officer_reference="nobody")
        await node.database.write(lambda connection: connection.execute(gone))

        await served(node)

        done = (await node.data(READ, {"id": told["screening"]["id"]}, token=token(node)))["screening"]
        assert (done["state"], done["failure"]) == ("FAILED", "SCREENING_ORPHANED")


async def test_a_list_that_never_comes_fails(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:
        told = await begun(node)
        late = node.clock() + limits.TICKET_LIFE + queries.PATIENCE + timedelta(seconds=1)

        await node.database.write(lambda connection: queries.purge(connection, node.clock(), late))

        done = (await node.data(READ, {"id": told["screening"]["id"]}, token=token(node)))["screening"]
        assert (done["state"], done["failure"]) == (State.FAILED.name, "LIST_NEVER_CAME")
        assert chunks.KIND == "screening"
