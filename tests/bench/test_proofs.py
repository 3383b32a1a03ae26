"""The bench of proofs measures real ones."""

from bench.proofs import measured


def test_every_kind_of_proof_is_made_and_checked() -> None:
    lines = list(measured(300, times=120))

    assert [line[:28].strip() for line in lines[2:6]] == [
        "inclusion proof made", "inclusion proof checked", "consistency proof made", "consistency proof checked",
    ]  # fmt: skip
