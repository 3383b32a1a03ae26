"""Lists to be checked, and a register that some of their people are on. Everybody is synthetic."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from auth.actor import Actor
from registry.core.config import Settings
from registry.disclosure.vocabulary import Purpose, Role
from registry.profiles.operations import deciding, proposing
from registry.screening.checking import Conditions
from registry.screening.people import Layout
from registry.synthetic.queries import searches
from registry.synthetic.register import people
from tests import factories

HEADINGS = ["PNR", "Full name", "DOB", "Sex", "Nationality", "Passport no", "ID no", "Phone", "Email", "Handle",
            "County"]  # fmt: skip
HIT = {"PNR": "PNR 1", "Full name": "Mwakio Juma Hamisi", "DOB": "1971-05-17"}
"""Whom ``factories.record()`` describes."""
STRANGER = {"PNR": "PNR 2", "Full name": "Achieng Nobody Knows", "DOB": "1990-03-04"}


def table(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """Write a list as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(file, HEADINGS, restval="")
        written.writeheader()
        written.writerows(rows)
    return path


def fill(connection: Connection, count: int) -> None:
    """Let so many synthetic people into the register, as an import does."""
    registrar = factories.work(connection, factories.actor(connection, role=Role.REGISTRAR))
    records = [factories.read(each) for each in people(count=count, record_owner=factories.AGENCY)]
    waiting = proposing.propose_many(registrar, records, "An invented reason")
    deciding.approve_many(factories.work(connection, factories.actor(connection, role=Role.SUPERVISOR)), waiting)


def supervisor(connection: Connection | None = None, **more: Any) -> Actor:
    """Return somebody who may screen."""
    return factories.actor(connection, **{"role": Role.SUPERVISOR, "purpose": Purpose.CRIMINAL_INVESTIGATION} | more)


def conditions(
    settings: Settings, actor: Actor, layout: Layout, least: str = "possible", people: int = 0
) -> Conditions:
    """Return by what a list is checked for an officer."""
    return Conditions(layout, settings, actor, least, people)


_COLUMNS = {"name": "Full name", "dob": "DOB", "sex": "Sex", "nationality": "Nationality", "county": "County",
            "national_id": "ID no", "passport": "Passport no", "phone": "Phone", "email": "Email",
            "handle": "Handle"}  # fmt: skip


def asked(count: int, register_size: int) -> list[dict[str, str]]:
    """Return rows as officers would ask, half of them about people of the register."""
    return [
        {"PNR": f"PNR {at}"} | {_COLUMNS[name]: str(value) for name, value in each["fields"].items()}
        for at, each in enumerate(searches(count=count, register_size=register_size))
    ]
