"""What an address that somebody gives us is fit for.

is_origin("https://registry.example")                   scheme, host and port, and nothing else
is_private_channel("http://127.0.0.1:4318/v1/traces")   nobody between us and it reads along
"""

import re
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit


def has_password(url: str) -> bool:
    """Whether a password stands in the address, or might: an address that can't be read is looked at no further."""
    userinfo, at, _ = url.partition("://")[2].partition("/")[0].rpartition("@")
    return (bool(at) and ":" in userinfo) or "password=" in url


def is_origin(url: str) -> bool:
    """Whether an address is scheme, host and port and nothing else."""
    try:
        parts = urlsplit(url)
        plain = f"{parts.scheme}://{parts.netloc}" == url and parts.port != 0
    except ValueError:  # brackets that don't close, a port that is none
        return False
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def is_address(text: str) -> bool:
    """Whether this is an IP address."""
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def is_private_channel(url: str) -> bool:
    """Whether nobody between us and this address reads along: https, or http within this machine."""
    try:
        parts = urlsplit(url)
        is_plain = "@" not in parts.netloc and not parts.query and not parts.fragment and parts.port != 0
    except ValueError:  # brackets that don't close, a port that is none
        return False
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )
    return is_plain and is_safe and bool(parts.hostname)


def are_networks(text: str) -> bool:
    """Whether these are networks with commas between them, or nothing."""
    try:
        return all(ip_network(each.strip()) is not None for each in text.split(",") if each.strip())
    except ValueError:
        return False


def is_key_name(text: str) -> bool:
    """Whether a key may have this name as well: no space, no plus sign (https://c2sp.org/signed-note)."""
    return bool(re.fullmatch(r"[\x21-\x2a\x2c-\x7e]{1,255}", text))
