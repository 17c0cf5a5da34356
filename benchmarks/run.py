"""`make bench`: measures and writes var/bench.json; each module here adds its own rows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import clinic

# Before Django reads its settings: addresses of pages are looked up with the same settings as the server's.
os.environ.update(clinic.environment())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dayward.config.settings")

import django

django.setup()

from django.db import connections  # noqa: E402

from benchmarks import dues, growth, history, hours, importing, large, memory, pages, peer, weeks  # noqa: E402
from benchmarks.results import Result, table, write  # noqa: E402
from dayward.kernel.database import running  # noqa: E402

WARM_GOAL_SECONDS = 5.0
LARGE = "--large"  # that alone, and behind it the names of pages, if not all
QUICK = "--quick"  # without the large clinic, which takes ten minutes to make, and the peer
PLACE = clinic.ROOT / "var" / "bench.json"


def main() -> int:
    if LARGE in sys.argv:
        only = frozenset(sys.argv[sys.argv.index(LARGE) + 1 :])
        with step("the large clinic"):
            print(table(large.measure(only)))
        return 0
    with step("making the small clinic, if it is not there yet"), clinic.demo():
        pass
    with step("starting it again, and measuring"), clinic.demo() as (site, seconds, process):
        results = [Result("warm start of the demo", round(seconds, 2), "s", WARM_GOAL_SECONDS)]
        with step("counting hours"):
            results += hours.measure()
        with step("changing attendance"):
            results += weeks.measure()
        with step("working out dues"):
            results += dues.measure()
        with step("importing referrals"):
            results += importing.measure()
        with step("walking through the pages as every role, then timing one of each kind"):
            found = pages.heaviest(site)
            results += pages.measure(found)
        results += memory.measure(process)
    with step("telling nine times more of everybody who has left"), running():
        connections.close_all()
        history.grow()
    with clinic.demo() as (site, _seconds, _process), step("opening each page in turn with and without that"):
        results += growth.measure(found, site)
    if QUICK not in sys.argv:
        with step("the large clinic, each page 200 times with different people"):
            results += large.measure()
        with step("a public peer on the same tasks"):
            results += peer.measure()
    print(table(results))
    write(results, PLACE)
    missed = sum(result.met is False for result in results)
    print(f"\n{len(results)} results in {PLACE.relative_to(clinic.ROOT)}, {missed} of them miss their goal.")
    return 0


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    sys.stderr.write(f"  {text} ...\n")
    began = time.perf_counter()
    yield
    sys.stderr.write(f"  {text}: {time.perf_counter() - began:.0f} s\n")


if __name__ == "__main__":
    raise SystemExit(main())
