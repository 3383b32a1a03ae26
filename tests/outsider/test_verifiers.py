"""Others' code accepts our log from its published files alone, and rejects every copy that was tampered with.

Two verifiers: a Go program over the library of Go's checksum database (`verifier/`, built by `deploy/bootstrap.sh
outsider`), and PyPI's tlog-scales.
"""

import base64
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tlog_scales import tlog as theirs
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader

from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Signer
from registry.tlog.note import Note
from registry.tlog.proof import Proof
from registry.tlog.tree import leaf_hash
from tests.journeys.served import ROOT, run
from tests.outsider.published import (
    Published,
    Tamper,
    alter_after,
    cut,
    drop,
    flip,
    forge,
    lengthen,
    publish,
    shrink,
    swap,
    swap_entries,
    write,
)
from tests.outsider.scales import tlog_proof, why_refused
from tests.registry.tlog.signers import ABROAD, COURT, LATER_LOG, LOG, ORIGIN, POLICE, STRANGER, signed

ACCEPTED, REJECTED, MISUSED = 0, 1, 2
COUNT = 70_000
SIZES = (1, 300, 65_536, 65_600)
SIGNERS = (LOG, LATER_LOG, POLICE, ABROAD)
KEYS = [signer.key.print() for signer in SIGNERS]
BELIEVED = ("-key", LOG.key.print(), "-witness", POLICE.key.print())
VERIFIER = ROOT / "var" / "tools" / "outsider" / "verifier"
SOURCES = ROOT / "tests" / "outsider" / "verifier"


def entries(count: int) -> list[bytes]:
    return [b"DEMO entry %d" % number for number in range(count)]


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    run("deploy/bootstrap.sh", "outsider")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """A log that grew to 70,000 entries."""
    return publish(tmp_path_factory.mktemp("log") / "whole", entries(COUNT), *SIGNERS, sizes=SIZES)


@pytest.fixture
def small(tmp_path: Path) -> Published:
    """A log of 700 entries."""
    return publish(tmp_path / "small", entries(700), *SIGNERS)


def judged(*arguments: object, expected: int) -> str:
    """Ask the Go program; return its verdict, and check that it says the same by its exit code."""
    done = run(VERIFIER, *BELIEVED, *arguments, expected=expected)
    last = (done.stderr if expected == MISUSED else done.stdout).splitlines()[-1]
    assert last.startswith({ACCEPTED: "accepted", REJECTED: "rejected: "}.get(expected, "")), last
    return last.removeprefix("rejected: ")


# -- what is accepted


def test_both_accept_every_entry_tile_and_signature(published: Published, tmp_path: Path) -> None:
    judged("-fsck", published.folder, expected=ACCEPTED)

    assert why_refused(published.folder, KEYS, tmp_path / "theirs") == ""


@pytest.mark.parametrize("old", [0, 1, 255, 256, 300, 65_536, 65_600, 69_999, 70_000])
def test_both_accept_that_the_log_only_grew(published: Published, tmp_path: Path, old: int) -> None:
    memory = tmp_path / "checkpoint"
    memory.write_bytes(published.signed(old).print())

    judged("-memory", memory, published.folder, expected=ACCEPTED)

    proof = TilesReader(LocalBackend(published.folder))
    proof.set_size(COUNT)
    assert memory.read_bytes() == published.note.print()
    assert old == 0 or proof.get_consistency_proof(old, COUNT).node_hashes == published.tree.consistency(old)
    theirs.ConsistencyProof(old, COUNT, published.tree.consistency(old)).check(
        published.tree.root_at(old), published.tree.root
    )


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999])
def test_both_accept_the_proof_of_an_entry(
    published: Published, tmp_path: Path, index: int, capsys: pytest.CaptureFixture[str]
) -> None:
    proof, entry = published.proof(index), published.entries[index]
    (tmp_path / "proof").write_bytes(proof.print())
    (tmp_path / "leaf").write_bytes(entry)
    hashed = base64.b64encode(leaf_hash(entry)).decode()

    judged("-proof", tmp_path / "proof", "-leaf", tmp_path / "leaf", expected=ACCEPTED)
    judged("-proof", tmp_path / "proof", "-hash", hashed, "-index", index, expected=ACCEPTED)

    theirs.InclusionProof(index, COUNT, list(proof.path)).check(leaf_hash(entry), published.tree.root)
    tlog_proof(published.folder, index)
    assert capsys.readouterr().out.encode() == proof.print()


def test_a_proof_with_extra_data_is_accepted(small: Published, tmp_path: Path) -> None:
    (tmp_path / "proof").write_bytes(replace(small.proof(5), extra=b"DEMO").print())
    (tmp_path / "leaf").write_bytes(small.entries[5])

    judged("-proof", tmp_path / "proof", "-leaf", tmp_path / "leaf", expected=ACCEPTED)


