"""Tell of hidden records what a decision needs, by their id, on PostgreSQL.

The policies of 0018 hide the row of a hidden record from officers of other agencies before disclosure sees it, so
nobody would tell its owner that somebody asked for it. The function says, of the one record that has the id and is
hidden, what disclosure is decided by; of any other, and to a connection that works for nobody, nothing. Whom the
connection may see is what it was before when the function returns, and when it fails.

It runs with the rights of whoever calls it, and not of the owner: it opens nothing to a role that could not reach the
rows by settings of its own. No id can be guessed (registry/core/ids.py), and none can be listed by it.
"""

from alembic import op

revision = "0019_hidden_record"
down_revision = "0018_row_security"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION hidden_record(asked uuid)
RETURNS TABLE (number bigint, standing_now text, category text, owner text, releasable_to text, onward text,
               clearance text, expires_on text)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER AS $$
DECLARE
    stood text := current_setting('registry.reach', true);
BEGIN
    IF stood IS NULL OR stood NOT IN ('home', 'partner') THEN
        RETURN;
    END IF;
    PERFORM set_config('registry.reach', 'keeper', true);
    RETURN QUERY
        SELECT p.number, p.standing, p.category, p.owner, p.releasable_to, p.onward, p.clearance, p.expires_on
          FROM profiles p
         WHERE p.id = asked AND p.clearance NOT IN ('open', 'restricted');
    PERFORM set_config('registry.reach', stood, true);
END $$
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION hidden_record(uuid)")
