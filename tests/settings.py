"""The settings of the tests: the real ones, with quick hashing and plain static files."""

import os
import tempfile

os.environ.setdefault("LEITSTAND_DATA_DIR", tempfile.mkdtemp(prefix="leitstand-tests-"))

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
