"""Any value of each format, for laws that hold for all of them."""

from hypothesis import strategies as st

from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Kind, VerifierKey
from registry.tlog.note import Note, Signature
from registry.tlog.policy import NONE, Group, Party, Policy
from registry.tlog.strict import HASH, LARGEST, MOST_HASHES
from registry.tlog.tree import EMPTY_ROOT

characters = st.characters(exclude_categories=["Cs", "Cc"])
lines = st.text(characters, min_size=1, max_size=20)
names = st.text(characters, min_size=1, max_size=12).filter(
    lambda name: "+" not in name and not any(character.isspace() for character in name)
)
hashes = st.binary(min_size=HASH, max_size=HASH)
numbers = st.integers(0, LARGEST)
paths = st.lists(hashes, max_size=5).map(tuple) | st.just((b"\x07" * HASH,) * MOST_HASHES)
signatures = st.builds(
    Signature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)  # fmt: skip
some_signatures = st.lists(signatures, min_size=1, max_size=4).map(tuple)
checkpoints = st.builds(Checkpoint, lines, st.integers(1, LARGEST), hashes) | st.builds(
    Checkpoint, lines, st.just(0), st.just(EMPTY_ROOT)
)
texts = st.lists(lines | st.just(""), min_size=1, max_size=5).map(lambda found: "\n".join(found) + "\n")
checkpoint_notes = st.builds(Note, checkpoints.map(lambda each: each.text), some_signatures)
notes = st.builds(Note, texts | checkpoints.map(lambda each: each.text), some_signatures)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies whose groups hold what stands above them, each name at most once."""
    defined = draw(st.lists(names.filter(lambda name: name != NONE), unique=True, max_size=6))
    witnesses = defined[: draw(st.integers(0, len(defined)))]
    free = list(witnesses)
    groups = {}
    for name in defined[len(witnesses) :]:
        if not free:
            break
        members = tuple(free.pop() for _ in range(draw(st.integers(1, len(free)))))
        groups[name] = Group(draw(st.integers(1, len(members))), members)
        free.append(name)
    urls = st.none() | names
    return Policy(
        draw(st.sampled_from([NONE, *witnesses, *groups])),
        tuple(
            Party(VerifierKey(draw(names), Kind.ED25519, bytes([number]) * 32), draw(urls))
            for number in range(draw(st.integers(0, 2)))
        ),
        {
            name: Party(VerifierKey(draw(names), Kind.COSIGNATURE, bytes([number]) * 32), draw(urls))
            for number, name in enumerate(witnesses)
        },
        groups,
    )
