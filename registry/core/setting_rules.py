"""What settings must keep to: a table of rules, each with the setting that it names, and what to do about it.

    problems(settings)     [InputRefused("listen_port: is not a port. Write 1 to 65535."), ...]

config.py asks it before anything starts.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from registry.core.addresses import are_networks, has_password, is_address, is_key_name, is_origin, is_private_channel
from registry.core.errors import InputRefused

if TYPE_CHECKING:  # which asks for these rules
    from registry.core.config import Settings


def problems(settings: "Settings") -> list[InputRefused]:
    """Return what is wrong with settings, each naming its setting."""
    rules = [
        ("database_url", settings.database_url.startswith(("sqlite:///", "postgresql://")),
         "is neither sqlite:///path nor postgresql://…", "Write one of the two."),
        ("database_url", settings.database_url.partition("?")[0] not in ("sqlite:///", "sqlite:///:memory:"),
         "names no file.", "Write sqlite:///path: what lives in memory is gone at the end."),
        ("database_url", settings.is_sqlite or not has_password(settings.database_url),
         "carries a password.", "Put it into the file that database_password_file names."),
        ("migration_url", not settings.migration_url or settings.migration_url.startswith("postgresql://"),
         "is not postgresql://…", "Write one, or nothing for SQLite."),
        ("migration_url", not has_password(settings.migration_url),
         "carries a password.", "Put it into the file that migration_password_file names."),
        ("migration_url", not settings.migration_url or bool(settings.role),
         "is set, and database_url is none of PostgreSQL's with a role.", "Write postgresql://role@host/name there."),
        ("public_url", is_origin(settings.public_url),
         "is not a plain http(s) address.", "Write scheme, host and port, without a path."),
        ("listen_port", 0 <= settings.listen_port <= 65535, "is not a port.", "Write 1 to 65535."),
        ("workers", 1 <= settings.workers <= 64, "is out of range.", "Write 1 to 64."),
        ("status_profile", settings.status_profile in ("audit", "draft"), "is unknown.", "Write audit or draft."),
        ("pkcs11_module", len({bool(each) for each in _token_of(settings)}) == 1,
         "and pkcs11_token, pkcs11_key, pkcs11_pin_file belong together.", "Set all four or none."),
        ("token_seconds", 30 <= settings.token_seconds <= 300, "is out of range.", "Write 30 to 300."),
        ("pool_size", 1 <= settings.pool_size <= 100, "is out of range.", "Write 1 to 100."),
        ("meeting_days", 0 <= settings.meeting_days <= 366, "is out of range.", "Write 0 to 366."),
        ("log_export_entries", settings.log_export_entries >= 1, "is out of range.", "Write 1 or more."),
        ("log_queue", 1 <= settings.log_queue <= 100_000, "is out of range.", "Write 1 to 100000."),
        ("certificate_proxy", all(is_address(each) for each in settings.certificate_proxies),
         "names something else than addresses.", "Write IP addresses with commas between them."),
        ("metrics_from", all(is_address(each) for each in settings.metrics_readers),
         "names something else than addresses.", "Write IP addresses with commas between them."),
        ("identity_issuer", len({bool(each) for each in _provider_of(settings)}) == 1,
         "and identity_client_id, identity_key_file, identity_acr belong together.", "Set all four or none."),
        ("identity_issuer", not settings.identity_issuer or is_private_channel(settings.identity_issuer),
         "is no address of a provider.", "Write https://…; http on this machine only."),
        ("otlp_endpoint", not settings.otlp_endpoint or is_private_channel(settings.otlp_endpoint),
         "is no address that traces may be sent to.", "Write https://host:4318/v1/traces; http on this machine only."),
        ("private_networks", are_networks(settings.private_networks),
         "names something else than networks.", "Write 10.20.0.0/16 and the like, with commas between them."),
        ("log_origin", not settings.log_origin or is_key_name(settings.log_origin),
         "is no name of a log.", "Write a host and a path, such as registry.example/log."),
        ("log_folder", not settings.log_folder or Path(settings.log_folder) != Path(settings.notary_folder),
         "is the notary's own folder.", "Name two: one is published."),
        ("notary_ml_dsa_key_file", any((settings.notary_key_file, *_notary_token_of(settings)))
         or not settings.notary_ml_dsa_key_file,
         "is set without notary_key_file.", "Set both, the first, or neither."),
        ("notary_pkcs11_module", len({bool(each) for each in _notary_token_of(settings)}) == 1,
         "and notary_pkcs11_token, notary_pkcs11_key, notary_pkcs11_pin_file belong together.",
         "Set all four or none."),
        ("notary_key_file", not settings.notary_key_file or not any(_notary_token_of(settings)),
         "is set beside a token for the same key.", "Set notary_key_file or the four of notary_pkcs11."),
        ("timestamp_url", not settings.timestamp_url or is_private_channel(settings.timestamp_url),
         "is no address of an authority.", "Write https://…"),
        ("unsigned_seconds", settings.unsigned_seconds == 0 or 10 <= settings.unsigned_seconds <= 86_400,
         "is out of range.", "Write 10 to 86400, or 0 for none."),
        ("unwitnessed_seconds", settings.unwitnessed_seconds == 0 or 600 <= settings.unwitnessed_seconds <= 604_800,
         "is out of range.", "Write 600 to 604800, or 0 for none."),
        ("log_years", 1 <= settings.log_years <= 10, "is out of range.", "Write 1 to 10; 3 is usual (docs/log.md)."),
        ("heartbeat_seconds", 1 <= settings.heartbeat_seconds <= 86_400, "is out of range.", "Write 1 to 86400."),
        ("otlp_share", 0 <= settings.otlp_share <= 1, "is out of range.", "Write 0 to 1."),
        ("log_level", settings.log_level in ("debug", "info", "warning", "error"), "is unknown.",
         "Write debug, info, warning or error."),
    ]  # fmt: skip
    rules += [
        (name, 0 < getattr(settings, name) <= 60, "is out of range.", "Write more than 0 and at most 60.")
        for name in (
            "pool_seconds",
            "statement_seconds",
            "lock_seconds",
            "log_seconds",
            "notary_seconds",
            "shutdown_seconds",
        )
    ]
    return [
        InputRefused(rule, field=name, remedy=remedy, code="SETTING_INVALID")
        for name, holds, rule, remedy in rules
        if not holds
    ]


def _token_of(settings: "Settings") -> tuple[str, ...]:
    return settings.pkcs11_module, settings.pkcs11_token, settings.pkcs11_key, settings.pkcs11_pin_file


def _notary_token_of(settings: "Settings") -> tuple[str, ...]:
    return (
        settings.notary_pkcs11_module, settings.notary_pkcs11_token, settings.notary_pkcs11_key,
        settings.notary_pkcs11_pin_file,
    )  # fmt: skip


def _provider_of(settings: "Settings") -> tuple[str, ...]:
    return (
        settings.identity_issuer, settings.identity_client_id, settings.identity_key_file, settings.identity_acr.strip()
    )  # fmt: skip
