"""The settings of the tests: the real ones, with quick hashing and plain static files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.config import PREFIX, Config

MARK = "leitstand-tests-"

# Nothing of the developer's own portal may reach the tests, except the choice of database.
for _name in set(Config.model_fields) - {"database_url", "data_dir"}:
    os.environ.pop(f"{PREFIX}{_name.upper()}", None)
# Processes that tests start inherit the folder of the first one.
if not Path(os.environ.get("LEITSTAND_DATA_DIR", "")).name.startswith(MARK):
    os.environ["LEITSTAND_DATA_DIR"] = tempfile.mkdtemp(prefix=MARK)
    atexit.register(shutil.rmtree, os.environ["LEITSTAND_DATA_DIR"], ignore_errors=True)

from portal.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Nothing is collected in tests, but WhiteNoise looks there.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file as in real life: several threads and processes work on it.
    DATABASES["default"]["TEST"] = {"NAME": str(CONFIG.data_dir / "tests.sqlite3")}
