from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kuulo", "0006_masks")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="own_names",
            field=models.TextField(blank=True, help_text="of the municipality, its places and accounts, one a line"),
        ),
    ]
