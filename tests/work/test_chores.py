"""Chores: what the worker does for the database itself."""

import pytest
from django.db import connection
from tests.desk.desk_rows import add_message

from kuulo.models import Message
from kuulo.work.chores import count_for_planner

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
