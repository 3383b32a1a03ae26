"""One tree of errors: each has a stable code, and the way out is told with it."""

from collections.abc import Iterator

import pytest

from registry.core import errors
from registry.core.errors import InputRefused, RegistryError


def tree(root: type[RegistryError] = RegistryError) -> Iterator[type[RegistryError]]:
    for each in root.__subclasses__():
        if each.__module__ == errors.__name__:
            yield each


def test_the_tree_is_drawn_at_the_top_of_its_module() -> None:
    drawn = [line.split()[1] for line in (errors.__doc__ or "").splitlines() if "──" in line]

    assert drawn == [each.__name__ for each in tree()]


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        (errors.InputRefused, "BAD_USER_INPUT", 2),
        (errors.Unauthenticated, "UNAUTHENTICATED", 3),
        (errors.Forbidden, "FORBIDDEN", 3),
        (errors.NotFound, "NOT_FOUND", 4),
        (errors.Conflict, "CONFLICT", 1),
        (errors.LimitExceeded, "LIMIT_EXCEEDED", 2),
        (errors.Unavailable, "UNAVAILABLE", 75),
        (errors.RegistryError, "INTERNAL", 1),
    ],
)
def test_each_error_has_its_code_and_exit_code(kind: type[RegistryError], code: str, status: int) -> None:
    error = kind("Something.")

    assert (error.code, error.exit_code) == (code, status)
    assert (error.field, error.remedy) == (None, None)


def test_an_error_may_have_a_code_of_its_own() -> None:
    assert InputRefused("is wrong.", code="DATE_MALFORMED").code == "DATE_MALFORMED"


def test_an_error_reads_as_field_rule_and_remedy() -> None:
    assert str(InputRefused("is wrong.", field="names[0]", remedy="Correct it.")) == "names[0]: is wrong. Correct it."
    assert str(InputRefused("is wrong.", field="names[0]")) == "names[0]: is wrong."
    assert str(InputRefused("All is wrong.")) == "All is wrong."
