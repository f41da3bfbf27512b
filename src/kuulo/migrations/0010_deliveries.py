from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kuulo", "0009_watch")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("running", "Running"),
                    ("sent", "Sent"),
                    ("refused", "Refused"),
                    ("unknown", "Unknown"),
                    ("bounced", "Bounced"),
                    ("left", "Left"),
                ],
                db_index=True,
                default="queued",
                max_length=7,
            ),
        ),
    ]
