"""Push: the keys by which other programs bring messages, and what they were answered."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from kuulo.models.people import Person
from kuulo.models.source import Source


class ApiKey(models.Model):
    """A key by which a program brings a source's messages. Only its hash is kept; ``begins`` tells it apart."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=120, help_text="the program that has it")
    key_hash = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=12)
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    used = models.DateTimeField(null=True, help_text="when it was used last, to the minute")
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.begins}…"


class PushAnswer(models.Model):
    """What a program was answered, for a day: asked the same again with the same key, it is answered the same."""

    api_key = models.ForeignKey(ApiKey, models.CASCADE, related_name="answers")
    idempotency_key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    came = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["api_key", "idempotency_key"], name="push_answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
