"""The people of the register as ORM models, one row for each name, phone, conviction …, and the filling of the tables.

    Person.names[0].full, Person.convictions[0].court

Plain text throughout: nothing is sealed, and no version is kept. Columns are those that the questions ask, made from
the description of a record (registry/profiles/parts.py) so that a field can't be forgotten; what stands here otherwise
is what SQLAlchemy's documentation shows. There is an index on each foreign key and on the family name.
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from registry.core.clock import now
from registry.core.engines import insert_many
from registry.core.ids import new_id, public_id
from registry.editions.edition import load as load_edition
from registry.profiles import intake, kinds
from registry.profiles.forms import Member, members
from registry.profiles.record import GROUPS, Record
from registry.synthetic.register import people

LISTS: Mapping[str, tuple[str, ...]] = {
    "names": ("full", "kind", "script"),
    "identifiers": ("type", "value", "country"),
    "phones": ("number", "verified"),
    "emails": ("address", "verified"),
    "handles": ("platform", "handle"),
    "places": ("kind", "address", "county"),
    "convictions": ("offence", "court", "case_number", "convicted_on", "sentence", "victim_age_band"),
    "marks": ("kind", "place", "description"),
}
"""The lists below a person, and what is asked of each."""
BATCH = 2_000


class Base(DeclarativeBase):
    """What every model is."""


def described(group: str) -> dict[str, Member]:
    """Return the members of a list that are asked for, by name."""
    part = GROUPS[group].part
    assert part is not None
    return {each.name: each for each in members(part) if each.name in LISTS[group]}


def _model(group: str) -> type[Base]:
    columns: dict[str, Any] = {
        name: sa.Column(sa.Boolean if each.kind is kinds.FLAG else sa.Text, nullable=not each.required)
        for name, each in described(group).items()
    }
    if group == "names":
        columns["family"] = sa.Column(sa.Text, index=True)
    made = {
        "__tablename__": f"stock_{group}",
        "id": sa.Column(sa.Integer, primary_key=True),
        "person_id": sa.Column(sa.ForeignKey("stock_people.id"), index=True),
        **columns,
    }
    return type(f"Stock{group.capitalize()}", (Base,), made)


MODELS = {group: _model(group) for group in LISTS}


class Person(Base):
    """A person."""

    __tablename__ = "stock_people"
    id: Mapped[int] = mapped_column(primary_key=True)
    """The register number."""
    public_id: Mapped[str]
    recorded_at: Mapped[str]
    version: Mapped[int]
    birth_date: Mapped[str | None]
    sex: Mapped[str]
    county: Mapped[str | None]
    category: Mapped[str]
    standing: Mapped[str]
    contested: Mapped[bool]


for _group, _made in MODELS.items():
    setattr(Person, _group, relationship(_made, order_by=_made.__table__.c.id))


def fill(connection: Connection, count: int) -> None:
    """Make the tables anew, and fill them with the people of the synthetic register."""
    Base.metadata.drop_all(connection)
    Base.metadata.create_all(connection)
    edition = load_edition()
    ids = dict.fromkeys(LISTS, 0)
    for start in range(0, count, BATCH):
        rows: dict[str, list[tuple[Any, ...]]] = {group: [] for group in LISTS}
        persons = []
        for number, each in enumerate(people(count=min(BATCH, count - start), start=start), start + 1):
            record = intake.record(each, edition, owner="demo-dci")
            persons.append(_person(number, record))
            for group in LISTS:
                for row in _rows(group, record):
                    ids[group] += 1
                    rows[group].append((ids[group], number, *row))
        insert_many(connection, _table(Person), persons)
        for group, made in MODELS.items():
            insert_many(connection, _table(made), rows[group])
        print(f"  stock: {start + len(persons)} of {count} people", file=sys.stderr, flush=True)


def _table(model: type[Base]) -> sa.Table:
    table = model.__table__
    assert isinstance(table, sa.Table)
    return table


def _person(number: int, record: Record) -> tuple[Any, ...]:
    born = str(record.birth_date) if record.birth_date else None
    return (
        number, public_id("profile", new_id()), now().isoformat().replace("+00:00", "Z"), 1, born, record.sex,
        record.county, record.category, "vetted", False,
    )  # fmt: skip


def _rows(group: str, record: Record) -> Iterator[tuple[Any, ...]]:
    asked = described(group)
    for part in getattr(record, group):
        values = [getattr(part, name) for name in asked]
        told = [value if value is None or isinstance(value, bool) else str(value) for value in values]
        if group == "names":
            told.append(part.full.split()[-1].lower())
        yield tuple(told)