@pytest.mark.parametrize("size", [0, 1, 256, 65_536])
def test_logs_without_an_edge_are_accepted(published: Published, tmp_path: Path, size: int) -> None:
    made = publish(tmp_path / "log", published.entries[:size], *SIGNERS)

    judged("-fsck", made.folder, expected=ACCEPTED)


def test_partial_tiles_may_be_gone_once_they_are_full(published: Published, tmp_path: Path) -> None:
    copy = published.copied(tmp_path / "copy")
    write(copy, "checkpoint", published.signed(65_600).print())
    shutil.rmtree(copy / "tile" / "0" / "256.p")

    assert (copy / "tile" / "0" / "256").exists()
    judged("-fsck", copy, expected=ACCEPTED)


def test_the_first_checkpoint_is_remembered(small: Published, tmp_path: Path) -> None:
    judged("-memory", tmp_path / "memory", small.folder, expected=ACCEPTED)

    assert (tmp_path / "memory").read_bytes() == small.note.print()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(small: Published) -> Iterator[str]:
    """Where the small log is served over HTTP."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(small.folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_log_is_checked_where_it_is_served(small: Published, address: str) -> None:
    judged("-fsck", address, expected=ACCEPTED)

    drop("tile/0/001")(small.folder)
    assert judged("-fsck", address, expected=REJECTED) == "tile/0/001: file does not exist"
    assert judged("-fsck", f"{address}/nowhere", expected=REJECTED).startswith("checkpoint: ")


# -- what is rejected

ROOT_BYTE = alter_after("checkpoint", b"\n70000\n")
BUNDLE, EDGE_BUNDLE, EDGE_TILE = "tile/entries/007", "tile/entries/273.p/112", "tile/0/273.p/112"
NOT_SIGNED = f"checkpoint: invalid signature for key {ORIGIN}"
AT_EDGE = "partial tiles: do not hash to the signed root"
TAMPERED: dict[str, tuple[Tamper, str]] = {
    "checkpoint": (ROOT_BYTE, NOT_SIGNED),
    "log_signature": (alter_after("checkpoint", f"— {ORIGIN} ".encode()), NOT_SIGNED),
    "witness_signature": (
        alter_after("checkpoint", f"— {POLICE.key.name} ".encode()), "checkpoint: invalid signature for key DEMO-p",
    ),
    "unsigned_size": (shrink(65_600), NOT_SIGNED),
    "full_tile": (flip("tile/0/007", 40), "tile/0/007: does not hash to its place in the tile above"),
    "full_tile_above": (flip("tile/1/000", 40), "tile/1/000: does not hash to its place in the tile above"),
    "partial_tile": (flip(EDGE_TILE, 40), AT_EDGE),
    "partial_tile_above": (flip("tile/1/001.p/17", 40), AT_EDGE),
    "top_tile": (flip("tile/2/000.p/1", 31), AT_EDGE),
    "bundle": (flip(BUNDLE, 40), "tile/entries/007: entry 1794 does not hash to its leaf"),
    "partial_bundle": (flip(EDGE_BUNDLE, -1), f"{EDGE_BUNDLE}: entry 69999 does not hash to its leaf"),
    "dropped_tile": (drop("tile/0/007"), "tile/0/007: file does not exist"),
    "dropped_edge": (drop(EDGE_TILE), f"{EDGE_TILE}: file does not exist"),
    "dropped_bundle": (drop(BUNDLE), "tile/entries/007: file does not exist"),
    "swapped_entries": (swap_entries(BUNDLE, 3, 4), "tile/entries/007: entry 1795 does not hash to its leaf"),
    "swapped_bundles": (swap(BUNDLE, "tile/entries/008"), "tile/entries/007: entry 1792 does not hash to its leaf"),
    "swapped_tiles": (swap("tile/0/007", "tile/0/008"), "tile/0/007: does not hash to its place"),
    "truncated_tile": (cut("tile/0/007", 32), "tile/0/007: is not 256 hashes"),
    "truncated_edge": (cut(EDGE_TILE, 32), f"{EDGE_TILE}: is not 112 hashes"),
    "truncated_bundle": (cut(BUNDLE, 5), "tile/entries/007: ends at entry 2047"),
    "forged_tile": (forge("tile/0/007"), "tile/0/007: does not hash to its place in the tile above"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_both_reject_a_log_that_was_tampered_with(published: Published, tmp_path: Path, name: str) -> None:
    tamper, told = TAMPERED[name]
    copy = published.copied(tmp_path / "copy")
    tamper(copy)

    assert judged("-fsck", copy, expected=REJECTED).startswith(told)
    assert why_refused(copy, KEYS, tmp_path / "theirs") != ""


@pytest.mark.parametrize("path", [BUNDLE, EDGE_BUNDLE])
def test_a_bundle_with_an_entry_too_many_is_rejected(published: Published, tmp_path: Path, path: str) -> None:
    copy = published.copied(tmp_path / "copy")
    lengthen(path, b"\x00\x04DEMO")(copy)

    assert "holds more than its" in judged("-fsck", copy, expected=REJECTED)


def test_a_post_quantum_signature_is_checked_by_the_one_that_knows_its_kind(small: Published, tmp_path: Path) -> None:
    later = small.note.signatures[1].line.encode()[:40]
    alter_after("checkpoint", later)(small.folder)

    assert why_refused(small.folder, KEYS, tmp_path / "theirs").startswith("InvalidSignature")
    judged("-fsck", small.folder, expected=ACCEPTED)


def test_no_tile_is_believed_on_the_way_to_a_consistency_proof(published: Published, tmp_path: Path) -> None:
    """The library's own reader of Debian 12 lets such tiles through (CVE-2026-56865)."""
    memory = tmp_path / "checkpoint"
    before = published.signed(300).print()
    memory.write_bytes(before)
    copy = published.copied(tmp_path / "copy")
    forge("tile/0/001")(copy)

    told = judged("-memory", memory, copy, expected=REJECTED)

    assert told == "tile/0/001: does not hash to its place in the tile above"
    assert memory.read_bytes() == before


