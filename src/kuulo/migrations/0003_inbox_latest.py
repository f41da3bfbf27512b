"""The latest messages of a source and of a file brought in are found by an index."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kuulo", "0002_search")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="message", index=models.Index(fields=["source", "-arrived", "-id"], name="message_source")
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["intake", "-arrived", "-id"], name="message_intake_latest"),
        ),
        migrations.RemoveIndex(model_name="message", name="message_intake"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["intake", "status", "-arrived", "-id"], name="message_intake"),
        ),
    ]
