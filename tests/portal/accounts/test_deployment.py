import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_a_production_like_portal_passes_the_deployment_checks(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LEITSTAND_DATA_DIR": str(tmp_path),
        "LEITSTAND_PUBLIC_URL": "https://portal.example.com",
        "LEITSTAND_SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-" * 3,
        "LEITSTAND_TRUSTED_PROXIES": "1",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
