"""What is old is deleted without reading what is kept."""

from sqlalchemy import delete, text

from services.chassis.database import Database
from services.chassis.tables import ChassisTable, InboxRow

KEPT = """
INSERT INTO inbox (heard_by, message_id, minute, handled_at)
SELECT 'credit.on_red', gen_random_uuid(), n / 10, now() FROM generate_series(1, 200000) AS n
"""


def test_old_messages_are_found_by_an_index_of_their_minutes(postgres):
    url = postgres.database("forgetting")
    database = Database(url)
    ChassisTable.metadata.create_all(database.engine)
    with database.transaction() as session:
        session.execute(text(KEPT))
        session.execute(text("ANALYZE"))
    old = delete(InboxRow).where(InboxRow.minute < 100)
    asked = old.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.reading() as session:
        plan = "\n".join(str(row) for row in session.execute(text(f"EXPLAIN {asked}")))
    database.close()
    postgres.drop(url)

    assert "inbox_old" in plan
