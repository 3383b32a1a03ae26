"""Keep of each client's certificate what it says of itself, beside its thumbprint.

    ["bwcK0esc3ACC…"]   becomes   [{"thumbprint": "bwcK0esc3ACC…"}]

Of those that were enrolled by their thumbprint nothing else is known. Going back leaves the thumbprints: the older
program looks at nothing else.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Json

revision = "0020_certificates"
down_revision = "0019_hidden_record"
branch_labels = None
depends_on = None

CLIENTS = sa.table("clients", sa.column("id", sa.Text()), sa.column("certificates", Json()))


def upgrade() -> None:
    _write(lambda thumbprint: {"thumbprint": thumbprint})


def downgrade() -> None:
    _write(lambda kept: kept["thumbprint"])


def _write(each_as: Callable[[Any], Any]) -> None:  # Any: a text, or JSON
    connection = op.get_bind()
    for row in connection.execute(sa.select(CLIENTS).where(CLIENTS.c.certificates.is_not(None))).all():
        if row.certificates:
            changed = {"certificates": [each_as(each) for each in row.certificates]}
            connection.execute(CLIENTS.update().where(CLIENTS.c.id == row.id).values(changed))
