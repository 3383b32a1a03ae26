"""Which key signs and which still verify follows from the rows and the moment, for every worker alike."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from auth import signing
from auth.keys import signing_key
from auth.signing import AHEAD, BEHIND, LONGEST_TOKEN, Listed, Ring
from registry.core.db import Database
from registry.core.errors import Conflict, NotFound, Unavailable
from tests.auth.conftest import TokenEndpoint
from tests.auth.household import MOMENT, SEALER, Watch, desk
from tests.auth.tokens import pair

pytestmark = pytest.mark.anyio

FILE = signing_key(pair("ES256", 99).private_pem)
SECOND = timedelta(seconds=1)


def ring(watch: Watch | None = None) -> Ring:
    return Ring(FILE, SEALER, watch or Watch())


async def rotated(database: Database, ahead: timedelta = AHEAD) -> Listed:
    return await database.write(lambda db: signing.rotate(db, SEALER, FILE, MOMENT, ahead=ahead))


async def rows(database: Database) -> list[Listed]:
    return await database.read(signing.listed)


def test_a_register_that_never_exchanged_its_key_signs_with_the_key_file() -> None:
    assert ring().current(MOMENT) is FILE
    assert ring().get(FILE.kid) == FILE.public.jwk
    assert ring().get("another") is None


async def test_a_new_key_is_published_a_day_before_it_signs(database: Database) -> None:
    made = await rotated(database)
    found = ring()
    found.learn(await rows(database))

    assert found.current(MOMENT + AHEAD - SECOND).kid == FILE.kid
    assert found.current(MOMENT + AHEAD).kid == made.kid
    assert [key["kid"] for key in found.published(MOMENT)] == [FILE.kid, made.kid]
    assert [key["kid"] for key in found.published(MOMENT + AHEAD)] == [made.kid, FILE.kid]


async def test_an_old_key_verifies_for_the_life_of_its_last_token_and_a_day(database: Database) -> None:
    await rotated(database)
    watch = Watch()
    found = ring(watch)
    found.learn(await rows(database))

    watch.moment = MOMENT + AHEAD + LONGEST_TOKEN + BEHIND - SECOND
    assert found.get(FILE.kid) is not None
    watch.moment += SECOND
    assert found.get(FILE.kid) is None


async def test_a_new_key_signs_what_another_worker_checks(database: Database) -> None:
    await rotated(database, timedelta(0))
    one, two = ring(), ring()
    for each in (one, two):
        each.learn(await rows(database))

    assert one.current(MOMENT).kid == two.current(MOMENT).kid != FILE.kid
    assert two.get(one.current(MOMENT).kid) == one.current(MOMENT).public.jwk


async def test_the_private_half_is_kept_sealed(database: Database) -> None:
    made = await rotated(database)
    stored = {row.kid: row for row in await rows(database)}

    assert b"PRIVATE" not in (stored[made.kid].sealed or b"PRIVATE")
    assert stored[FILE.kid].sealed is None


async def test_one_key_waits_at_a_time(database: Database) -> None:
    await rotated(database)

    with pytest.raises(Conflict) as caught:
        await rotated(database)

    assert caught.value.code == "KEY_WAITING"


async def test_a_withdrawn_key_verifies_nothing_and_another_takes_its_place(database: Database) -> None:
    made = await database.write(lambda db: signing.withdraw(db, SEALER, FILE, FILE.kid, MOMENT))
    found = ring()
    found.learn(await rows(database))

    assert made is not None
    assert found.get(FILE.kid) is None
    assert found.current(MOMENT).kid == made.kid
    with pytest.raises(Unavailable):
        found.current(MOMENT - SECOND)  # a worker whose clock is behind signs nothing until then


async def test_a_key_that_waits_is_withdrawn_and_nothing_takes_its_place(database: Database) -> None:
    waiting = await rotated(database)

    made = await database.write(lambda db: signing.withdraw(db, SEALER, FILE, waiting.kid, MOMENT))

    found = ring()
    found.learn(await rows(database))
    assert made is None
    assert found.current(MOMENT + AHEAD).kid == FILE.kid
    assert found.current(MOMENT + AHEAD + LONGEST_TOKEN + BEHIND).kid == FILE.kid, "no successor ends it"


@pytest.mark.parametrize("after", [SECOND, LONGEST_TOKEN + BEHIND], ids=["at once", "days later"])
async def test_a_key_that_was_exchanged_never_signs_again(database: Database, after: timedelta) -> None:
    made = await rotated(database, timedelta(0))

    again = await database.write(lambda db: signing.withdraw(db, SEALER, FILE, made.kid, MOMENT + after))

    found = ring(Watch(MOMENT + after))
    found.learn(await rows(database))
    assert again is not None
    assert found.current(MOMENT + after).kid == again.kid
    assert found.get(made.kid) is None
    assert (found.get(FILE.kid) is None) is (after > SECOND)


async def test_with_the_key_that_signs_goes_the_one_that_waits(database: Database) -> None:
    waiting = await rotated(database)

    made = await database.write(lambda db: signing.withdraw(db, SEALER, FILE, FILE.kid, MOMENT))

    found = ring()
    found.learn(await rows(database))
    assert made is not None
    assert [key["kid"] for key in found.published(MOMENT)] == [made.kid]
    assert found.get(waiting.kid) is None


@pytest.mark.parametrize("times", [1, 2])
async def test_only_a_key_that_stands_can_be_withdrawn(database: Database, times: int) -> None:
    def withdraw(connection: Connection) -> None:
        for _ in range(times):
            signing.withdraw(connection, SEALER, FILE, FILE.kid if times == 2 else "nobody's", MOMENT)

    with pytest.raises(NotFound):
        await database.write(withdraw)


async def test_a_node_whose_key_file_is_another_signs_nothing_until_the_register_s_own_key_does(
    database: Database,
) -> None:
    await rotated(database)
    stranger = Ring(signing_key(pair("ES256", 98).private_pem), SEALER, Watch())
    stranger.learn(await rows(database))

    with pytest.raises(Unavailable):
        stranger.current(MOMENT)

    assert stranger.current(MOMENT + AHEAD).kid != FILE.kid


async def test_tokens_are_signed_with_the_key_of_the_moment(endpoint: TokenEndpoint) -> None:
    made = await rotated(endpoint.node.database, timedelta(0))
    endpoint.node.signing.learn(await rows(endpoint.node.database))

    published = (await endpoint.http.get("/oauth/jwks")).json()["keys"]
    answer = await endpoint.post(desk().form())

    assert [key["kid"] for key in published] == [made.kid, FILE.kid]
    assert answer.status_code == 200
