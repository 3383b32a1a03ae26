"""``registry audit receipt | open``: what was promised, and what an entry says; 5 where a check fails."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from registry.audit.log import append
from registry.audit.promises import PromiseKey, Promises, tell
from registry.audit.receipts import promised
from registry.core.clock import now
from registry.disclosure.vocabulary import Role
from tests.factories import entry
from tests.outsider.opening import check
from tests.registry.cli.conftest import Shell, on_behalf
from tests.servers import APP, NOTARY

ORIGIN = "127.0.0.1:8000/log"
AUDITOR = on_behalf(Role.AUDITOR, "AUDIT 1/2026")


@pytest.fixture
def notary(shell: Shell, tmp_path: Path) -> Shell:
    """The command line of a notary on the shell's register."""
    url = shell.settings.database_url.replace(f"{APP}@", f"{NOTARY}@")
    folders = {"REGISTRY_NOTARY_FOLDER": str(tmp_path / "notary"), "REGISTRY_LOG_FOLDER": str(tmp_path / "published")}
    return Shell(shell.settings, shell.environment | folders | {"REGISTRY_DATABASE_URL": url})


def answered(shell: Shell, count: int) -> list[str]:
    """Make entries as a node does; return the receipts of their answers."""
    promises = Promises(ORIGIN, now)

    def answer(connection: Connection) -> list[str]:
        tell(connection, promises.key)
        return [promises.receipt(each) for each in append(connection, [entry() for _ in range(count)])]

    return shell.database(answer)


def test_receipts_are_checked_with_the_log_and_one_of_them_offline(notary: Shell, shell: Shell, tmp_path: Path) -> None:
    given = answered(shell, 5)
    notary.run("notary", "--once")
    vkeys, kept, proof = tmp_path / "DEMO.vkeys", tmp_path / "receipts.txt", tmp_path / "3.tlog-proof"
    vkeys.write_text(notary.run("keys", "notary").stdout, encoding="utf-8")
    kept.write_text(f"Log-Receipt: {given[0]}\n" + "\n".join(given[1:]) + "\n", encoding="utf-8")
    place = ("--from", tmp_path / "published", "--key", vkeys)

    assert (
        f"All 5 entries: in {ORIGIN} of 5 entries, as promised." in notary.run("audit", "receipt", kept, *place).stdout
    )
    assert "Entry 3: " in notary.run("audit", "receipt", given[3], *place, "--proof", proof).stdout
    offline = ("audit", "receipt", given[3], "--with", proof, "--key", vkeys)
    assert shell.json(*offline) == {"receipts": 1, "kept": True}
    assert (
        "[PROOF_FAILED]" in shell.run("audit", "receipt", given[2], "--with", proof, "--key", vkeys, expected=5).stderr
    )

    certificate = proof.with_name(f"{proof.name}.promise")
    certificate.write_bytes(certificate.read_bytes()[:-20] + certificate.read_bytes()[-19:])
    shell.run(*offline, expected=5)
    certificate.unlink()
    assert "Who promised it was not looked at" in shell.run(*offline).stdout

    kept.write_text("\n".join(given + given[:1]), encoding="utf-8")
    assert "[PROMISED_TWICE]" in notary.run("audit", "receipt", kept, *place, expected=5).stderr
    notary.run("audit", "receipt", kept, *place, "--proof", proof, expected=2)
    notary.run("audit", "receipt", given[0][:-1], *place, expected=5)


def test_a_promise_that_is_not_kept_ends_with_5_and_one_that_is_not_due_with_75(
    notary: Shell, shell: Shell, tmp_path: Path
) -> None:
    answered(shell, 2)
    key = PromiseKey.made(now() - timedelta(hours=1))
    shell.database(lambda connection: tell(connection, key))
    notary.run("notary", "--once")
    place = ("--from", tmp_path / "published")

    def promise(index: int, ago: int) -> str:
        at = now() - timedelta(seconds=ago)
        return str(promised(ORIGIN, index, at, bytes(32), key=key.public, sign=key.private.sign))

    assert "[PROMISE_NOT_DUE]" in notary.run("audit", "receipt", promise(2, 5), *place, expected=75).stderr
    late = notary.run("audit", "receipt", promise(2, 65), *place, expected=5).stderr
    assert "A promise that is not kept after 60 seconds is proof of misconduct" in late
    assert "[PROMISE_BROKEN]" in late
    assert "[PROMISE_BROKEN]" in notary.run("audit", "receipt", promise(1, 5), *place, expected=5).stderr


def test_fields_of_an_entry_are_opened_for_whoever_has_the_keys_and_the_opening_is_entered(
    notary: Shell, shell: Shell, tmp_path: Path
) -> None:
    answered(shell, 6)
    notary.run("notary", "--once")
    vkeys, out = tmp_path / "DEMO.vkeys", tmp_path / "4.json"
    vkeys.write_text(notary.run("keys", "notary").stdout, encoding="utf-8")
    place = ("--from", tmp_path / "published", "--key", vkeys)

    shell.run("audit", "open", 4, "--field", "at", "--field", "agency", *place, "--out", out, *AUDITOR)

    told = shell.run("audit", "open", "--check", out, "--key", vkeys).stdout
    assert "agency: " in told
    assert "case_reference" not in told
    opening = json.loads(out.read_text(encoding="utf-8"))
    assert "CR 12/2026" not in out.read_text(encoding="utf-8")
    assert check(opening)[0] == 4
    last = shell.log()[-1]
    assert (last["operation"], last["body"]["events"][0]["name"]) == ("audit open", "log:opened")
    assert last["body"]["events"][0]["details"] == {"entry": 4, "fields": ["agency", "at"]}

    stranger = Path(__file__).parents[2] / "outsider" / "opening.py"
    done = subprocess.run([sys.executable, "-I", stranger, out], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("4\n{")

    opening["opening"]["shown"]["agency"]["value"] = "another-agency"
    out.write_text(json.dumps(opening), encoding="utf-8")
    with pytest.raises(ValueError, match="not fields"):
        check(opening)
    shell.run("audit", "open", "--check", out, "--key", vkeys, expected=5)


def test_what_can_t_be_opened_is_refused_and_entered(notary: Shell, shell: Shell, tmp_path: Path) -> None:
    answered(shell, 1)
    notary.run("notary", "--once")
    vkeys = tmp_path / "DEMO.vkeys"
    vkeys.write_text(notary.run("keys", "notary").stdout, encoding="utf-8")
    place = ("--from", tmp_path / "published", "--key", vkeys)

    shell.run("audit", "open", 0, "--field", "shoe_size", *place, *AUDITOR, expected=2)
    masked = shell.run("audit", "open", 0, "--field", "records", *place, *AUDITOR, expected=2)
    assert "[REASON_REQUIRED]" in masked.stderr
    shell.run("audit", "open", 0, "--field", "at", *place, *on_behalf(Role.INVESTIGATOR), expected=3)
    assert [each["outcome"] for each in shell.log()[-2:]] == ["failed", "denied"]
    shell.run("audit", "open", 9, "--field", "at", *place, *AUDITOR, expected=4)
    shell.run("audit", "open", 0, "--field", "at", *place, expected=2)
    shell.run("audit", "open", expected=2)
