"""Receipts, from the key that a node tells of to the proof that a promise was kept, or was not."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.audit import receipts
from registry.audit.log import append
from registry.audit.models import promise_keys
from registry.audit.promises import RENEWED, PromiseKey, Promises, tell
from registry.audit.receipts import Receipt, certificate_of, parse_certificate, parse_receipt, path_of
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.errors import ProofFailed
from registry.notary import checking, promised
from registry.notary.promised import Broken, TooEarly
from registry.notary.promises import Told, certificates, signed
from registry.tlog.note import parse_note
from tests.factories import entry
from tests.registry.notary.conftest import KEYS, NOW, ORIGIN, SIGNERS, Desk

pytestmark = pytest.mark.anyio


async def promised_by(desk: Desk, promises: Promises) -> Receipt:
    """Make an entry and promise it."""
    (placed,) = await desk.database.write(lambda connection: append(connection, [entry()], clock=lambda: desk.at))
    return parse_receipt(promises.receipt(placed))


def look(desk: Desk, receipt: Receipt, *, later: int = 0) -> None:
    """Check a receipt as a stranger does, so many seconds later."""
    source, now = checking.folder_source(desk.store.published), desk.at + timedelta(seconds=later)
    promised.check(receipt, ORIGIN)
    promised.vouched(receipt, promised.fetched(source, receipt), KEYS, now)
    promised.proof_of(checking.opened(source, KEYS), receipt, now)


async def test_what_was_promised_is_kept_and_can_be_checked_by_strangers_and_offline(desk: Desk) -> None:
    promises = Promises(ORIGIN, lambda: desk.at)
    await promises.keep(desk.database)
    receipt = await promised_by(desk, promises)
    await desk.enter(3)
    await desk.signed()

    look(desk, receipt)
    proof = promised.proof_of(desk.log(), receipt, desk.at)
    assert promised.proved(proof, receipt, KEYS).size == 4
    assert [*desk.problems(), *promised.spoilt(desk.store.published, KEYS)] == []
    (file,) = desk.store.published.glob("promise/*")
    file.with_name("0" * 64).write_bytes(file.read_bytes())
    assert len([*promised.spoilt(desk.store.published, KEYS)]) == 1
    with pytest.raises(ProofFailed):
        promised.proved(proof, replace(receipt, index=1), KEYS)


async def test_a_promise_that_is_not_kept_is_proof_of_misconduct_after_a_minute(desk: Desk) -> None:
    promises = Promises(ORIGIN, lambda: desk.at)
    await promises.keep(desk.database)
    await desk.enter(1)
    await desk.signed()
    receipt = await promised_by(desk, promises)

    with pytest.raises(TooEarly):
        look(desk, receipt, later=59)
    with pytest.raises(Broken, match=r"has 1 entries, and does not reach it\. A promise that is not kept after 60 sec"):
        look(desk, receipt, later=60)
    await desk.signed()
    look(desk, receipt, later=60)


async def test_another_entry_at_the_promised_place_is_proof_of_misconduct_at_once(desk: Desk) -> None:
    key = PromiseKey.made(desk.at)
    await desk.database.write(lambda connection: tell(connection, key))
    await desk.enter(2)
    await desk.signed()
    receipt = receipts.promised(ORIGIN, 1, desk.at, bytes(32), key=key.public, sign=key.private.sign)

    with pytest.raises(Broken, match="another leaf stands there"):
        look(desk, receipt)


async def test_a_key_that_nobody_certified_proves_nothing(desk: Desk) -> None:
    promises = Promises(ORIGIN, lambda: desk.at)
    await desk.signed()
    receipt = await promised_by(desk, promises)
    await desk.signed()

    with pytest.raises(TooEarly):
        look(desk, receipt)
    with pytest.raises(ProofFailed) as refused:
        look(desk, receipt, later=60)
    assert refused.value.code == "PROMISE_KEY_UNKNOWN"


async def test_a_key_is_certified_once_for_a_day_by_the_log_s_key(desk: Desk) -> None:
    promises = Promises(ORIGIN, lambda: desk.at)
    await promises.keep(desk.database)
    await desk.signed()
    receipt = await promised_by(desk, promises)
    file = desk.store.published / path_of(receipt.key)
    certificate, made = parse_certificate(parse_note(file.read_bytes()).text), file.stat().st_mtime_ns
    desk.at += timedelta(hours=1)
    await desk.signed()

    assert certificate == certificate_of(ORIGIN, receipt.key, NOW)
    assert file.stat().st_mtime_ns == made
    promised.certified(receipt, file.read_bytes(), KEYS)
    for printed in (b"", file.read_bytes().replace(b"v1", b"v2"), signed(certificate, SIGNERS[:1]).print()[:-9]):  # type: ignore[union-attr]  # that one signs
        with pytest.raises(ProofFailed):
            promised.certified(receipt, printed, KEYS)
    with pytest.raises(ProofFailed, match="not of the receipt's key, or not of its time"):
        promised.certified(replace(receipt, at=receipt.at + 86_400_000), file.read_bytes(), KEYS)


def test_keys_of_long_ago_or_of_the_future_and_what_is_none_are_not_certified() -> None:
    told = [
        Told(bytes([place]) * 32, NOW + timedelta(seconds=seconds))
        for place, seconds in enumerate([-86_400, -86_399, 0, 59, 60])
    ]

    given = [each.key[0] for each in certificates(ORIGIN, [*told, Told(b"short", NOW)], NOW)]

    assert given == [1, 2, 3]


def test_a_log_that_signs_with_ml_dsa_alone_certifies_nothing() -> None:
    assert signed(certificate_of(ORIGIN, bytes(32), NOW), SIGNERS[1:]) is None


async def test_a_key_is_followed_by_another_within_its_day_and_is_not_used_before_it_is_told(desk: Desk) -> None:
    promises = Promises(ORIGIN, lambda: desk.at)
    deaf = open_database(Settings(database_url=f"sqlite:///{desk.folder}/holds-no-table.db"))
    found = []
    for told in (desk.database, desk.database, deaf, desk.database):
        await promises.keep(told)
        found.append((await promised_by(desk, promises)).key)
        desk.at += RENEWED / 2 if told is desk.database else timedelta()
    await deaf.close()

    assert found[0] == found[1] == found[2] != found[3]
    assert promises.is_told


async def test_a_promise_key_is_never_changed_or_removed(desk: Desk) -> None:
    key = PromiseKey.made(desk.at)
    await desk.database.write(lambda connection: tell(connection, key))

    for change in (sa.update(promise_keys).values(since=NOW), sa.delete(promise_keys)):
        with pytest.raises(Exception, match=r"insert-only|permission denied"):
            await desk.database.write(lambda connection, one=change: connection.execute(one))  # type: ignore[misc]  # mypy infers no lambda with defaults
