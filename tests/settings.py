"""Settings of the tests: Kuulo's own, with its data in a folder that goes away."""

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="kuulo-test-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["KUULO_DATA"] = FOLDER

from kuulo.settings import *  # noqa: E402, F403
from kuulo.settings import DATA_DIR, DATABASES  # noqa: E402

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # a file, not memory: the tests meet the locks and the log that the desk meets
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one would take most of the time
