"""The index of words, in each engine's own way, over the same column of words and dictionary forms."""

from typing import Any, ClassVar

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE message_words USING fts5(search_text, content='kuulo_message', content_rowid='id',
    tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE message_parts USING fts5(search_text, content='kuulo_message', content_rowid='id',
    tokenize='trigram');
CREATE TRIGGER message_added AFTER INSERT ON kuulo_message BEGIN
  INSERT INTO message_words(rowid, search_text) VALUES (new.id, new.search_text);
  INSERT INTO message_parts(rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER message_removed AFTER DELETE ON kuulo_message BEGIN
  INSERT INTO message_words(message_words, rowid, search_text) VALUES ('delete', old.id, old.search_text);
  INSERT INTO message_parts(message_parts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER message_changed AFTER UPDATE OF search_text ON kuulo_message BEGIN
  INSERT INTO message_words(message_words, rowid, search_text) VALUES ('delete', old.id, old.search_text);
  INSERT INTO message_parts(message_parts, rowid, search_text) VALUES ('delete', old.id, old.search_text);
  INSERT INTO message_words(rowid, search_text) VALUES (new.id, new.search_text);
  INSERT INTO message_parts(rowid, search_text) VALUES (new.id, new.search_text);
END;
"""
POSTGRES = """
ALTER TABLE kuulo_message ADD COLUMN search_words tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED;
CREATE INDEX message_words ON kuulo_message USING gin (search_words);
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX message_parts ON kuulo_message USING gin (search_text gin_trgm_ops);
"""


def add_index(apps: Any, schema_editor: Any) -> None:  # noqa: ANN401
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
        return
    with schema_editor.connection.cursor() as cursor:
        for statement in SQLITE.split(";\nCREATE"):
            text = statement.strip()
            cursor.execute(text if text.startswith("CREATE") else f"CREATE{statement}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kuulo", "0001_desk")]
    operations: ClassVar = [migrations.RunPython(add_index, migrations.RunPython.noop)]
