"""Settings of the test run: those of the product, standing still on 2025-11-24, with throw-away data and keys.

Child processes of a test (manage.py, workers of xdist) inherit the environment and so the same keys and files.
"""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("YINGONG_BUSINESS_DATE", "2025-11-24")
if "YINGONG_VAR" not in os.environ:
    os.environ["YINGONG_VAR"] = tempfile.mkdtemp(prefix="yingong-test-")
    atexit.register(shutil.rmtree, os.environ["YINGONG_VAR"], ignore_errors=True)
os.environ["YINGONG_KEYS_DIR"] = os.path.join(os.environ["YINGONG_VAR"], "keys")  # noqa: PTH118 (no import of more)

from project.settings import *  # noqa: F403
from project.settings import DATABASES, VAR_DIR

JOBS_CARRIER = "inline"
WHITENOISE_AUTOREFRESH = True  # else each test's client lists all static files when it is made
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because threads and live servers need real connections; without fsync, because nothing outlives the run.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
