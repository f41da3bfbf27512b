from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kuulo", "0007_own_names")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["addressee", "-arrived", "-id"], name="message_addressee"),
        ),
    ]
