"""A worker that is killed in the middle of an alert loses none, and what comes twice has one name."""

import json
import os
import subprocess
import sys


def test_killed_while_it_alerts_everybody_is_told():
    # a desk of its own, in SQLite: the tests' database is not one that another process may write to
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KUULO_DATA"}}
    env["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
    command = [sys.executable, "-m", "tests.work.alerts_killed", "12", "4"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["alerts"] == told["told"] == 24
    assert told["kills"] >= 1  # the last worker may be done before it can be killed
    assert told["people"] == told["names"] == 12
    assert told["most names for one"] == 1
    assert told["mails"] >= 12  # those at which it died when they had been taken came twice
