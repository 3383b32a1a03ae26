"""A command line with a register behind it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from sqlalchemy import Connection

from registry.audit.models import entries
from registry.cli.main import main
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import settings_for

T = TypeVar("T")


@dataclass(frozen=True)
class Shell:
    """Runs commands as an operator of one node does."""

    settings: Settings
    environment: dict[str, str]

    def run(self, *arguments: object, expected: int = 0, **environment: str) -> Result:
        """Run a command and require its exit code."""
        done = CliRunner().invoke(main, [str(each) for each in arguments], env=self.environment | environment)
        assert done.exit_code == expected, (done.output, done.exception)
        return done

    def json(self, *arguments: object, expected: int = 0, **environment: str) -> Any:
        """Return what a command prints, which must be one JSON value and nothing else."""
        return json.loads(self.run(*arguments, "--json", expected=expected, **environment).stdout)

    def database(self, work: Callable[[Connection], T]) -> T:
        """Do something with the register itself."""

        async def use() -> T:
            opened = open_database(self.settings).keeper
            try:
                return await opened.write(work)
            finally:
                await opened.close()

        return asyncio.run(use())

    def log(self) -> list[dict[str, Any]]:
        """Return the log, oldest entry first."""
        statement = sa.select(entries).order_by(entries.c["index"])
        return self.database(lambda connection: [dict(row) for row in connection.execute(statement).mappings()])


def on_behalf(role: Role, case: str = "REG 1/2026") -> list[str]:
    """Return the options that name an officer of this role."""
    officer = factories.actor(role=role).officer
    assert officer is not None
    named = ["--agency", factories.AGENCY, "--officer", officer.reference]
    return [*named, "--case", case, "--legal-basis", "KE-SOA-39-13"]


@pytest.fixture
def shell(database_url: str, tmp_path: Path) -> Shell:
    """A node's command line on a register with its cast and nobody in it."""
    if database_url.startswith("sqlite:///"):
        Path(database_url.removeprefix("sqlite:///")).chmod(0o600)
    settings = settings_for(database_url, tmp_path / "keys")
    environment = {
        f"REGISTRY_{name.upper()}": getattr(settings, name)
        for name in ("database_url", "signing_key_file", "cursor_key_file", "sealing_key_file", "index_key_file")
    }  # fmt: skip
    started = Shell(settings, environment | {"COLUMNS": "200"})
    started.database(factories.enrol_cast)
    return started
