"""Settings of a worker that is killed while it imports a bank's answer: the test's own files and database."""

import os

from tests.killing.settings import *  # noqa: F403
from tests.killing.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.killing.results"]
MEDIA_ROOT = os.environ["YINGONG_TEST_FILES"]
