"""A transparency log in values: a tree of entries that proves itself, published in formats that others already read.

    entries ── tree.leaf_hash ──▶ tiles.Edge.extended ──▶ tiles to publish, and the root
    checkpoint.Checkpoint(origin, size, root) ── keys.Signer.sign ──▶ note.Note ── witnessing ──▶ cosignatures
    proof.Proof(index, path, note) ── proof.verify(entry, policy) ──▶ "this entry is in that log, and others saw it"

Everything here is a pure function of its arguments: no files, no network, no clock, no other room of this house. The
formats are RFC 6962 and C2SP's signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof, tlog-policy and
tlog-witness (https://c2sp.org). Values are checked when they are made, so whatever exists can be printed, and a parser
accepts only what the printer beside it prints. Two accept more: of a checkpoint the extension lines of other logs, of a
policy the comments and spaces of whoever wrote it.
"""
