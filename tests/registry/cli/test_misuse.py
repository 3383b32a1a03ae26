"""`registry misuse`: an auditor lets the rules look, an administrator brings what explains."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from registry.audit.log import append
from registry.audit.models import heads
from registry.core.clock import now
from registry.disclosure.vocabulary import Role
from registry.misuse import queries
from registry.misuse.rules import RULES
from registry.notary import judging, queries as log
from registry.tlog.tiles import Edge
from registry.tlog.tree import leaf_hash
from tests import factories
from tests.registers import owned
from tests.registry.cli.conftest import Shell, on_behalf

AUDITOR, ADMINISTRATOR = on_behalf(Role.AUDITOR, "AUDIT 1/2026"), on_behalf(Role.ADMINISTRATOR, "ADM 1/2026")


def test_without_a_signed_tree_there_is_nothing_to_look_at_and_the_attempt_is_entered(shell: Shell) -> None:
    shell.database(lambda connection: append(connection, [factories.entry()]))

    assert shell.json("misuse", "run", *AUDITOR) == {"runs": []}
    assert shell.run("misuse", "run", *AUDITOR).stdout == "Nothing has been signed since the last run.\n"

    last = shell.log()[-1]
    assert (last["operation"], last["body"]["events"][0]["name"]) == ("misuse run", "misuse:run:begun")


def test_who_is_no_auditor_lets_nothing_run(shell: Shell) -> None:
    assert shell.json("misuse", "run", *ADMINISTRATOR, expected=3)["error"]["code"] == "FORBIDDEN"


def test_since_goes_with_a_dry_run(shell: Shell) -> None:
    assert "--dry-run" in shell.run("misuse", "run", "--since", "2026-11-01", *AUDITOR, expected=2).output


def signed(connection: Connection) -> None:
    """Sign the log as the notary does."""
    rows = log.rows(connection, 0, 10_000)
    root = Edge().extended([leaf_hash(each) for each in judging.continued(rows, 0, None, now())])[0].root
    head = {"size": len(rows), "root": root, "signed_at": factories.MOMENT, "note": "DEMO"}
    connection.execute(heads.insert(), head)


def test_a_run_tells_the_share_that_the_budget_bounds_and_the_samples_apart(shell: Shell) -> None:
    shell.database(lambda connection: append(connection, [factories.entry()]))
    owner = replace(shell, settings=replace(shell.settings, database_url=owned(shell.settings.database_url)))
    owner.database(signed)

    told = shell.run("misuse", "run", "--dry-run", *AUDITOR).stdout

    assert "taken from the budget; beside it the sample, 0.00% (0 of 0) of these." in told


def test_facts_are_brought_once(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "explanations.csv"
    file.write_text(
        "kind,officer,case,profile,since,until,area,name,birth_date,country\n"
        "case,child-protection/investigator/1,CR 12/2026,,2026-11-01T00:00:00Z,,,,,\n"
    )

    assert shell.json("misuse", "import", file, *ADMINISTRATOR) == {"facts": 1}
    assert shell.json("misuse", "import", file, *ADMINISTRATOR, expected=1)["error"]["code"] == "FACTS_THERE"

    def kinds(connection: Connection) -> list[str]:
        return [each.kind.value for each in queries.facts_since(connection, factories.MOMENT)]

    assert shell.database(kinds) == ["case"]


def test_the_rules_are_printed(shell: Shell) -> None:
    assert [each["rule"] for each in shell.json("misuse", "rules")] == [rule.id for rule in RULES]
