"""What a token is bound to: one key or one certificate, and never nothing."""

import pytest

from auth.grants import only_proof
from registry.core.errors import Unauthenticated


@pytest.mark.parametrize(
    ("proofs", "certificate"), [((), None), (("one", "two"), None), (("one", "two"), "thumbprint")],
    ids=["none", "two", "two-over-a-certificate"],
)  # fmt: skip
def test_without_a_certificate_one_proof_comes_and_never_two(proofs: tuple[str, ...], certificate: str | None) -> None:
    with pytest.raises(Unauthenticated) as caught:
        only_proof(proofs, certificate)

    assert (caught.value.code, caught.value.field) == ("PROOF_REFUSED", "DPoP")


def test_a_proof_binds_to_its_key_even_over_a_certificate() -> None:
    assert only_proof(("one",)) == only_proof(("one",), "thumbprint") == "one"
    assert only_proof((), "thumbprint") is None
