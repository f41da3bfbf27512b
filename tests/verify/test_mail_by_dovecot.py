"""A mailbox of Dovecot is heard: delivered by LMTP, read by IMAP. Needs root, and Dovecot from the system's packages."""

import pwd
import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from tests.hear.post_office import PASSWORD, USER, free_port, wait_for

from kuulo.hear.connectors.mail import Mail
from kuulo.hear.contract import Memory
from kuulo.hear.http import Http

RECORDED = Path(__file__).parents[1] / "recorded" / "mail"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    def __init__(self) -> None:
        self.imap, self.lmtp = free_port(), free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="kuulo-dovecot-"))
        self.folder.chmod(0o755)
        mail = self.folder / "mail"
        mail.mkdir()
        who = pwd.getpwnam("mail")
        shutil.chown(mail, who.pw_uid, who.pw_gid)
        config = self.folder / "dovecot.conf"
        config.write_text(CONFIG.format(folder=self.folder, password=PASSWORD, imap=self.imap, lmtp=self.lmtp))
        self._process = subprocess.Popen(["dovecot", "-F", "-c", str(config)])
        for port in (self.imap, self.lmtp):
            wait_for(port)

    def deliver(self, raw: bytes) -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp, local_hostname="localhost") as line:
            line.sendmail("asukas@example.org", f"{USER}@kunta.example", raw)

    def box(self) -> MailBoxUnencrypted:
        return MailBoxUnencrypted("127.0.0.1", self.imap).login(USER, PASSWORD, None)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        shutil.rmtree(self.folder)


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    dovecot = Dovecot()
    yield dovecot
    dovecot.close()


def connected(dovecot: Dovecot, **more: str) -> Mail:
    told = {"address": "palaute@kunta.example", "server": "127.0.0.1", "port": str(dovecot.imap), "security": "none"}
    settings = {one.name: one.default for one in Mail.fields} | told | {"user": USER, "password": PASSWORD} | more
    return Mail(settings, http=Http(own_network=True))


def test_who_waits_is_told_of_each_mail_that_is_delivered(dovecot):
    news = connected(dovecot).wait_for_news(lambda: False)
    for path in sorted(RECORDED.glob("*.eml"))[:3]:
        assert next(news) is None
        dovecot.deliver(path.read_bytes())
    assert next(news) is None
    news.close()


def test_what_is_delivered_is_heard_once_and_moved_aside(dovecot):
    with dovecot.box() as box:
        box.folder.create("Käsitelty")
    for path in sorted(RECORDED.glob("*.eml")):
        dovecot.deliver(path.read_bytes())
    connector = connected(dovecot, heard_folder="Käsitelty")
    assert connector.test().facts == {"mails": 20}
    memory = Memory()
    for batch in connector.listen({}):
        memory.take(batch)
    # what came by LMTP bears the envelope's own Return-Path, and the scanner's mail a name given on the way, or none
    assert (len(memory.texts), memory.unread, memory.passed) == (15, 0, 5)
    assert memory.texts["fi-0003@mail.example.org"] == "Kiitos! Vielä tänäänkin kylmä, 15 astetta."
    assert [batch.items for batch in connector.listen(memory.cursor)] == [()]
    with dovecot.box() as box:
        assert (box.folder.status("INBOX")["MESSAGES"], box.folder.status("Käsitelty")["MESSAGES"]) == (0, 20)
