"""A notary and witnesses that really serve: one that is away, all that are, one that lies, and a second history."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from registry.audit.models import entries, heads, leaves, quorums
from registry.core.errors import ProofFailed
from registry.notary.cosigning import Cosigning
from registry.notary.judging import Refusal
from registry.tlog.keys import Signer, VerifierKey, signed_by
from registry.tlog.policy import Group, Party, Policy, is_met
from registry.witness.asking import open_witnesses
from registry.witness.memory import Memory
from registry.witness.server import create as server
from registry.witness.witness import Witness
from tests.registry.notary.conftest import KEYS, ORIGIN, Desk, Faulty, Stopped
from tests.registry.notary.tampering import tampered
from tests.registry.tlog.signers import ABROAD, COURT, POLICE
from tests.registry.witness.serving import remembering, served

pytestmark = pytest.mark.anyio
WITNESSES: dict[str, Signer] = {"police": POLICE, "court": COURT, "abroad": ABROAD}
NOWHERE = "http://127.0.0.1:1"
"""Nobody listens there."""
SEEN: frozenset[VerifierKey] = frozenset(each.key for each in WITNESSES.values())


class Panel:
    """Three witnesses with a memory each, of whom two are enough."""

    def __init__(self, folder: Path):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.memories = {name: remembering(folder, f"{name}.db") for name in WITNESSES}

    @contextmanager
    def sitting(self, *present: str, memories: dict[str, Path] | None = None) -> Iterator[tuple[Cosigning, Policy]]:
        """Let these serve; the others are away."""
        files = self.memories | (memories or {})
        with ExitStack() as stack:
            urls = {
                name: stack.enter_context(
                    served(server(Witness({ORIGIN: KEYS}, (WITNESSES[name],), Memory(files[name]))))
                )
                for name in present
            }
            policy = Policy(
                "two", (Party(KEYS[0]),),
                {name: Party(each.key, urls.get(name, NOWHERE)) for name, each in WITNESSES.items()},
                {"two": Group(2, tuple(WITNESSES))},
            )  # fmt: skip
            file = self.folder / "policy.txt"
            file.write_bytes(policy.print())
            yield Cosigning(open_witnesses(file, loopback=True, seconds=20)), policy


@pytest.fixture
def panel(desk: Desk) -> Panel:
    """Witnesses that have seen nothing yet."""
    return Panel(desk.folder / "witnesses")


async def told(desk: Desk) -> list[tuple[datetime, int]]:
    """Return when the nodes were told of a quorum, and of what size."""
    found = sa.select(quorums.c.at, quorums.c.size).order_by(quorums.c.at)
    return await desk.database.read(lambda connection: [(at, size) for at, size in connection.execute(found)])


async def test_a_quorum_with_one_away_is_published_told_and_kept_over_a_restart(desk: Desk, panel: Panel) -> None:
    await desk.enter(3)
    with panel.sitting("police", "abroad") as (cosigning, policy):
        await desk.signed(cosigning=cosigning)
        published = desk.log().note

        assert signed_by(published, SEEN).keys() == {POLICE.key, ABROAD.key}
        assert is_met(policy, published)
        assert await told(desk) == [(desk.at, 3)]

        await desk.signed(cosigning=cosigning)
    assert desk.log().note == published
    assert len(await told(desk)) == 1


async def test_a_checkpoint_without_a_quorum_is_published_as_such_and_witnesses_are_asked_again(
    desk: Desk, panel: Panel
) -> None:
    await desk.enter(2)
    with panel.sitting("court") as (cosigning, policy), capture_logs() as lines:
        await desk.signed(cosigning=cosigning)
        assert signed_by(desk.log().note, SEEN).keys() == {COURT.key}
        assert not is_met(policy, desk.log().note)
        assert await told(desk) == []
        assert {(each["witness"], each["code"]) for each in lines if each["event"] == "witness_silent"} == {
            ("police", "AWAY"), ("abroad", "AWAY")
        }  # fmt: skip

    with panel.sitting(*WITNESSES) as (cosigning, policy):
        desk.at += timedelta(seconds=29)
        await desk.signed(cosigning=cosigning)
        assert not is_met(policy, desk.log().note)
        desk.at += timedelta(seconds=1)
        await desk.signed(cosigning=cosigning)
        assert is_met(policy, desk.log().note)
        assert await told(desk) == [(desk.at, 2)]

        desk.at += timedelta(seconds=59)
        await desk.enter(1)
        await desk.signed(cosigning=cosigning)
        assert len(await told(desk)) == 1, "once a minute"
    assert desk.problems() == []


async def test_a_stop_between_cosignatures_and_checkpoint_is_made_good_with_the_same_tree(
    desk: Desk, panel: Panel
) -> None:
    await desk.enter(2)
    with panel.sitting(*WITNESSES) as (cosigning, policy):
        await desk.signed(cosigning=cosigning)
        await desk.enter(1)
        stop = 0
        while (desk.store.memory() or b"").split(b"\n")[1] != b"3":
            stop += 1
            with pytest.raises(Stopped):
                await desk.signed(Faulty(stop), cosigning=cosigning)
        assert desk.log().size == 2, "remembered, and not published"

        assert await desk.signed(cosigning=cosigning) == 3
        assert is_met(policy, desk.log().note)


async def forked(desk: Desk, panel: Panel) -> None:
    """Let three entries be witnessed, then restore everything the register owns to where it had two, and go on."""
    await desk.enter(2)
    with panel.sitting(*WITNESSES) as (cosigning, _):
        await desk.signed(cosigning=cosigning)
        backup = desk.folder / "backup"
        for name in ("notary", "published"):
            shutil.copytree(desk.folder / name, backup / name)
        await desk.enter(1)
        await desk.signed(cosigning=cosigning)
    for name in ("notary", "published"):
        shutil.rmtree(desk.folder / name)
        shutil.copytree(backup / name, desk.folder / name)
    cut = [table.delete().where(table.c["index"] >= 2) for table in (entries, leaves)]
    await tampered(desk.database, *cut, heads.delete().where(heads.c.size > 2))
    await desk.enter(1)


async def test_a_restored_register_with_a_restored_notary_is_refused_for_good_by_what_the_witnesses_remember(
    desk: Desk, panel: Panel
) -> None:
    """One of the three has an honest empty memory, and would cosign the second history."""
    await forked(desk, panel)
    before = desk.log().note

    with panel.sitting(*WITNESSES, memories={"court": remembering(panel.folder, "young.db")}) as (cosigning, _):
        with pytest.raises(Refusal) as refused:
            await desk.signed(cosigning=cosigning)
        assert (refused.value.code, refused.value.index) == ("TREE_DISPUTED", 2)
        with pytest.raises(ProofFailed) as again:
            await desk.signed(cosigning=cosigning)
    assert again.value.code == "NOTARY_REFUSED"
    assert desk.log().note == before


async def test_one_witness_that_has_seen_another_tree_is_told_of_and_stops_nothing(desk: Desk, panel: Panel) -> None:
    """As a witness that lies: the others cosign; and with one of them away nothing is refused either."""
    await forked(desk, panel)
    young = {name: remembering(panel.folder, f"{name}-young.db") for name in ("court", "abroad")}

    for present, is_quorum in ((("police", "court"), False), (tuple(WITNESSES), True)):
        await desk.enter(1)
        with panel.sitting(*present, memories=young) as (cosigning, policy), capture_logs() as lines:
            await desk.signed(cosigning=cosigning)
        assert is_met(policy, desk.log().note) is is_quorum
        assert [each["witness"] for each in lines if each["event"] == "witness_conflict"] == ["police"]
