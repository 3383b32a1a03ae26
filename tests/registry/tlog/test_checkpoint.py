"""Checkpoints: three lines, each in its one form."""

import pytest
from hypothesis import given

from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.strict import LARGEST, Malformed
from registry.tlog.tree import EMPTY_ROOT
from tests.registry.tlog.signers import accepted, damaged
from tests.registry.tlog.strategies import checkpoints

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SOFA = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
"""The example of the specification."""


def test_the_example_of_the_specification_is_read() -> None:
    found = parse_checkpoint(SOFA)

    assert (found.origin, found.size, found.root.hex()[:8]) == ("example.com/behind-the-sofa", 20_852_163, "0ac5186a")
    assert found.text == SOFA


@given(checkpoints)
def test_every_checkpoint_is_read_back(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(checkpoint.text) == checkpoint


@given(damaged(checkpoints.map(lambda each: each.text.encode())))
def test_a_checkpoint_that_is_read_is_printed_the_same(data: bytes) -> None:
    try:
        found = parse_checkpoint(data.decode())
    except ValueError:
        return
    if not found.extensions:
        assert found.text.encode() == data


def test_extension_lines_of_others_are_kept_and_none_is_printed() -> None:
    found = parse_checkpoint(f"{SOFA}one\ntwo\n")

    assert found.extensions == ("one", "two")
    with pytest.raises(Malformed, match="extension"):
        _ = found.text


def test_what_is_no_checkpoint_is_refused() -> None:
    cases = [
        "",
        SOFA[:-1],
        f"\n1\n{ROOT}\n",
        f"o\n\n{ROOT}\n",
        "o\n1\n\n",
        "o\n1\n",
        f"o\n01\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n 1\n{ROOT}\n",
        f"o\n1_0\n{ROOT}\n",
        f"o\n٣\n{ROOT}\n",
        f"o\n0x1\n{ROOT}\n",
        f"o\n{LARGEST + 1}\n{ROOT}\n",
        f"o\n{'9' * 5000}\n{ROOT}\n",
        f"o\n0\n{ROOT}\n",
        f"o\n1\n{ROOT[:-1]}\n",
        f"o\n1\n{ROOT[:-2]}J=\n",
        f"o\n1\n{ROOT} \n",
        "o\n1\nAAAA\n",
        f"o\n1\nAAAA{ROOT}\n",
        f"{SOFA}\n",
        f"{SOFA}a\n\nb\n",
        f"o\r\n1\n{ROOT}\n",
    ]

    assert accepted(parse_checkpoint, cases) == []


def test_the_empty_tree_has_its_root() -> None:
    assert parse_checkpoint(Checkpoint("o", 0, EMPTY_ROOT).text).size == 0
