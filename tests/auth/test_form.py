"""The body of a token request, and what is asked in it."""

import pytest
from hypothesis import given, strategies as st

from auth import form
from registry.core.errors import InputRefused
from tests.auth.household import AUDIENCE, ISSUER, desk


def asked(**changed: str | None) -> form.TokenRequest:
    parameters = {name: value for name, value in (desk().form() | changed).items() if value is not None}
    return form.token_request(parameters, has_authorization=False, resources=(AUDIENCE, ISSUER))


def test_a_form_is_read_with_its_escapes() -> None:
    assert form.parse(b"a=1+2&b=%5B%22%C3%A9%22%5D") == {"a": "1 2", "b": '["é"]'}


def test_a_parameter_without_a_value_counts_as_absent() -> None:
    assert form.parse(b"a=&b&c=1") == {"c": "1"}


@pytest.mark.parametrize(
    "body",
    [b"a=1&a=2", b"a=1&a=1", b"a=1&a=", b"a=%FF", b"a=\xff", b"&".join(b"p%d=1" % n for n in range(33))],
    ids=["twice", "same twice", "twice, once empty", "escaped not UTF-8", "not ASCII", "33 parameters"],
)
def test_a_body_that_is_no_form_or_repeats_is_refused(body: bytes) -> None:
    with pytest.raises(InputRefused) as caught:
        form.parse(body)

    assert caught.value.code == "FORM_MALFORMED"


def test_thirty_two_parameters_are_a_form() -> None:
    assert len(form.parse(b"&".join(b"p%d=1" % n for n in range(32)))) == 32


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    try:
        found = form.parse(body)
    except InputRefused:
        return
    assert all(found.values())


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"grant_type": None}, "PARAMETER_REFUSED", "grant_type"),
        ({"grant_type": "password"}, "GRANT_TYPE_UNSUPPORTED", "grant_type"),
        ({"grant_type": "CLIENT_CREDENTIALS"}, "GRANT_TYPE_UNSUPPORTED", "grant_type"),
        ({"client_assertion": None}, "PARAMETER_REFUSED", "client_assertion"),
        ({"client_assertion_type": None}, "PARAMETER_REFUSED", "client_assertion_type"),
        ({"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "PARAMETER_REFUSED",
         "client_assertion_type"),
        ({"client_secret": "invented"}, "PARAMETER_REFUSED", "client_assertion"),
        ({"scope": "read"}, "SCOPE_UNKNOWN", "scope"),
        ({"resource": "https://other.example/graphql"}, "RESOURCE_UNKNOWN", "resource"),
    ],
)  # fmt: skip
def test_a_parameter_that_is_missing_or_not_offered_is_named(
    changed: dict[str, str | None], code: str, field: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        asked(**changed)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.remedy


@pytest.mark.parametrize("resource", [ISSUER, AUDIENCE])
def test_a_token_may_be_asked_for_this_node(resource: str) -> None:
    assert asked(resource=resource).credentials.assertion


@pytest.mark.parametrize(
    ("given_type", "logged"),
    [("client_credentials", "client_credentials"), ("password", "password"), ("x" * 100, "x" * 100),
     ("x" * 101, "unknown"), ("a\x00b", "unknown"), ("\x1b[31m", "unknown"), ("a\r\nb", "unknown"), ("", "unknown")],
)  # fmt: skip
def test_the_log_holds_a_grant_type_only_if_it_has_the_form_of_one(given_type: str, logged: str) -> None:
    assert form.grant_type({"grant_type": given_type}) == logged


def test_the_log_holds_unknown_when_no_grant_type_was_sent() -> None:
    assert form.grant_type({}) == "unknown"
