"""Until when the first administrators are let in by whoever has the node."""

import pytest

from registry.core.errors import Forbidden
from registry.enrolment.first import Administrators, check

WHY = "An invented reason"


@pytest.mark.parametrize(
    ("enrolled", "able", "glass"), [(0, 0, None), (1, 1, None), (1, 0, None), (2, 1, WHY), (2, 0, WHY), (5, 1, WHY)]
)
def test_while_there_are_not_two_the_node_lets_in(enrolled: int, able: int, glass: str | None) -> None:
    assert check(Administrators(enrolled, able), glass) is None  # type: ignore[func-returns-value]  # it does not raise


@pytest.mark.parametrize(
    ("enrolled", "able", "glass", "told"),
    [
        pytest.param(2, 2, None, "registry administer propose", id="two"),
        pytest.param(3, 2, WHY, "registry administer propose", id="glass-before-two"),
        pytest.param(2, 1, None, "--break-glass", id="one-left"),
        pytest.param(2, 0, None, "--break-glass", id="none-left"),
    ],
)
def test_with_two_enrolled_it_takes_two_or_a_reason_to_break_the_glass(
    enrolled: int, able: int, glass: str | None, told: str
) -> None:
    with pytest.raises(Forbidden) as refused:
        check(Administrators(enrolled, able), glass)

    assert refused.value.code == "BOOTSTRAP_OVER"
    assert told in str(refused.value)
