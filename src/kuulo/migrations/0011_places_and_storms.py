import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kuulo", "0010_deliveries"),
    ]

    operations = [
        migrations.CreateModel(
            name="Baseline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=60, unique=True)),
                ("profile", models.JSONField(default=list)),
                ("level", models.FloatField(default=0.0)),
                ("since", models.DateTimeField(help_text="the stream's first message, where it is new", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StormWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("budget", models.FloatField(default=2.0)),
                ("threshold", models.FloatField(null=True)),
                ("spread", models.JSONField(default=dict)),
                ("profile", models.JSONField(default=list)),
                ("learned_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("replayed_at", models.DateTimeField(null=True)),
                ("replayed", models.JSONField(default=dict)),
            ],
        ),
        migrations.AlterField(
            model_name="message",
            name="status",
            field=models.CharField(
                choices=[
                    ("new", "New"),
                    ("grouped", "Grouped"),
                    ("uncertain", "Uncertain"),
                    ("empty", "Empty"),
                    ("unreadable", "Unreadable"),
                    ("aside", "Aside"),
                    ("gone", "Gone"),
                    ("safety", "Safety"),
                ],
                default="new",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.URLField(blank=True, max_length=500)),
                ("secret", models.BinaryField(default=b"")),
                ("own_network", models.BooleanField(default=False)),
                (
                    "least",
                    models.CharField(
                        choices=[("rise", "Rise"), ("storm", "Storm"), ("uproar", "Uproar")],
                        default="storm",
                        max_length=6,
                    ),
                ),
                ("nights", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Gazetteer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("brought_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("told", models.JSONField(default=dict)),
                ("looked_to", models.BigIntegerField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(db_index=True, max_length=20)),
                ("names", models.JSONField(default=dict)),
                (
                    "inner",
                    models.BooleanField(help_text="Kalliossa (inner) or Malmilla (outer); None: either", null=True),
                ),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("area", models.JSONField(null=True)),
                ("gone", models.DateTimeField(null=True)),
                (
                    "gazetteer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="kuulo.gazetteer"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="kuulo.place",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="source",
            name="home",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sources",
                to="kuulo.place",
            ),
        ),
        migrations.CreateModel(
            name="PlannedEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="planned",
                        to="kuulo.theme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SafetyCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=20)),
                ("note", models.TextField(blank=True)),
                ("status_before", models.CharField(max_length=10)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="safety_case", to="kuulo.message"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Storm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(max_length=60)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("theme", "Theme"),
                            ("subtheme", "Subtheme"),
                            ("theme-place", "Theme Place"),
                            ("place", "Place"),
                            ("pile", "Pile"),
                            ("all", "All"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("rise", "Rise"), ("storm", "Storm"), ("uproar", "Uproar")],
                        default="rise",
                        max_length=6,
                    ),
                ),
                ("began", models.DateTimeField()),
                ("opened", models.DateTimeField(db_index=True, help_text="when the threshold was crossed")),
                ("seen", models.DateTimeField(null=True)),
                ("closed", models.DateTimeField(null=True)),
                ("quiet_since", models.DateTimeField(null=True)),
                ("threshold", models.FloatField()),
                ("evidence", models.FloatField()),
                ("peak", models.FloatField()),
                ("window", models.PositiveIntegerField()),
                ("counted", models.PositiveIntegerField()),
                ("people", models.PositiveIntegerField()),
                ("expected", models.FloatField()),
                (
                    "record",
                    models.JSONField(default=dict, help_text="weeks looked back, and the highest count before"),
                ),
                ("told_at", models.PositiveIntegerField(default=0)),
                ("doublings", models.PositiveSmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True)),
                ("mentor_called_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(help_text="when the municipality first took part", null=True)),
                (
                    "mark",
                    models.CharField(
                        blank=True,
                        choices=[("storm", "Storm"), ("nothing", "Nothing"), ("planned", "Planned")],
                        max_length=7,
                    ),
                ),
                ("learned", models.TextField(blank=True, help_text="what people wrote down afterwards")),
                (
                    "first_message",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="kuulo.message"
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="kuulo.storm",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="storms",
                        to="kuulo.place",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="storms",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="storms",
                        to="kuulo.theme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="opened, doubled, mentor, test", max_length=10)),
                (
                    "level",
                    models.CharField(
                        blank=True, choices=[("rise", "Rise"), ("storm", "Storm"), ("uproar", "Uproar")], max_length=6
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("running", "Running"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("due", models.DateTimeField(default=django.utils.timezone.now)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.JSONField(default=dict)),
                ("claimed_by", models.CharField(blank=True, default="", max_length=80)),
                ("beat", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="alerts",
                        to="kuulo.duty",
                    ),
                ),
                (
                    "storm",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alerts",
                        to="kuulo.storm",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StormStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("kind", models.CharField(max_length=20)),
                ("facts", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "storm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="kuulo.storm"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Whereabouts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("coordinates", "Coordinates"),
                            ("home", "Home"),
                            ("person", "Person"),
                        ],
                        max_length=11,
                    ),
                ),
                ("start", models.PositiveIntegerField(null=True)),
                ("end", models.PositiveIntegerField(null=True)),
                ("sure", models.FloatField(default=1.0)),
                ("why", models.JSONField(default=dict)),
                ("arrived", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="whereabouts", to="kuulo.message"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="whereabouts", to="kuulo.place"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kinds", models.JSONField(default=list)),
                ("why", models.JSONField(default=list)),
                ("seen", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "said",
                    models.CharField(blank=True, choices=[("real", "Real"), ("nothing", "Nothing")], max_length=7),
                ),
                ("said_at", models.DateTimeField(null=True)),
                ("arrived", models.DateTimeField()),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="concern", to="kuulo.message"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["said", "-arrived", "-message"], name="concern_waiting")],
            },
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("person",), name="duty_once"),
        ),
        migrations.AddConstraint(
            model_name="storm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed", None)), fields=("stream",), name="storm_open_once"
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["state", "due"], name="alert_due"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(fields=("storm", "duty", "level", "count"), name="alert_once"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "mentor")), fields=("storm", "person", "count"), name="mentor_once"
            ),
        ),
        migrations.AddIndex(
            model_name="whereabouts",
            index=models.Index(fields=["place", "-arrived", "-message"], name="whereabouts_latest"),
        ),
        migrations.AddConstraint(
            model_name="whereabouts",
            constraint=models.UniqueConstraint(fields=("message", "place"), name="whereabouts_once"),
        ),
    ]
