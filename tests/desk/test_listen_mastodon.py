"""What is said on a real server of the fediverse stands on the desk as it stands there."""

import pytest
from mastodon_mock.testing import MockServer
from tests.hear.test_mastodon import PEOPLE, Server

from kuulo.desk.listen import keep_secrets, listen
from kuulo.models import Connection, EarlierText, Message, Source

pytestmark = pytest.mark.django_db


def heard(connection: Connection) -> dict[str, Message]:
    Connection.objects.filter(pk=connection.pk).update(state="running")
    listen(connection, stop=lambda: False)
    connection.refresh_from_db()
    assert connection.trouble == {}
    return {message.origin_id: message for message in Message.objects.all()}


def test_edited_deleted_and_private_posts():
    with MockServer(seed=PEOPLE) as mock:
        server = Server(mock)
        settings = {name: value for name, value in server.settings().items() if name != "token"}
        source = Source.objects.create(name="Mastodon", channel="mastodon")
        connection = Connection(
            source=source, connector="mastodon", settings=settings, own_network=True, state="running"
        )
        keep_secrets(connection, {"token": server.wanted["token"]})
        connection.save()
        first = server.say("Valo palaa pihalla")
        answer, private = server.say("Samaa mieltä", parent=first), server.post("@kunta Sairaus", visibility="direct")
        messages = heard(connection)
        assert messages[answer].parent == messages[first]
        assert [messages[one].private for one in (first, answer, private)] == [False, False, True]
        assert "aino" not in str([messages[first].reply_to, connection.cursor])
        server.edit(first, "Valo ei pala pihalla")
        server.delete(answer)
        messages = heard(connection)
        server.door.close()
    assert "ei pala" in messages[first].text
    assert EarlierText.objects.get().message == messages[first]
    gone = Message.objects.get(status=Message.Status.GONE)
    assert (gone.text, gone.gone is None) == ("", False)
