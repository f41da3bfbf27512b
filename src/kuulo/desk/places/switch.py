"""Switch: the drafts of a file become the places of the desk, in one transaction and a handful of statements."""

from django.db import connection
from django.utils import timezone

from kuulo.models import Gazetteer, PlaceDraft
from kuulo.models.place import Told

_COLUMNS = [field.get_attname() for field in Told._meta.local_fields]
_KNOWN = """
UPDATE kuulo_place SET {told}, gazetteer_id = d.gazetteer_id, gone = NULL
FROM kuulo_placedraft AS d WHERE d.gazetteer_id = %s AND d.code = kuulo_place.code
"""
_NEW = """
INSERT INTO kuulo_place (code, gazetteer_id, own, messages, figures, {columns})
SELECT d.code, d.gazetteer_id, 0, 0, {nothing}, {drafted} FROM kuulo_placedraft AS d
WHERE d.gazetteer_id = %s AND NOT EXISTS (SELECT 1 FROM kuulo_place AS p WHERE p.code = d.code) ORDER BY d.id
"""
_GONE = """
UPDATE kuulo_place SET gone = %s WHERE gone IS NULL AND gazetteer_id IN (
    SELECT g.id FROM kuulo_gazetteer AS g WHERE g.name = %s AND g.id <> %s
)
"""
_PARENTS = """
UPDATE kuulo_place SET parent_id = p.id
FROM kuulo_placedraft AS d LEFT JOIN kuulo_place AS p ON p.code = d.parent
WHERE d.gazetteer_id = %s AND d.code = kuulo_place.code
"""


def let_stand(row: Gazetteer) -> dict[str, int]:
    """Let the drafts of a file stand; tell how many places are new, were known before, and are gone.

    Call it within a transaction.
    """
    quoted = [connection.ops.quote_name(column) for column in _COLUMNS]
    nothing = "CAST('{}' AS jsonb)" if connection.vendor == "postgresql" else "'{}'"
    names = {
        "told": ", ".join(f"{one} = d.{one}" for one in quoted),
        "columns": ", ".join(quoted),
        "drafted": ", ".join(f"d.{one}" for one in quoted),
        "nothing": nothing,
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN.format(**names), [row.pk])
        known = cursor.rowcount
        cursor.execute(_NEW.format(**names), [row.pk])
        cursor.execute(_GONE, [timezone.now(), row.name, row.pk])
        gone = cursor.rowcount
        cursor.execute(_PARENTS, [row.pk])
    return {"new": PlaceDraft.objects.filter(gazetteer=row).count() - known, "known": known, "gone": gone}
