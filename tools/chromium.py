"""A Chromium for the browser tests: the machine's own, or on Debian, as root, the package.

Best is the one without windows: the whole browser draws its own frame around each page, and needs more than twice
the processor for it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

WITHOUT_WINDOWS = "chromium-headless-shell"
NAMES = (WITHOUT_WINDOWS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without a network it is given up soon.
APT = (
    "-qq",
    "-o",
    "Acquire::Retries=0",
    "-o",
    "Acquire::http::Timeout=15",
    "-o",
    "Acquire::https::Timeout=15",
)
INSTALL_SECONDS = 300
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find() -> str | None:
    """The path of a Chromium on this machine."""
    return next((found for name in (*NAMES, *MAC) if (found := shutil.which(name))), None)


def install(package: str) -> None:
    """Debian's package; nothing else is tried, and nothing without being root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    command = ["apt-get", *APT, "install", "-y", "--no-install-recommends", package]
    if _done(command) or not _done(["apt-get", *APT, "update"]):
        return
    _done(command)


def _done(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    if not shutil.which(WITHOUT_WINDOWS):
        install(WITHOUT_WINDOWS)
    if not find():
        install("chromium")
    if find():
        return 0
    sys.stderr.write(
        "The browser tests need a Chromium, and there is none on this machine.\n"
        "On Debian: apt-get install chromium. Elsewhere: install Chromium or Google Chrome.\n"
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
