import secrets
from typing import Any

import django.utils.timezone
from django.db import migrations, models


def forget_keys(apps: Any, _schema: Any) -> None:  # noqa: ANN401
    """Earlier pseudonyms were keyed with the desk's secret, which lives as long as the desk."""
    for author in apps.get_model("kuulo", "Author").objects.iterator(chunk_size=1000):
        author.key = f"~{secrets.token_hex(15)}"
        author.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("kuulo", "0005_doors")]

    operations = [
        migrations.CreateModel(
            name="Blocked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RunPython(forget_keys, migrations.RunPython.noop),
    ]
