"""Settings: one frozen value, read once, checked before anything starts.

Each field is looked up as ``REGISTRY_<NAME>`` in the environment, then as ``name``
in the TOML file that ``REGISTRY_SETTINGS`` names, then takes its default.

    # settings.toml
    database_url = "postgresql://registry@db.example/registry"
    public_url = "https://registry.example"

Secrets are never values here: a setting that ends in ``_file`` names a file
(secret_files.py).
"""

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import Field, dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from registry.core.errors import InputRefused
from registry.core.setting_rules import problems


def _setting(default: Any, meaning: str) -> Any:  # dataclasses.field is typed as the field's own value
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of a node, with what it means and what fails when it is wrong."""

    database_url: str = _setting(
        "sqlite:///var/registry.db",
        "Where the register lives: sqlite:///path or postgresql://user@host/name. Nothing starts without it.",
    )
    database_password_file: str = _setting(
        "", "File with the database password; empty when the server trusts the connection."
    )
    migration_url: str = _setting(
        "",
        "The same PostgreSQL database as the role that owns its tables, for registry migrate and the VACUUM of"
        " registry keys; empty on SQLite.",
    )
    migration_password_file: str = _setting("", "File with the password of that role; empty as above.")
    public_url: str = _setting(
        "http://127.0.0.1:8000",
        "How the world reaches this node. It is the issuer of tokens: clients refuse tokens when it is wrong.",
    )
    listen_host: str = _setting("127.0.0.1", "Address to listen on; a proxy with TLS stands before any other.")
    listen_port: int = _setting(8000, "Port to listen on.")
    trusted_proxy: str = _setting(
        "", "Address of the proxy whose X-Forwarded-For is believed; empty for none: then the log names the proxy."
    )
    certificate_proxy: str = _setting(
        "", "Address of the proxy whose Client-Cert (RFC 9440) tells a client's certificate; empty for none."
    )
    http_signatures: bool = _setting(
        False, "Whether signed requests (RFC 9421) are checked, and answers signed for whoever asks for that."
    )
    workers: int = _setting(1, "Server processes. Two cores carry two.")
    signing_key_file: str = _setting("", "Private key (PEM, P-256) that signs tokens. Without it no token is issued.")
    cursor_key_file: str = _setting("", "32 secret bytes (hex) that sign page cursors; the same for all workers.")
    sealing_key_file: str = _setting(
        "", "Keys that wrap data keys: id:64 hex digits a line, the first current. Lost, and sealed fields are lost."
    )
    index_key_file: str = _setting(
        "", "32 secret bytes (hex) of blind indexes. With another one no exact search finds what was indexed before."
    )
    pkcs11_module: str = _setting("", "Library of a PKCS#11 token that wraps instead of the file; empty for none.")
    pkcs11_token: str = _setting("", "Label of the token. Nothing is sealed or opened when it is not there.")
    pkcs11_key: str = _setting("", "Label of the token's current AES-256 key; it must not be able to leave the token.")
    pkcs11_pin_file: str = _setting("", "File with the token's PIN. Wrong a few times, and the token locks itself.")
    edition: str = _setting("ke", "Country edition: offences, counties, case references, legal bases.")
    status_profile: str = _setting("audit", "HTTP statuses of GraphQL answers: audit or draft (docs/api.md).")
    compiled_plans: bool = _setting(
        True, "Whether plain subtrees of a question are compiled into Python (docs/api.md)."
    )
    limits: Mapping[str, int] = field(
        default_factory=dict,
        hash=False,
        metadata={
            "meaning": "Rows of docs/limits.md set otherwise: [limits] in the file, REGISTRY_LIMIT_<NAME> outside."
        },
    )
    misuse: Mapping[str, int] = field(
        default_factory=dict,
        hash=False,
        metadata={
            "meaning": "Rows of docs/misuse.md set otherwise: [misuse] in the file, REGISTRY_MISUSE_<NAME> outside."
        },
    )
    sandbox_folder: str = _setting(
        "", "Built page of a sandbox (make sandbox); empty for none. Refused beside a register of real people."
    )
    identity_issuer: str = _setting(
        "", "The identity provider that officers sign in at: its issuer, to the letter; empty for none."
    )
    identity_client_id: str = _setting("", "What the identity provider calls this node.")
    identity_key_file: str = _setting("", "Private key (PEM) that this node proves itself with at the provider.")
    private_networks: str = _setting(
        "",
        "Networks (10.20.0.0/16, with commas) where the provider may stand although they are not public; else refused.",
    )
    identity_acr: str = _setting(
        "", "Kinds of authentication (acr) that are strong enough, with spaces; others are not let in."
    )
    token_seconds: int = _setting(300, "Life of an access token in seconds; at most 300.")
    pool_size: int = _setting(4, "Database connections per worker for reads; two more are for writes.")
    pool_seconds: float = _setting(2.0, "Longest wait for a connection, in seconds; then the answer is 503.")
    statement_seconds: float = _setting(5.0, "Longest run of one SQL statement on PostgreSQL, in seconds.")
    lock_seconds: float = _setting(2.0, "Longest wait for a lock, in seconds.")
    log_queue: int = _setting(4096, "Entries that may wait for the log; beyond it requests are refused with 503.")
    log_export_entries: int = _setting(
        10_000, "Entries of the log that one auditor may export in a day; more take a second person."
    )
    meeting_days: int = _setting(
        30, "Within how many days officers of two units who look at one person learn of each other; 0 for never."
    )
    log_seconds: float = _setting(2.0, "Longest wait for an entry to be durable, in seconds; then 503, no data.")
    log_folder: str = _setting(
        "var/published",
        "What the notary publishes and the node serves under /log/; empty: the node serves nothing there.",
    )
    log_origin: str = _setting(
        "", "The log's name, for ever, such as registry.example/log; empty: host of public_url and /log."
    )
    log_years: int = _setting(3, "Years that bodies of entries are kept; then registry audit retain lets them go.")
    notary_folder: str = _setting(
        "var/notary", "The notary's memory of what it signed; it alone writes here. Lost, and nothing more is signed."
    )
    notary_key_file: str = _setting(
        "", "Ed25519 key (PEM) that signs checkpoints; empty: made in notary_folder, beside an ML-DSA-44 one."
    )
    notary_ml_dsa_key_file: str = _setting(
        "", "ML-DSA-44 key (PEM) that signs as well, for readers who want more than Ed25519; empty as above, or none."
    )
    notary_pkcs11_module: str = _setting(
        "", "Library of a PKCS#11 token that holds the Ed25519 key instead of a file; empty for none. All four or none."
    )
    notary_pkcs11_token: str = _setting("", "Label of that token. Nothing is signed while it is not there.")
    notary_pkcs11_key: str = _setting("", "Label of the Ed25519 key in it; it must not be able to leave the token.")
    notary_pkcs11_pin_file: str = _setting("", "File with that token's PIN; wrong a few times, and it locks itself.")
    notary_beside: bool = _setting(
        default=True, meaning="Whether registry serve starts the notary as well, and ends it; on SQLite only."
    )
    notary_seconds: float = _setting(1.0, "How often the notary looks for new entries, in seconds.")
    heartbeat_seconds: int = _setting(
        600, "How old a checkpoint, and the last entry, may get while nothing happens, in seconds."
    )
    witness_policy_file: str = _setting(
        "", "Which witnesses the notary asks, and how many must have cosigned (C2SP tlog-policy); empty for none."
    )
    timestamp_url: str = _setting(
        "", "Authority (RFC 3161) that the notary has a checkpoint time-stamped by, each hour: https; empty for none."
    )
    unsigned_seconds: int = _setting(
        60, "How long an entry may wait for a signed checkpoint; beyond it nothing is answered. 0 for no such window."
    )
    unwitnessed_seconds: int = _setting(
        14_400, "How long ago a quorum of witnesses may have cosigned, where there is a policy; as above."
    )
    metrics_from: str = _setting(
        "127.0.0.1,::1", "Addresses that may read /metrics, with commas; to all others nothing stands there."
    )
    otlp_endpoint: str = _setting(
        "", "Where traces are sent by OTLP/HTTP: https, or http on this machine; empty for none (docs/observing.md)."
    )
    otlp_share: float = _setting(1.0, "Share of the answers that are traced, 0 to 1, picked by chance.")
    shutdown_seconds: int = _setting(20, "How long answers in flight may take after SIGTERM, in seconds.")
    log_level: str = _setting("info", "Least level of the program's own log: debug, info, warning or error.")

    def __post_init__(self) -> None:
        for problem in problems(self):
            raise problem

    @property
    def is_sqlite(self) -> bool:
        """Whether the register lives in an embedded file."""
        return self.database_url.startswith("sqlite:")

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.log_origin or f"{urlsplit(self.public_url).netloc}/log"

    @property
    def is_notary_beside(self) -> bool:
        """Whether the server brings the notary along: what an embedded register has of it."""
        return self.notary_beside and self.is_sqlite and bool(self.log_folder)

    @property
    def role(self) -> str:
        """The role that the application connects as; empty on SQLite, or where the address names none."""
        rest = self.database_url.partition("://")[2].partition("/")[0]
        return "" if self.is_sqlite else unquote(rest.rpartition("@")[0])

    @property
    def migrating(self) -> Self:
        """These settings as migrations take them: connected as the role that owns the tables."""
        if not self.migration_url:
            return self
        return replace(self, database_url=self.migration_url, database_password_file=self.migration_password_file,
                       migration_url="")  # fmt: skip

    @property
    def password_field(self) -> str:
        """The setting that names the file of the password these connect with."""
        is_migrating = self.database_password_file == self.migration_password_file
        return "migration_password_file" if is_migrating else "database_password_file"

    @property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks that are not public and may be called all the same."""
        return tuple(ip_network(each.strip()) for each in self.private_networks.split(",") if each.strip())

    @property
    def identity_levels(self) -> tuple[str, ...]:
        """Kinds of authentication that are strong enough."""
        return tuple(self.identity_acr.split())

    @property
    def certificate_proxies(self) -> frozenset[str]:
        """Whose word counts for a client's certificate."""
        return frozenset(each.strip() for each in self.certificate_proxy.split(",") if each.strip())

    @property
    def metrics_readers(self) -> frozenset[str]:
        """Who may read the metrics."""
        return frozenset(each.strip() for each in self.metrics_from.split(",") if each.strip())

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Names that a request's Host may carry."""
        return (urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost", "[::1]")


def load(environment: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings from environment over file over default.

    Raises InputRefused (SETTING_UNKNOWN, SETTING_INVALID) naming the setting.
    """
    given = os.environ if environment is None else environment
    if file is None and given.get("REGISTRY_SETTINGS"):
        file = Path(given["REGISTRY_SETTINGS"])
    known = {each.name: each for each in fields(Settings)}
    values = _from_file(file, known) if file else {}
    for name, each in known.items():
        text = given.get(f"REGISTRY_{name.upper()}")
        if text is not None and name not in _TABLES:
            values[name] = _converted(each, text)
    for table, prefix in _TABLES.items():
        outside = {name[len(prefix) :].lower(): text for name, text in given.items() if name.startswith(prefix)}
        values[table] = _numbers(table, values.get(table, {}) | outside)
    return Settings(**values)


_TABLES = {"limits": "REGISTRY_LIMIT_", "misuse": "REGISTRY_MISUSE_"}
"""Settings that are tables of numbers, and how their rows begin in the environment."""


def _numbers(table: str, given: Mapping[str, object]) -> dict[str, int]:
    """Read the rows of a table; which there are, graphql_schema/limits.py and misuse/thresholds.py know."""
    numbers = {}
    for name, value in given.items():
        try:
            numbers[name] = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else int("")
        except ValueError:
            raise InputRefused(
                "is not a whole number.", field=f"{table}.{name}", code="SETTING_INVALID", remedy="Correct its value."
            ) from None
    return numbers


def _from_file(file: Path, known: Mapping[str, Field[Any]]) -> dict[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputRefused(
            f"cannot be read as TOML ({type(problem).__name__}).", field=str(file), code="SETTINGS_UNREADABLE"
        ) from problem
    for name in content:
        if name not in known:
            raise InputRefused(
                f"is no setting; it stands in {file}.", field=name, code="SETTING_UNKNOWN",
                remedy="See docs/settings.md for the list.",
            )  # fmt: skip
    return {
        name: value if name in _TABLES and isinstance(value, dict) else _converted(known[name], value)
        for name, value in content.items()
    }


_WRITTEN_AS: Mapping[type, tuple[type, ...]] = {str: (str,), int: (str, int), float: (str, int, float)}
"""As what a value may be given: the environment knows text only, and 2 is as good as 2.0."""


_FLAGS = {"true": True, "false": False}


def _converted(each: Field[Any], value: object) -> object:
    kind: type = type(each.default)
    if kind is bool and str(value).lower() in _FLAGS:
        return _FLAGS[str(value).lower()]
    if isinstance(value, _WRITTEN_AS.get(kind, ())) and not isinstance(value, bool):
        with suppress(ValueError):
            return kind(value)
    raise InputRefused(
        f"is not of type {kind.__name__}.", field=each.name, code="SETTING_INVALID", remedy="Correct its value."
    )
