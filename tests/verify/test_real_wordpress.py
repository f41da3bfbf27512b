"""The contract holds on a real WordPress with a real MariaDB, as the system's packages bring them."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hear.door import Door, passing_on

from kuulo.hear.connectors.wordpress import Wordpress
from kuulo.hear.contract import Counterpart, checks, opened

PACKAGE = Path("/usr/share/wordpress")
WORK = Path(__file__).with_name("wordpress.php")
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{site}'); define('WP_SITEURL', '{site}');
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""


class Installed:
    """A database and a site of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        for name in ("mariadbd", "mariadb-install-db", "php"):
            assert shutil.which(name), "apt-get install wordpress mariadb-server php-cli php-mysql"
        assert PACKAGE.is_dir(), "apt-get install wordpress"
        self.folder, self.root = folder, folder / "site"
        self.socket = folder / "db.sock"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        data = self.folder / "data"
        user = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            ["mariadb-install-db", f"--datadir={data}", "--auth-root-authentication-method=normal", *user],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        self.run(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.socket}", "--skip-networking", *user]
        )
        wait_for(lambda: self.sql("CREATE DATABASE wordpress"))
        shutil.copytree(PACKAGE, self.root, symlinks=False, ignore=shutil.ignore_patterns("wp-config.php"))
        (self.root / "wp-config.php").write_text(CONFIG.format(socket=self.socket, site=self.url), "utf-8")
        shutil.copy(WORK, self.root / "desk.php")
        self.password = self.work("install")
        self.run(["php", "-S", self.url.removeprefix("http://"), "-t", str(self.root)])
        wait_for(lambda: urllib.request.urlopen(self.url + "/wp-json/?_fields=name", timeout=60).read())

    def run(self, command: list[str]) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.processes.append(subprocess.Popen(command, **quiet))

    def sql(self, query: str) -> None:
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "-uroot", "-e", query]
        subprocess.run(command, check=True, capture_output=True, timeout=30)

    def work(self, *arguments: str) -> str:
        command = ["php", str(self.root / "desk.php"), *arguments]
        done = subprocess.run(
            command, env=os.environ | {"SITE": self.url}, check=True, capture_output=True, text=True, timeout=120
        )
        return done.stdout.strip()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)


class RealSite(Counterpart):
    """The site, emptied, behind a door that can fail."""

    connector = Wordpress
    skills = frozenset({"edit", "delete", "own", "parent", "reply", "once"})

    def __init__(self, installed: Installed) -> None:
        self.installed = installed
        installed.work("empty")
        self.door = Door(passing_on(installed.url))

    def settings(self) -> dict[str, str]:
        signed = {"user": "neuvonta", "password": self.installed.password}
        return {"address": self.door.url, "own": "Kaupunki", **signed}

    def say(self, text: str, *, parent: str = "", name: str = "Asukas", user: str = "0") -> str:
        return self.installed.work("say", text, parent or "0", name, user)

    def say_own(self, text: str) -> None:
        self.say(text, name="Kaupunki", user="1")

    def edit(self, origin: str, text: str) -> None:
        self.installed.work("edit", origin, text)

    def delete(self, origin: str) -> None:
        self.installed.work("delete", origin)

    def replies(self) -> list[str]:
        return list(json.loads(self.installed.work("replies")))

    def fail(self, *faults: str) -> None:
        self.door.faults.extend(faults)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready) -> None:
    end = time.monotonic() + 90
    while True:
        try:
            ready()
        except (OSError, subprocess.CalledProcessError):
            assert time.monotonic() < end
            time.sleep(0.2)
        else:
            return


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    installed = Installed(tmp_path_factory.mktemp("wordpress"))
    try:
        installed.start()
        yield installed
    finally:
        installed.stop()


@pytest.fixture
def site(installed: Installed) -> Iterator[RealSite]:
    site = RealSite(installed)
    yield site
    site.door.close()


@pytest.mark.parametrize("check", checks(RealSite), ids=lambda check: check.__name__)
def test_contract(check, site):
    check(site)


def test_the_test_tells_the_sites_name(site):
    with opened(site) as connector:
        assert connector.test().name == "Kylän uutiset"
