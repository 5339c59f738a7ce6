"""Settings of a worker that is killed while it issues and makes papers: the test's own files and database."""

import os

from tests.killing.settings import *  # noqa: F403
from tests.killing.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.killing.papers"]
MEDIA_ROOT = os.environ["YINGONG_TEST_FILES"]
