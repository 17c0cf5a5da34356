"""A Chromium for the browser tests: the machine's own, or on Debian and Ubuntu, as root, the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a Chromium on this machine."""
    return next((found for name in (*NAMES, *MAC) if (found := shutil.which(name))), None)


def install() -> None:
    """Debian's package; nothing else is tried, and nothing without being root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(command, check=False, **quiet)  # type: ignore[call-overload]


def main() -> int:
    if not find():
        install()
    path = find()
    if path:
        return 0
    sys.stderr.write(
        "The browser tests need a Chromium, and there is none on this machine.\n"
        "On Debian: apt-get install chromium. Elsewhere: install Chromium or Google Chrome.\n"
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
