"""An index of copies by intake, so that the ledger of a large file is drawn up at once."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kuulo", "0002_search")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["intake"], condition=models.Q(copy_of__isnull=False), name="message_intake_copies"
            ),
        ),
    ]
