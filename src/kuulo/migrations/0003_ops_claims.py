"""Which worker has a row in hand, and how often one began it without getting on."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("kuulo", "0003_bring_copies")]

    operations: ClassVar = [
        migrations.AddField("intake", "claimed_by", models.CharField(blank=True, max_length=80, default="")),
        migrations.AddField("intake", "tries", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("intake", "rows_tried", models.BigIntegerField(default=0)),
        migrations.AddField("regroup", "claimed_by", models.CharField(blank=True, max_length=80, default="")),
        migrations.AddField("regroup", "tries", models.PositiveSmallIntegerField(default=0)),
    ]