@pytest.mark.parametrize(
    "signers", [(STRANGER,), (LATER_LOG, POLICE), (LOG,), (LOG, COURT)],
    ids=["stranger", "other_kind", "no_witness", "other_witness"],
)  # fmt: skip
def test_a_checkpoint_that_is_not_signed_by_the_log_and_its_witness_is_rejected(
    small: Published, signers: tuple[Signer, ...]
) -> None:
    write(small.folder, "checkpoint", small.signed(700, *signers).print())

    assert judged(small.folder, expected=REJECTED).startswith("checkpoint: ")


def test_a_checkpoint_of_another_log_is_rejected_though_the_key_has_signed_it(small: Published) -> None:
    other = signed(Checkpoint("registry.example/other", 700, small.tree.root), LOG, POLICE)
    write(small.folder, "checkpoint", other.print())

    assert judged(small.folder, expected=REJECTED) == f"checkpoint: is not one of {ORIGIN}"


@pytest.mark.parametrize("size", ["0", "-1", "+700", "0700", "9223372036854775808"])
def test_no_size_but_that_of_the_root_is_accepted_though_it_is_signed(small: Published, size: str) -> None:
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(small.tree.root).decode()}\n"
    write(small.folder, "checkpoint", Note(text, (LOG.sign(text),)).print())

    done = run(VERIFIER, "-key", LOG.key.print(), small.folder, expected=REJECTED)
    told = "is of no entries, and has a root" if size == "0" else f'size "{size}" is no number'
    assert done.stdout.endswith(f"rejected: checkpoint: {told}\n")


# -- history


def rewritten(folder: Path, size: int) -> Published:
    """A log, whole in itself and signed with the log's keys, in which somebody changed entry 5."""
    changed = entries(size)
    changed[5] = b"DEMO something else"
    return publish(folder, changed, *SIGNERS)


def contradicted(memory: Path, before: Note, folder: Path) -> str:
    """Ask with a memory; return what is told, after checking that memory and evidence are both there."""
    memory.write_bytes(before.print())
    told = judged("-memory", memory, "-fsck", folder, expected=REJECTED)
    assert memory.read_bytes() == before.print()
    assert Path(f"{memory}.rejected").read_bytes() == (folder / "checkpoint").read_bytes()
    return told


def test_a_log_that_shrank_is_rejected(small: Published, tmp_path: Path) -> None:
    earlier = publish(tmp_path / "earlier", entries(300), *SIGNERS)

    told = contradicted(tmp_path / "memory", small.note, earlier.folder)

    assert told.startswith("history: the log shrank from 700 entries to 300")


def test_a_second_checkpoint_of_the_same_size_is_rejected(small: Published, tmp_path: Path) -> None:
    fork = rewritten(tmp_path / "fork", 700)
    judged("-fsck", fork.folder, expected=ACCEPTED)

    told = contradicted(tmp_path / "memory", small.note, fork.folder)

    assert told.startswith("history: the log has two roots over 700 entries")


@pytest.mark.parametrize("old", [6, 256, 699])
def test_a_log_that_goes_on_from_another_history_is_rejected(small: Published, tmp_path: Path, old: int) -> None:
    fork = rewritten(tmp_path / "fork", 700)
    reader = TilesReader(LocalBackend(fork.folder))
    reader.get_checkpoint()

    told = contradicted(tmp_path / "memory", small.signed(old), fork.folder)

    assert told.startswith(f"history: the first {old} entries are not those that are remembered")
    with pytest.raises(theirs.ConsistencyProofInvalid):
        reader.get_consistency_proof(old, 700).check(small.tree.root_at(old), fork.tree.root)


