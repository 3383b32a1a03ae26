"""The program's log carries ids and codes, never people; metrics know where time goes."""

import errno
import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog

from registry.core import telemetry
from registry.core.errors import InputRefused
from registry.core.metrics import METRICS
from registry.core.telemetry import ALLOWED, Stages, configure_logging, problem_of

PERSON = "Juma Hamisi Mwakio"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    yield
    structlog.configure(**before)
    logging.getLogger().handlers = handlers


def fail() -> None:
    raise ValueError(PERSON)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [orjson.loads(line) for line in captured.err.splitlines()]


def test_a_line_is_json_with_event_level_and_moment(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")

    telemetry.log.info("answered", request_id="0197", operation="search", status=200, ms=7.1)

    (line,) = lines(capsys)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "answered", "level": "info", "request_id": "0197", "operation": "search", "status": 200, "ms": 7.1,
    }  # fmt: skip


def test_a_key_that_is_not_allowed_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")

    telemetry.log.bind(name=PERSON).warning("answered", criteria={"name": PERSON}, body=PERSON, url=f"/?q={PERSON}")

    (line,) = lines(capsys)
    assert set(line) == {"event", "level", "timestamp"}


def test_an_exception_s_words_do_not_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug")

    try:
        fail()
    except ValueError as error:
        telemetry.log.exception("internal", problem=problem_of(error))

    (line,) = lines(capsys)
    assert PERSON not in str(line)
    assert str(line["problem"]).startswith(f"ValueError at {__name__}:")


def test_no_key_that_may_pass_is_meant_for_a_person_s_data() -> None:
    people = {"name", "names", "criteria", "birth_date", "phone", "email", "case_reference", "query", "variables"}

    assert ALLOWED.isdisjoint(people)


@pytest.mark.parametrize(
    ("level", "passed"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)  # fmt: skip
def test_lines_below_the_level_are_not_written(level: str, passed: int, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(level)

    for write in (telemetry.log.debug, telemetry.log.info, telemetry.log.warning, telemetry.log.error):
        write("something")

    assert len(lines(capsys)) == passed


def test_values_that_are_no_json_are_written_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")

    telemetry.log.info("started", setting=InputRefused("is wrong.", field="workers"))

    assert lines(capsys)[0]["setting"] == "workers: is wrong."


def test_a_problem_is_told_by_kind_and_place_where_it_was_raised() -> None:
    def inner() -> None:
        raise KeyError(PERSON)

    try:
        inner()
    except KeyError as error:
        told = problem_of(error)

    assert told == f"KeyError at {__name__}:{inner.__code__.co_firstlineno + 1}"


def test_a_problem_that_was_never_raised_has_no_place() -> None:
    assert problem_of(ValueError(PERSON)) == "ValueError at ?"


def test_stages_add_up_and_are_published_once() -> None:
    stages = Stages()

    with stages("score"):
        pass
    first = stages.seconds["score"]
    with stages("score"), stages("policy"):
        pass
    before = METRICS.get_sample_value("registry_stage_seconds_total", {"stage": "score"}) or 0.0
    stages.publish()

    assert stages.seconds["score"] > first > 0
    assert set(stages.seconds) == {"score", "policy"}
    after = METRICS.get_sample_value("registry_stage_seconds_total", {"stage": "score"})
    assert after == pytest.approx(before + stages.seconds["score"])


def test_a_stage_that_fails_is_counted_all_the_same() -> None:
    stages = Stages()

    with pytest.raises(InputRefused), stages("parse"):
        raise InputRefused("is wrong.")

    assert stages.seconds["parse"] > 0


def test_words_of_libraries_do_not_reach_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """A library's message may quote a value; its logger, level and the kind of error are enough to look for it."""
    configure_logging("info")

    try:
        fail()
    except ValueError:
        logging.getLogger("invented.library").exception("could not take %s", PERSON)
    logging.getLogger("invented.library").info("busy with %s", PERSON)

    (line,) = lines(capsys)
    assert PERSON not in str(line)
    assert line["event"] == "library"
    assert (line["level"], line["where"]) == ("error", "invented.library")
    assert str(line["problem"]).startswith(f"ValueError at {__name__}:")


def test_a_library_s_warning_is_told_by_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")
    configure_logging("info")

    logging.getLogger("invented.library").warning("could not take %s", PERSON)

    (line,) = lines(capsys)
    assert (line["level"], line["where"]) == ("warning", "invented.library")
    assert str(line["problem"]).startswith("at test_telemetry:")


def test_an_error_of_the_system_keeps_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken: uvicorn hands the error over as the message."""
    configure_logging("info")

    logging.getLogger("uvicorn.error").error(OSError(errno.EADDRINUSE, "address already in use"))

    assert lines(capsys)[0]["code"] == "EADDRINUSE"
