"""The form of the names under which agencies, officers and clients are enrolled.

    agency   ke-dci           client   ke-dci-desk.1           officer   DCI/20417      agreement   NL-2026-01

Plain ASCII, so that a name looks the same in a token, a log line and a printed list.
"""

import re

from registry.core.errors import InputRefused

AGENCY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
CLIENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", re.ASCII)
OFFICER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,63}", re.ASCII)
AGREEMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
CASE_ABROAD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/()-]{1,63}", re.ASCII)
GROUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:/()-]{0,99}", re.ASCII)
THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""Of a certificate: SHA-256 in base64url."""
GRANT_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}", re.ASCII)


def is_client(value: object) -> bool:
    """Whether a value from outside could be the id of a client."""
    return isinstance(value, str) and CLIENT.fullmatch(value) is not None


def checked(text: str, form: re.Pattern[str], *, field: str) -> str:
    """Return a name that has its form, or raise InputRefused."""
    if not form.fullmatch(text):
        raise InputRefused(
            "has not the form of such a name.", field=field, code="NAME_MALFORMED", remedy=f"Match {form.pattern}"
        )
    return text
