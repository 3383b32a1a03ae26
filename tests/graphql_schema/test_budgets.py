"""Nobody is shown more records, or asks more, than their principal may: over HTTP, on both databases."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.nodes import Node, code_of, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
ALL = 'search(criteria: {name: "Achieng Invented"}, first: 10) { edges { node { score profile { id } } } }'
"""Finds three people."""
NOBODY = (
    '{ search(criteria: {name: "Zzyzx Nobody", birthDate: "1901"}, first: 10) { edges { node { profile { id } } } } }'
)


def node_of(database_url: str, tmp_path: Path, **limits: int) -> AbstractAsyncContextManager[Node]:
    return running(database_url, tmp_path / "keys", limits=limits)


async def test_records_are_counted_each_time_that_they_are_shown(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, records_per_hour=9) as node:
        first = await node.ask(f"{{ a: {ALL} b: {ALL} }}")  # an alias is no way round
        then = await node.ask(f"{{ {ALL} }}")
        spent = await node.ask(f"{{ {ALL} }}")
        elsewhere = await node.ask(f"{{ {ALL} }}", token=node.token(agency=factories.ELSEWHERE))

        assert first.json()["extensions"]["records"] == {"shown": 6, "leftThisHour": 3, "leftToday": 4994}
        assert then.json()["extensions"]["records"]["leftThisHour"] == 0
        assert (spent.status_code, code_of(spent)) == (429, "RECORDS_SPENT")
        assert 0 < int(spent.headers["retry-after"]) <= 3600
        assert "data" not in spent.json()
        assert (await node.entry(spent))["outcome"] == "denied"
        assert elsewhere.status_code == 200


async def test_a_page_that_goes_beyond_is_not_shown_at_all(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, records_per_hour=2) as node:
        answer = await node.ask(f"{{ {ALL} }}")

        assert (answer.status_code, code_of(answer)) == (429, "RECORDS_SPENT")
        assert "score" not in answer.text
        entry = await node.entry(answer)
        assert (entry["outcome"], entry["code"]) == ("denied", "RECORDS_SPENT")


async def test_requests_at_once_are_shown_no_more_than_one_after_the_other(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, records_per_hour=7) as node:
        answers = await asyncio.gather(*(node.ask(f"{{ {ALL} }}") for _ in range(8)))

        assert sorted(each.status_code for each in answers) == [200] * 2 + [429] * 6


async def test_whoever_is_not_shown_records_is_not_held_up(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, records_per_hour=3) as node:
        await node.ask(f"{{ {ALL} }}")

        assert (await node.ask("{ offenceCatalogue { version } }")).status_code == 200
        assert (await node.ask("{ __typename }")).status_code == 200


async def test_another_day_brings_more(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, records_per_day=3) as node:
        assert (await node.ask(f"{{ {ALL} }}")).status_code == 200
        node.clock.wait(2 * 3600)
        refused = await node.ask(f"{{ {ALL} }}")
        node.clock.wait(24 * 3600)

        assert (refused.status_code, code_of(refused)) == (429, "RECORDS_SPENT")
        assert int(refused.headers["retry-after"]) > 3600
        assert (await node.ask(f"{{ {ALL} }}")).status_code == 200


async def test_points_are_counted_by_the_minute(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, cost_per_minute=62) as node:
        answers = [await node.ask(NOBODY) for _ in range(5)]  # may cost 30 each, and costs 10
        refused = answers[-1]

        assert [each.status_code for each in answers] == [200] * 4 + [429]
        assert (code_of(refused), int(refused.headers["retry-after"]) <= 60) == ("RATE_LIMITED", True)
        assert (await node.entry(refused))["outcome"] == "denied"
        node.clock.wait(60)
        assert (await node.ask(NOBODY)).status_code == 200


async def test_a_change_is_charged_too(database_url: str, tmp_path: Path) -> None:
    async with node_of(database_url, tmp_path, cost_per_minute=25) as node:
        upload = 'mutation { photographUpload(input: {reason: "invented for a test"}) { ticket { expiresAt } } }'
        token = node.token(Role.REGISTRAR, purpose=Purpose.REGISTER_MAINTENANCE)

        answers = [await node.ask(upload, token=token) for _ in range(3)]

        assert [each.status_code for each in answers] == [200, 200, 429]
        assert answers[0].json()["extensions"]["cost"]["actual"] == 12
