"""A storm, people on duty, and what is sent to them."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from tests.web.cast import person

from kuulo.desk.storm.send import send
from kuulo.models import Alert, Duty, Person, Role, Storm, Theme
from kuulo.work.claim import Claims

DAYTIME = datetime(2020, 11, 18, 12, tzinfo=UTC)
NIGHT = datetime(2020, 11, 18, 22, 30, tzinfo=UTC)  # half past midnight in Helsinki


def storm(**told: object) -> Storm:
    """Store an open storm about school meals."""
    names = {"fi": "Kouluruoka", "sv": "Skolmaten", "nb": "Skolematen", "en": "School meals"}
    theme, _ = Theme.objects.get_or_create(code="T12", defaults={"names": names})
    now = timezone.now()
    given = {"stream": "theme:12", "scope": "theme", "theme": theme, "level": "storm", "threshold": 12.4}
    given |= {"evidence": 20.0, "peak": 20.0, "window": 7200, "counted": 17, "people": 14, "expected": 1.2}
    given |= {"record": {"weeks": 12, "most": 6}, "told_at": 17, "began": now - timedelta(hours=2), "opened": now}
    return Storm.objects.create(**given | told)


def on_duty(name: str = "Anna", *, language: str = "en", **told: object) -> Duty:
    """Put somebody on duty."""
    somebody: Person = person(Role.OFFICIAL, name=name)
    somebody.language = language
    somebody.save()
    return Duty.objects.create(person=somebody, **told)


def sent(alert: Alert | None = None) -> Alert:
    """Send the next alert that is due, or this one, as the worker does."""
    if alert:
        Alert.objects.filter(pk=alert.pk).update(due=timezone.now() - timedelta(days=1))
    return sent_together()[0]


def sent_together() -> list[Alert]:
    """Send what is due next, as the worker does: the alerts that go together."""
    taken = Claims("worker").take_alerts()
    assert taken
    send(taken)
    return taken
