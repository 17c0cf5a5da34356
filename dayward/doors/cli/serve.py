"""Run the web server: gunicorn with threads, in front of which a real installation puts its TLS proxy.

The synthetic clinic is served on loopback addresses only.
"""

from __future__ import annotations

import gc
import ipaddress
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from dayward.demo import banner
from dayward.doors.cli._parent import stop_with_parent
from dayward.doors.cli._schema import refuse_old_schema
from dayward.doors.cli._static import ensure_static
from dayward.foundation.organization.queries import is_demo
from dayward.kernel.errors import Misconfigured

DEFAULT_BIND = "127.0.0.1:8000"
WORKERS = 2
THREADS = 4
YOUNG = 5_000  # objects until somebody looks for garbage; with 700 it was half of the looking, and found as little
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"]

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--bind", default=DEFAULT_BIND, metavar="ADDRESS:PORT", help=f"default {DEFAULT_BIND}"
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"processes, default {WORKERS}")
    parser.add_argument("--threads", type=int, default=THREADS, help=f"threads in each, default {THREADS}")


def run(options: Namespace) -> int:
    stop_with_parent()
    refuse_old_schema()
    demo = is_demo()
    if demo:
        refuse_outside_loopback(options.bind)
        settings.ALLOWED_HOSTS = LOOPBACK_NAMES
        banner.show()
    ensure_static()
    # The workers are forked from here, and a database connection must not be shared between processes.
    connections.close_all()
    Server(loopback_only(application()) if demo else application(), options).run()
    return 0


def refuse_outside_loopback(bind: str) -> None:
    """Everybody can read the sign-ins of the synthetic clinic."""
    host = bind.rpartition(":")[0].strip("[]")
    if not is_loopback(host):
        raise Misconfigured(
            f"This is the synthetic clinic, whose sign-ins are printed for everybody; it is not served on {host}. "
            "Use a loopback address (127.0.0.1)."
        )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def loopback_only(inner: Wsgi) -> Wsgi:
    """However the port was opened, only this computer is answered."""

    def guarded(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_loopback(environ.get("REMOTE_ADDR", "")):
            return inner(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The synthetic clinic answers only to the computer it runs on.\n"]

    return guarded


def application() -> Wsgi:
    """The application with its addresses loaded before the fork: the first page is as fast as the second."""
    made: Wsgi = get_wsgi_application()
    assert get_resolver().url_patterns
    keep_what_is_loaded()
    return made


def keep_what_is_loaded() -> None:
    """It stays until the end: no page waits while a hundred thousand objects are looked through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)


class OurLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own words pass our handlers: it would write down an address, and what an error says."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn, told what it needs to know."""

    def __init__(self, wsgi: Wsgi, options: Namespace) -> None:
        self.served = wsgi
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        chosen = {
            "bind": self.options.bind,
            "workers": self.options.workers,
            "threads": self.options.threads,
            "worker_class": "gthread",
            "preload_app": True,
            "keepalive": 15,
            "graceful_timeout": 20,
            # Addresses of pages can tell who is a patient: no access log, and gunicorn says only what is wrong.
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": OurLog,
            "control_socket_disable": True,
            "proc_name": "dayward",
        }
        if Path("/dev/shm").is_dir():  # noqa: S108 - a folder of gunicorn's own in memory, for its heartbeat
            chosen["worker_tmp_dir"] = "/dev/shm"  # noqa: S108
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Wsgi:
        return self.served
