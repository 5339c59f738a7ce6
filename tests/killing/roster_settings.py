"""Settings of a worker that is killed while it imports a roster: the test's own files beside its own database."""

import os

from tests.killing.settings import *  # noqa: F403
from tests.killing.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.killing.rosters"]
MEDIA_ROOT = os.environ["YINGONG_TEST_FILES"]
