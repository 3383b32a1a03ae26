"""What a stranger finds who keeps a checkpoint, or whose database holds what no column can read."""

import pytest
import sqlalchemy as sa

from registry.core.errors import NotFound, ProofFailed
from registry.notary import checking
from registry.notary.judging import Refusal
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.note import Note
from registry.tlog.tiles import bundles
from registry.tlog.tree import Tree, leaf_hash
from tests.registry.notary.conftest import KEYS, ORIGIN, SIGNERS, Desk
from tests.registry.notary.tampering import tampered

UNREADABLE = {
    "sqlite": """UPDATE log_entries SET body = '{' WHERE "index" = 2""",
    "postgresql": "UPDATE log_entries SET at = 'infinity' WHERE index = 2",
}


@pytest.mark.anyio
async def test_a_row_that_no_column_can_read_is_named_like_any_other_that_was_changed(desk: Desk) -> None:
    await desk.enter(4)
    await tampered(desk.database, sa.text(UNREADABLE[desk.database.dialect]))

    with pytest.raises(Refusal) as refused:
        await desk.signed()

    assert (refused.value.code, refused.value.index) == ("ENTRY_CHANGED", 2)


def signed(texts: list[bytes]) -> checking.Source:
    """Publish leaves, whatever they say, in memory: what a log with a stolen key could do."""
    tree = Tree([leaf_hash(each) for each in texts])
    text = Checkpoint(ORIGIN, tree.size, tree.root).text
    note = Note(text, tuple(each.sign(text, 1) for each in SIGNERS))
    files = {tile.path: content for tile, content in bundles(0, texts).items()}
    files[f"tile/0/000.p/{len(texts)}"] = b"".join(leaf_hash(each) for each in texts)
    files["checkpoint"] = note.print()
    return lambda path, _most: files.get(path)


def leaf(at: int) -> bytes:
    """Return the text of a leaf."""
    return f"roa1 {at} {at:064x}".encode()


def opened(*times: int) -> checking.Log:
    """Return a log of leaves at these times."""
    return checking.opened(signed([leaf(each) for each in times]), KEYS)


def test_time_that_goes_back_under_a_good_signature_is_found() -> None:
    with pytest.raises(ProofFailed, match="Entry 2 has a leaf that is older"):
        checking.whole(opened(5, 7, 6), lambda _done: None)


def test_a_leaf_of_another_form_is_found() -> None:
    log = checking.opened(signed([leaf(1), b"roa9 1 0"]), KEYS)

    with pytest.raises(ProofFailed, match="Entry 1: leaf: is not of a form"):
        checking.whole(log, lambda _done: None)


def test_a_log_goes_on_from_the_checkpoint_that_was_kept_or_is_another() -> None:
    kept = opened(1, 2, 3).note.print()

    assert checking.goes_on(opened(1, 2, 3, 4), kept).size == 3
    with pytest.raises(ProofFailed, match="The first 3 entries are not those"):
        checking.goes_on(opened(1, 2, 4, 4), kept)
    with pytest.raises(ProofFailed, match="has 3 entries, and the log has 2 now"):
        checking.goes_on(opened(1, 2), kept)
    with pytest.raises(ProofFailed, match="is of another log"):
        checking.goes_on(opened(1), kept.replace(b"registry.example/log\n3", b"registry.example/other\n3"))


def test_an_entry_that_is_not_signed_yet_has_no_proof() -> None:
    with pytest.raises(NotFound) as refused:
        checking.proof_of(opened(1, 2), 2)

    assert refused.value.code == "ENTRY_NOT_SIGNED"
