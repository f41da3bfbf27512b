"""A worker that is killed while it listens loses nothing and doubles nothing; benchmarks/hear_killed.py at large."""

import json
import os
import subprocess
import sys


def test_killed_while_it_listens_the_desk_holds_what_the_sources_hold():
    # a desk of its own, in SQLite: the tests' database is not one that another process may write to
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KUULO_DATA"}}
    env["DJANGO_SETTINGS_MODULE"] = "kuulo.settings"
    command = [sys.executable, "-m", "benchmarks.hear_killed", "1200", "3", "3"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["missing"], told["too many"], told["kills"]) == (0, 0, 3)
    assert told["posts"] > 1000
    assert told["counts at the kills"] > 1
