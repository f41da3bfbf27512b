"""Chores: what the worker does for the database itself."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.desk.desk_rows import add_message

from kuulo.models import Message
from kuulo.work.chores import Chores, count_for_planner
from kuulo.work.claim import Claims

pytestmark = pytest.mark.django_db


def test_copies_are_found_by_their_original_and_not_by_walking_through_a_channel():
    for _ in range(60):
        first = add_message(channel="form")
        add_message(channel="form", copy_of=first)
    count_for_planner()
    if connection.vendor == "sqlite":
        plan = Message.objects.filter(channel="form", copy_of__in=[first.pk]).explain()
        assert "copy_of" in plan
    assert Message.objects.filter(channel="form", copy_of__in=[first.pk]).count() == 1


def test_a_worker_forgets_once_a_night_and_goes_on_where_it_was_stopped():
    add_message(heard=timezone.now() - timedelta(days=400))
    chores = Chores(Claims("one"))
    chores.forget_what_is_old(lambda: True)
    assert Message.objects.get().text
    chores.forget_what_is_old(lambda: False)
    assert Message.objects.get().text == ""
    late = add_message("Toinen", heard=timezone.now() - timedelta(days=400))
    chores.forget_what_is_old(lambda: False)
    assert Message.objects.get(pk=late.pk).text
