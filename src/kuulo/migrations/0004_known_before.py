"""Which messages of a file were known before."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the list of a file's known messages."""

    dependencies: ClassVar = [("kuulo", "0003_hear")]
    operations: ClassVar = [
        migrations.AddField(
            "intake", "known_messages", models.ManyToManyField("kuulo.Message", related_name="known_in")
        )
    ]
