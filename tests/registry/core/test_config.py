"""Settings: environment over file over default, checked before anything starts."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest

from registry.core.config import Settings, load
from registry.core.errors import InputRefused

SECRET = "correct-horse-battery-staple"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refusal(**values: Any) -> InputRefused:  # Any: wrong types are the point
    with pytest.raises(InputRefused) as caught:
        Settings(**values)
    return caught.value


# -- where a value comes from


def test_without_environment_and_file_every_setting_has_its_default() -> None:
    assert load({}) == Settings()


def test_the_file_stands_over_the_default(file: Path) -> None:
    file.write_text('listen_port = 9000\npool_seconds = 1\nlog_level = "debug"\n', encoding="utf-8")

    settings = load({}, file)

    assert (settings.listen_port, settings.pool_seconds, settings.log_level) == (9000, 1.0, "debug")
    assert isinstance(settings.pool_seconds, float)
    assert settings.edition == "ke"


def test_the_environment_stands_over_the_file_that_it_names(file: Path) -> None:
    file.write_text("listen_port = 9000\nworkers = 2\n", encoding="utf-8")

    settings = load({"REGISTRY_SETTINGS": str(file), "REGISTRY_LISTEN_PORT": "9001", "REGISTRY_LOG_SECONDS": "0.5"})

    assert (settings.listen_port, settings.workers, settings.log_seconds) == (9001, 2, 0.5)


def test_the_program_s_own_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGISTRY_SETTINGS", raising=False)
    monkeypatch.setenv("REGISTRY_LISTEN_PORT", "9002")

    assert load().listen_port == 9002


def test_limits_are_a_table_of_the_file_and_names_of_the_environment(file: Path) -> None:
    file.write_text("listen_port = 9000\n[limits]\nsearches = 1\ndepth = 8\n", encoding="utf-8")

    settings = load({"REGISTRY_LIMIT_SEARCHES": "3", "REGISTRY_LIMIT_RECORDS_PER_DAY": "200"}, file)

    assert settings.limits == {"searches": 3, "depth": 8, "records_per_day": 200}


@pytest.mark.parametrize("value", ['"many"', "1.5", "true", "[1]", '""'])
def test_a_limit_that_is_no_whole_number_is_refused_by_its_name(file: Path, value: str) -> None:
    file.write_text(f"[limits]\ndepth = {value}\n", encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        load({}, file)

    assert (caught.value.field, caught.value.code) == ("limits.depth", "SETTING_INVALID")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("False", False)])
def test_a_switch_is_true_or_false(text: str, value: bool) -> None:
    assert load({"REGISTRY_COMPILED_PLANS": text}).compiled_plans is value


@pytest.mark.parametrize("text", ["yes", "1", "", "on"])
def test_any_other_word_of_a_switch_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        load({"REGISTRY_COMPILED_PLANS": text})

    assert (caught.value.field, caught.value.code) == ("compiled_plans", "SETTING_INVALID")


def test_settings_do_not_change() -> None:
    settings = Settings()

    with pytest.raises(FrozenInstanceError):
        settings.listen_port = 1  # type: ignore[misc]  # the point


def test_every_setting_says_what_it_means() -> None:
    meanings = [each.metadata["meaning"] for each in fields(Settings)]

    assert all(meaning.endswith(".") and len(meaning) > 10 for meaning in meanings)


# -- what is refused


def test_a_name_in_the_file_that_is_no_setting_is_refused(file: Path) -> None:
    file.write_text('databse_url = "sqlite:///x"\n', encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        load({}, file)

    assert (caught.value.code, caught.value.field) == ("SETTING_UNKNOWN", "databse_url")
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("content", [b"listen_port = ", b"\xff\xfe", b"[[", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_is_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(InputRefused) as caught:
        load({}, file)

    assert (caught.value.code, caught.value.field) == ("SETTINGS_UNREADABLE", str(file))


def test_a_file_that_is_not_there_is_refused(file: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        load({"REGISTRY_SETTINGS": str(file)})

    assert caught.value.code == "SETTINGS_UNREADABLE"


@pytest.mark.parametrize(
    "line",
    [
        "listen_port = true", "listen_port = 80.5", 'listen_port = "http"', "listen_port = [8000]",
        "pool_seconds = false", 'pool_seconds = "soon"', "pool_seconds = []", "pool_seconds = 2026-11-21",
        "limits = 3", "compiled_plans = 1", "edition = 1", 'edition = ["ke"]', "edition = {}", "edition = true",
        'listen_port = ""',
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_type_is_refused_by_the_name_of_its_setting(file: Path, line: str) -> None:
    file.write_text(line, encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        load({}, file)

    assert (caught.value.code, caught.value.field) == ("SETTING_INVALID", line.partition(" ")[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", ""),
        ("database_url", "mysql://h/d"),
        ("database_url", "sqlite://"),
        ("database_url", "sqlite:///"),
        ("database_url", "sqlite:///:memory:"),
        ("database_url", "postgres://h/d"),
        ("public_url", ""),
        ("public_url", "ftp://registry.example"),
        ("public_url", "https://registry.example/"),
        ("public_url", "https://registry.example/api"),
        ("public_url", "https://registry.example?"),
        ("public_url", "https://registry.example?a=1"),
        ("public_url", "https://registry.example#"),
        ("public_url", "https://officer@registry.example"),
        ("public_url", "https://:word@registry.example"),
        ("public_url", "https://"),
        ("public_url", "https://[::1"),
        ("public_url", "https://registry.example:99999"),
        ("public_url", "HTTPS://registry.example"),
        ("public_url", " https://registry.example"),
        ("listen_port", -1),
        ("listen_port", 65536),
        ("workers", 0),
        ("workers", 65),
        ("status_profile", "rest"),
        ("token_seconds", 29),
        ("token_seconds", 301),
        ("pool_size", 0),
        ("pool_size", 101),
        ("log_queue", 0),
        ("log_queue", 100_001),
        ("log_level", "INFO"),
        ("log_level", "trace"),
        ("pool_seconds", 0.0),
        ("pool_seconds", 60.1),
        ("pool_seconds", float("nan")),
        ("pool_seconds", float("inf")),
        ("statement_seconds", 0.0),
        ("lock_seconds", -1.0),
        ("log_seconds", 61.0),
        ("shutdown_seconds", 0),
        ("metrics_from", "localhost"),
        ("metrics_from", "127.0.0.1 ::1"),
        ("metrics_from", "192.0.2.0/24"),
        ("otlp_endpoint", "127.0.0.1:4318"),
        ("otlp_endpoint", "http://collector.example:4318/v1/traces"),
        ("otlp_endpoint", "https://officer@collector.example/v1/traces"),
        ("otlp_endpoint", "https://:word@collector.example/v1/traces"),
        ("otlp_endpoint", "https://collector.example/v1/traces?key=word"),
        ("otlp_endpoint", "https://"),
        ("otlp_endpoint", "https://[::1"),
        ("otlp_endpoint", "grpc://collector.example:4317"),
        ("otlp_share", -0.1),
        ("unsigned_seconds", 9),
        ("unsigned_seconds", -1),
        ("unwitnessed_seconds", 599),
        ("unwitnessed_seconds", 604_801),
        ("otlp_share", 1.1),
        ("otlp_share", float("nan")),
    ],
)
def test_each_rule_names_its_setting_and_a_remedy(name: str, value: object) -> None:
    told = refusal(**{name: value})

    assert (told.code, told.field) == ("SETTING_INVALID", name)
    assert told.remedy


def test_a_notary_beside_the_server_is_for_sqlite_and_for_a_log_that_is_published() -> None:
    elsewhere = Settings(database_url="postgresql://registry@db.example/registry", notary_beside=True)

    assert Settings().is_notary_beside
    assert not any(each.is_notary_beside for each in (
        elsewhere, Settings(notary_beside=False), Settings(log_folder="")
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://registry@db.example/registry"),
        ("database_url", "postgresql:///registry?host=/run/postgresql"),
        ("public_url", "https://registry.example:8443"),
        ("public_url", "http://[::1]:8000"),
        ("listen_port", 0),
        ("workers", 64),
        ("token_seconds", 30),
        ("shutdown_seconds", 60),
        ("log_level", "error"),
        ("status_profile", "draft"),
        ("metrics_from", ""),
        ("metrics_from", "192.0.2.1, 2001:db8::1"),
        ("otlp_endpoint", ""),
        ("otlp_endpoint", "http://127.0.0.1:4318/v1/traces"),
        ("otlp_endpoint", "http://[::1]:4318/v1/traces"),
        ("otlp_endpoint", "https://collector.example:4318/v1/traces"),
        ("otlp_share", 0.0),
        ("otlp_share", 1.0),
    ],
)
def test_values_at_the_edge_of_a_rule_are_taken(name: str, value: object) -> None:
    assert getattr(Settings(**{name: value}), name) == value  # type: ignore[arg-type]  # one of several types


def test_where_the_register_lives_is_told_by_its_address() -> None:
    assert Settings().is_sqlite
    assert not Settings(database_url="postgresql://h/d").is_sqlite


def test_the_public_name_and_this_machine_s_are_trusted_as_hosts() -> None:
    settings = Settings(public_url="https://registry.example:8443")

    assert settings.trusted_hosts == ("registry.example", "127.0.0.1", "localhost", "[::1]")


# -- secrets


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://registry:{SECRET}@db.example/registry",
        f"postgresql://registry:{SECRET}@[::1/registry",
        f"postgresql://registry@db.example/registry?password={SECRET}",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_printed(url: str) -> None:
    told = refusal(database_url=url)

    assert "password" in told.message
    assert SECRET not in str(told) + repr(told)
