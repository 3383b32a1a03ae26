"""The marks of an invented register: all of them, or it may be a real one."""

import pytest

from registry.demo.cast import AGENCIES
from registry.synthetic import marks


def test_the_demonstrations_own_agencies_bear_them() -> None:
    assert marks.are_invented(AGENCIES)


@pytest.mark.parametrize(
    "agencies",
    [
        {},
        {"ke-dci": "Directorate"},
        {"ke-dci": "DEMO Directorate"},
        {"demo-dci": "Directorate"},
        {"demo-dci": "DEMOLITION"},
        {"Demo-dci": "DEMO Directorate"},
        {"ke-demo-dci": "DEMO Directorate"},
        {"demo-dci": "DEMO Directorate", "ke-odpp": "Office"},
    ],
    ids=str,
)
def test_one_agency_without_a_mark_is_enough_to_take_a_register_for_real(agencies: dict[str, str]) -> None:
    assert not marks.are_invented(agencies)
