"""Even answers: neither time nor size of what a partner's officer is sent tells what was found."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from graphql_schema.even import Steps
from tests import abroad, factories
from tests.nodes import running

STEPS = Steps(0.25, 4_096, 256, 1_000_000)


@given(st.integers(0, 2_000_000), st.integers(0, 1_000))
def test_a_size_is_a_step_that_holds_the_answer(length: int, asked: int) -> None:
    size = STEPS.size(length, asked)

    assert size >= max(length, 1)
    assert size % STEPS.bytes == 0


@given(st.integers(0, 1_000), st.data())
def test_answers_within_what_the_question_may_cost_are_of_one_size(asked: int, data: st.DataObject) -> None:
    lengths = st.integers(0, min(asked * STEPS.bytes_per_point, STEPS.most_bytes))

    assert STEPS.size(data.draw(lengths), asked) == STEPS.size(data.draw(lengths), asked)


def test_a_question_s_points_make_no_answer_longer_than_one_may_be() -> None:
    assert STEPS.size(10, 10**9) == -(-1_000_000 // 4_096) * 4_096


@given(st.floats(0, 20))
def test_an_answer_leaves_at_the_next_step_after_its_request_came(passed: float) -> None:
    leaves = passed + STEPS.wait(passed)

    assert 0 <= STEPS.wait(passed) < STEPS.seconds + 1e-9
    assert abs(leaves / STEPS.seconds - round(leaves / STEPS.seconds)) < 1e-6


@pytest.mark.anyio
async def test_an_answer_is_padded_with_what_json_passes_over_and_waits() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    response = Response(b'{"data":{}}', media_type="application/json")
    await STEPS.leave(response, 30, 10.0, clock=lambda: 10.1, sleep=sleep)

    assert bytes(response.body).rstrip(b" ") == b'{"data":{}}'
    assert len(response.body) == int(response.headers["content-length"]) == 8_192
    assert waits == [pytest.approx(0.15)]


@pytest.mark.anyio
async def test_a_stream_is_left_alone() -> None:
    async def never(_seconds: float) -> None:
        raise AssertionError

    await STEPS.leave(StreamingResponse(iter([b"x"])), 30, 0.0, sleep=never)


FIND = "query ($name: String!) { search(criteria: {name: $name}, first: 3) { edges { node { profile { id } } } } }"


@pytest.mark.anyio
@pytest.mark.usefixtures("anyio_backend")
async def test_a_partner_s_hit_and_no_hit_are_of_one_size_and_others_are_as_they_are(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path / "keys", limits={"even_milliseconds": 1}) as node:

        def settle(connection: Connection) -> None:
            abroad.enrolled(connection)
            abroad.released(connection, [factories.named("Zawadi Invented Mutua", birth_date="1980")])

        await node.database.write(settle)
        hit, nobody = [
            await node.ask(FIND, {"name": name}, token=abroad.token(node)) for name in ("Zawadi Mutua", "Qqx Zzyzx")
        ]
        home = await node.ask(FIND, {"name": "Zawadi Mutua"})

        assert (len(hit.json()["data"]["search"]["edges"]), nobody.json()["data"]["search"]["edges"]) == (1, [])
        assert len(hit.content) == len(nobody.content) == int(hit.headers["content-length"])
        assert len(hit.content) % 4_096 == 0
        assert len(home.content) < 4_096
