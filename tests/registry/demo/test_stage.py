"""The stage: keys that only their owner reads, a cast of officers, and what each of them may do."""

import stat
from pathlib import Path

import pytest
import sqlalchemy as sa

from auth.keys import load_signing_key
from registry.cli import asking
from registry.core import config
from registry.core.errors import Conflict
from registry.core.key_providers import open_sealer
from registry.core.secret_files import read_secret
from registry.demo import stage
from registry.demo.cast import AGENCIES, BY_NAME, OWNER, PLAYERS
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action
from registry.editions.edition import load
from registry.profiles.models import profiles
from tests.registry.demo.stages import PORT, read, set_up


def test_the_keys_are_good_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    stage.write_keys(tmp_path, port=PORT)

    settings = config.load({}, tmp_path / "settings.toml")
    assert load_signing_key(settings.signing_key_file).kid
    assert len(read_secret(settings.cursor_key_file, field="cursor_key_file", least=32)) == 64
    assert open_sealer(settings).blind("phone", "+254790000001")
    assert settings.public_url == f"http://127.0.0.1:{PORT}"
    assert settings.listen_port == PORT
    assert settings.database_url == f"sqlite:///{tmp_path}/registry.db"
    for name, _ in stage.SECRETS.values():
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_new_keys_take_the_place_of_old_ones(tmp_path: Path) -> None:
    stage.write_keys(tmp_path, port=PORT)
    before = {name: (tmp_path / name).read_text() for name, _ in stage.SECRETS.values()}

    stage.write_keys(tmp_path, port=PORT)

    assert not [name for name, text in before.items() if (tmp_path / name).read_text() == text]


def test_every_player_has_a_client_file_and_a_key_beside_it(database_url: str, tmp_path: Path) -> None:
    set_up(tmp_path, database_url, 1)

    for player in PLAYERS:
        described = asking.read(tmp_path / f"{player.name}.toml").values
        key = tmp_path / described["key_file"]
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert (described["client"], described["officer"]) == (player.client, player.officer)
        assert described["url"] == f"http://127.0.0.1:{PORT}"


OF_ADMINISTRATORS = {
    Action.ENROLMENT_PROPOSE, Action.ENROLMENT_DECIDE, Action.ENROLMENT_READ, Action.ALARM_READ, Action.POLICY_READ,
    Action.MISUSE_FACTS,
}  # fmt: skip
OF_AUDITORS = {
    Action.LOG_READ, Action.LOG_SEE, Action.LOG_EXPORT, Action.FINDING_READ, Action.FINDING_JUDGE, Action.MISUSE_RUN,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        (
            "investigator",
            {
                Action.PROFILE_SEARCH,
                Action.PROFILE_READ,
                Action.CERTIFICATE_READ,
                Action.CERTIFICATE_PROPOSE,
                Action.REASON_STATE,
            },
        ),
        (
            "auditor",
            OF_AUDITORS | {Action.DOCUMENT_READ, Action.ENROLMENT_READ, Action.ALARM_READ, Action.POLICY_READ},
        ),
        ("desk", {Action.DESK_ANSWER, Action.CERTIFICATE_READ, Action.CERTIFICATE_KEEP, Action.REASON_STATE}),
        (
            "registrar",
            set(Action)
            - {Action.DESK_ANSWER, Action.PROFILE_LIFE_DECIDE, Action.REGISTER_EXPORT}
            - {Action.PROFILE_SCREEN, Action.DOCUMENT_DECIDE, Action.ACCESS_CLOSE}
            - {Action.DECOY_PROPOSE, Action.DECOY_DECIDE, Action.ALERT_READ}
            - OF_ADMINISTRATORS
            - OF_AUDITORS,
        ),
        ("vetter", set(Action) - {Action.DESK_ANSWER, Action.PROFILE_SCREEN} - OF_ADMINISTRATORS - OF_AUDITORS),
        ("administrator", OF_ADMINISTRATORS | {Action.ACCESS_CLOSE, Action.DECOY_PROPOSE, Action.DECOY_DECIDE}),
    ],
)
def test_a_player_may_do_what_the_part_needs_and_no_more(name: str, actions: set[Action]) -> None:
    player = BY_NAME[name]

    assert {each for each in Action if rules.may(each, player.roles, player.purpose)} == actions


def test_the_cast_is_plainly_invented_and_fits_the_country() -> None:
    edition = load()

    assert all(name.startswith("DEMO ") for name in AGENCIES.values())
    for player in PLAYERS:
        assert player.agency in AGENCIES
        assert player.officer.startswith("DEMO-")
        assert edition.case_reference.fullmatch(player.case_reference)
        assert player.legal_basis in edition.legal_bases
    assert BY_NAME["registrar"].chain != BY_NAME["vetter"].chain
    assert BY_NAME["desk"].agency == OWNER


def test_a_database_that_holds_somebody_is_left_alone(database_url: str, tmp_path: Path) -> None:
    set_up(tmp_path, database_url, 1)

    with pytest.raises(Conflict) as caught:
        set_up(tmp_path, database_url, 1)

    assert caught.value.code == "DATABASE_NOT_EMPTY"
    assert read(tmp_path, sa.select(sa.func.count()).select_from(profiles)) == [(1,)]