def test_a_root_over_other_entries_is_rejected_though_it_is_signed(small: Published, tmp_path: Path) -> None:
    write(small.folder, "checkpoint", rewritten(tmp_path / "fork", 700).note.print())

    assert judged("-fsck", small.folder, expected=REJECTED) == AT_EDGE
    assert why_refused(small.folder, KEYS, tmp_path / "theirs") == "root"


# -- proofs

WRONG: dict[str, tuple[Callable[[Published], Proof], int, str]] = {
    "leaf": (lambda log: log.proof(5), 6, "proof: does not lead from this entry at 5"),
    "index": (lambda log: replace(log.proof(5), index=6), 5, "proof: does not lead from this entry at 6"),
    "beyond": (lambda log: replace(log.proof(5), index=700), 5, "proof: does not lead"),
    "short": (lambda log: replace(log.proof(5), path=log.proof(5).path[1:]), 5, "proof: does not lead"),
    "long": (lambda log: replace(log.proof(5), path=(*log.proof(5).path, log.tree.root)), 5, "proof: does not lead"),
    "reversed": (lambda log: replace(log.proof(5), path=log.proof(5).path[::-1]), 5, "proof: does not lead"),
    "checkpoint": (lambda log: log.proof(5, log.signed(699)), 5, "proof: does not lead"),
    "stranger": (lambda log: log.proof(5, log.signed(700, STRANGER)), 5, "checkpoint: "),
    "witness": (lambda log: log.proof(5, log.signed(700, LOG)), 5, "checkpoint: not signed by DEMO-police.example"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_proof_of_something_else_is_rejected(small: Published, tmp_path: Path, name: str) -> None:
    proof, leaf, told = WRONG[name]
    (tmp_path / "proof").write_bytes(proof(small).print())
    (tmp_path / "leaf").write_bytes(small.entries[leaf])

    assert judged("-proof", tmp_path / "proof", "-leaf", tmp_path / "leaf", expected=REJECTED).startswith(told)


def test_a_proof_at_another_place_than_was_promised_is_rejected(small: Published, tmp_path: Path) -> None:
    (tmp_path / "proof").write_bytes(small.proof(5).print())
    (tmp_path / "leaf").write_bytes(small.entries[5])

    told = judged("-proof", tmp_path / "proof", "-leaf", tmp_path / "leaf", "-index", 6, expected=REJECTED)

    assert told == "proof: is of entry 5, not of 6"


@pytest.mark.parametrize("change", [
    (b"proof@v1", b"proof@v2"), (b"index 5", b"index 05"), (b"index 5", b"index -5"), (b"index 5\n", b""),
    (b"index 5\n", b"index 5\nAAAA\n"), (b"=\n\n", b"=\n"),
], ids=["version", "zero", "sign", "no_index", "no_hash", "no_split"])  # fmt: skip
def test_what_is_no_proof_is_rejected(small: Published, tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    (tmp_path / "proof").write_bytes(small.proof(5).print().replace(*change, 1))
    (tmp_path / "leaf").write_bytes(small.entries[5])

    judged("-proof", tmp_path / "proof", "-leaf", tmp_path / "leaf", expected=REJECTED)


# -- the program itself


@pytest.mark.parametrize("arguments", [
    (), ("one", "two"), ("-unknown",), ("-proof", "there"), ("-proof", "there", "-leaf", "a", "-hash", "b"),
    ("-proof", "there", "log"), ("-proof", "nowhere", "-leaf", "nowhere"), ("-proof", "there", "-hash", "AAAA"),
    ("-proof", "there", "-leaf", "a", "-fsck"), ("-index", "5", "log"), ("-leaf", "a", "log"),
    ("-key", ABROAD.key.print(), "log"), ("-key", "DEMO", "log"), ("-witness", LOG.key.print(), "log"),
    ("-witness", POLICE.key.print().replace("+", "+0", 1), "log"), ("-memory", "there", "log"),
], ids=str)  # fmt: skip
def test_a_wrong_call_checks_nothing(small: Published, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "there").write_bytes(small.proof(5).print())
    places = {"there": tmp_path / "there", "log": small.folder}

    judged(*(places.get(each, each) for each in arguments), expected=MISUSED)
    assert (tmp_path / "there").read_bytes() == small.proof(5).print()


def test_the_program_is_written_as_go_programs_are() -> None:
    cache = str(VERIFIER.parent / "cache")

    assert run("gofmt", "-l", SOURCES).stdout == ""
    run(
        "go", "vet", f"./{SOURCES.relative_to(ROOT)}",
        GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=cache, CGO_ENABLED="0", GOFLAGS="", GOENV="off",
    )  # fmt: skip
