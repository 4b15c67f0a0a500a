"""Copy the browser libraries of package-lock.json into portal/static/vendor/.

npm fetches them. Where there is none, Node comes from PyPI into the virtual environment.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "portal" / "static" / "vendor"
OLDEST_NPM = 8
FILES = {
    "uplot": ("LICENSE", "dist/uPlot.esm.js", "dist/uPlot.min.css"),
    "tus-js-client": ("LICENSE", "dist/tus.min.js", "dist/tus.min.js.map"),
}


def main() -> None:
    npm = _installed_npm() or _npm_from_pypi()
    print("Fetching the browser libraries …", flush=True)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run([*command, "--no-update-notifier"], stdout=subprocess.DEVNULL)
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, names in FILES.items():
        (VENDOR / package).mkdir(parents=True)
        for name in names:
            source = ROOT / "node_modules" / package / name
            shutil.copyfile(source, VENDOR / package / source.name)


def _installed_npm() -> str | None:
    """Return the npm of this machine if it is there, works and reads our lock file."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True)  # noqa: S603
    major = answer.stdout.partition(".")[0]
    return npm if major.isdecimal() and int(major) >= OLDEST_NPM else None


def _npm_from_pypi() -> str:
    _run(["bin/install", "node"])
    scripts = Path(sys.executable).parent
    # npm's own programs look for node on the path.
    os.environ["PATH"] = f"{scripts}{os.pathsep}{os.environ['PATH']}"
    return str(scripts / "npm")


def _run(command: list[str], stdout: int | None = None) -> None:
    done = subprocess.run(command, cwd=ROOT, stdout=stdout)  # noqa: S603
    if done.returncode:
        sys.exit(f"The browser libraries could not be fetched: {' '.join(command)} failed.")


if __name__ == "__main__":
    main()
