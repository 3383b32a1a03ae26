"""Column types that mean the same on both databases.

SQLite tables are STRICT, so each type names the plain storage class beneath it:

    Moment   timestamptz          INTEGER  microseconds since 1970, UTC
    Id       uuid                 BLOB     16 bytes
    Json     json                 TEXT
    Big      bigint               INTEGER
    Flag     boolean              INTEGER  0 or 1; read it with bool()
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Flag = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment: aware, UTC, to the microsecond."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:  # Any: SQLAlchemy's own border
        """Choose the storage class."""
        return dialect.type_descriptor(sa.Integer() if dialect.name == "sqlite" else sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse a moment without an offset: it would mean another moment elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment without an offset")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        moment: datetime = _EPOCH + value * _MICROSECOND if dialect.name == "sqlite" else value
        return moment.astimezone(UTC)


class Id(sa.types.TypeDecorator[UUID]):
    """A UUID."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the storage class."""
        return dialect.type_descriptor(sa.LargeBinary(16) if dialect.name == "sqlite" else sa.Uuid())

    def process_bind_param(self, value: UUID | None, dialect: sa.Dialect) -> Any:
        """Store the 16 bytes where there is no type for them."""
        return value.bytes if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> UUID | None:
        """Return the UUID."""
        return UUID(bytes=value) if value is not None and dialect.name == "sqlite" else value


class Json(sa.JSON):
    """A JSON value; (de)serialised by orjson, which the engines are given."""


@compiles(Json, "sqlite")
def _json_is_text(_type: Json, _compiler: Any, **_options: Any) -> str:
    return "TEXT"
