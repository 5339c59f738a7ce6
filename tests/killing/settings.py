"""Settings of a worker that a test starts and kills: the test's own database, and leases short enough to wait for."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.killing"]
DATABASES["default"]["NAME"] = os.environ["YINGONG_TEST_DATABASE"]
JOBS_CARRIER = os.environ.get("YINGONG_TEST_CARRIER", "database")
JOBS_REPUBLISH_SECONDS = 3.0
JOBS_LEASE_SECONDS, JOBS_BEAT_SECONDS = 1.5, 0.4
JOBS_POLL_SECONDS, JOBS_SCHEDULE_SECONDS = 0.1, 3600.0
JOBS_BACKOFF_SECONDS = (0.1, 0.2)
