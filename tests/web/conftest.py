"""A reader at the desk, in English."""

import pytest
from django.test import Client
from tests.web.cast import person


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(person("reader"))
    client.cookies["django_language"] = "en"
    return client
