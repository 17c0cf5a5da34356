"""Nothing acknowledged is lost: web server and database are killed while drafts, signatures and bookings arrive.

    python -m benchmarks.killed --minutes 5     kill after kill on a fresh small clinic, with a check after each
    python -m benchmarks.killed --seat 1000     one seat, asked for by a thousand requests at once

What a writer was answered is noted here, outside of the clinic; after each restart the rows must agree with it.
`tests/test_killed.py` does the same for half a minute.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.client import HTTPException
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks.clinic import PROGRAM, ROOT, SIGN_IN, free_port
from benchmarks.pages import Visitor, token
from dayward.chart.safety.rules.merge import fingerprint
from dayward.chart.safety.rules.risk import QUESTION_KEYS
from dayward.kernel.database import connect, embedded_database
from dayward.kernel.postgres import OWNER, Cluster

PATIENCE = 300  # seconds, on a slow and busy machine too: nothing waits so long unless it is broken
OK, FOUND, BROKEN = 200, 302, 500
SIGNED_EVERY = 4  # drafts of one statement before it is signed
MORE_SECONDS = (0.0, 2.0)  # after everybody has been answered
STARTS = "10:00"
FAR_AHEAD = 200  # days: nobody has a group there yet
INQUIRY, WINDOWS = "/intake/new/", 3
SAFE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any) -> None:
        return None


class Writer(Visitor):
    """A browser that looks at an answer and does not follow it."""

    def __init__(self, site: str) -> None:
        super().__init__(site)
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), NoRedirect)
        self.token = ""

    def enter(self, row: dict[str, str]) -> Writer:
        self.token = token(self.get(SIGN_IN).content)
        status, _where = self.send(SIGN_IN, {"login": row["email"], "password": row["password"]})
        if status != FOUND:
            raise SystemExit(f"The sign-in for {row['role']} was refused.")
        self.token = token(self.get("/today/").content)
        return self

    def may_open(self, path: str) -> bool:
        """Whether the page opens for who signed in."""
        try:
            self.get(path)
        except urllib.error.HTTPError:
            return False
        return True

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Status and where it leads; 0 when nobody answered."""
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        request = urllib.request.Request(self.site + path, data, {"Referer": self.site + path})
        try:
            with self.opener.open(request, timeout=PATIENCE) as response:
                response.read()
                return response.status, ""
        except urllib.error.HTTPError as answer:
            return answer.code, str(answer.headers.get("Location", ""))
        except (OSError, HTTPException):  # nothing, or half an answer
            return 0, ""


class Clinic:
    """A served clinic that can be killed in parts."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.cluster = Cluster(var / "pg")
        self.process: subprocess.Popen[bytes] | None = None
        with (self.cluster.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(SAFE)

    @property
    def site(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "DJANGO_"))
        }
        return {**kept, "DAYWARD_VAR": str(self.var)}

    def start(self) -> None:
        with (self.var / "server-output").open("ab") as said:
            self.process = subprocess.Popen(
                [str(PROGRAM), "serve", "--bind", f"127.0.0.1:{self.port}"],
                env=self.environment,
                cwd=ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise SystemExit((self.var / "server-output").read_text(errors="replace")[-3000:])
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.site + SIGN_IN, timeout=10).close()
        except OSError:
            return False
        return True

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill_server(self) -> None:
        """The web server with all its processes, as a power switch would."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_database(self) -> None:
        pid = self.cluster._postmaster()
        if pid:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process and self.is_running:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(PROGRAM), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def ask(self, question: str, *given: object, **named: object) -> list[tuple[Any, ...]]:
        with (
            self.cluster.in_use() as cluster,
            connect(embedded_database(cluster, OWNER, "dayward")) as owner,
        ):
            return owner.execute(question.encode(), named or given).fetchall()

    def sign_in_of(self, role: str) -> dict[str, str]:
        rows = json.loads((self.var / "demo-sign-ins.json").read_text(encoding="utf-8"))
        return next(row for row in rows if row["role"] == role)


# -- what was answered ------------------------------------------------------------------------------------------------


@dataclass
class Said:
    """What the writers were told: outside of the clinic, so that no kill takes it along."""

    drafts: dict[str, list[str]] = field(
        default_factory=dict
    )  # by person: what was answered, then a try that was not
    signed: list[tuple[str, str]] = field(default_factory=list)  # person, text
    booked: list[tuple[str, date]] = field(default_factory=list)
    typed: dict[str, list[str]] = field(default_factory=dict)  # by window: as drafts
    kept: int = 0
    unanswered: int = 0
    refused: int = 0
    saved: int = 0

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.saved, len(self.signed), len(self.booked), self.kept


class Worker(threading.Thread, ABC):
    """One who works until something does not answer, or until told to stop."""

    def __init__(self, writer: Writer, people: Iterable[str], said: Said) -> None:
        super().__init__(daemon=True)
        self.writer, self.said = writer, said
        self.people = deque(people)
        self.stopped = threading.Event()
        self.refused: list[str] = []

    def run(self) -> None:
        while self.people and not self.stopped.is_set():
            person = self.people.popleft()
            status, where = self.act(person)
            if status in {OK, FOUND} and SIGN_IN not in where:
                self.people.append(person)  # of the others it is not known what stands, until somebody looks
            elif status and status < BROKEN:
                self.refused.append(f"{type(self).__name__}: {status} {where}")
            else:
                self.said.unanswered += 1

    @abstractmethod
    def act(self, person: str) -> tuple[int, str]:
        """One try for this person: status and where it leads."""


class Statements(Worker):
    """Writes statements of risk: drafts as they are typed, and signatures."""

    def __init__(self, printed_name: str, numbers: Iterator[int], *given: Any) -> None:
        super().__init__(*given)
        self.printed_name, self.numbers = printed_name, numbers

    def act(self, person: str) -> tuple[int, str]:
        number = next(self.numbers)
        text = f"marked-{number:06d}"
        tried = self.said.drafts.setdefault(person, [""])
        fields = statement(text, before=tried[0])
        tried.append(text)
        if number % SIGNED_EVERY:
            answer = self.writer.send(f"/safety/{person}/risk/save/", fields)
            if answer[0] == OK:
                self.said.drafts[person] = [text]
                self.said.saved += 1
            return answer
        answer = self.writer.send(f"/safety/{person}/risk/", {**fields, "typed_name": self.printed_name})
        if answer[0] == FOUND and SIGN_IN not in answer[1]:
            self.said.drafts[person] = [""]
            self.said.signed.append((person, text))
        return answer


def statement(text: str, before: str) -> dict[str, str]:
    """The form of a statement, made when the text before stood in it."""
    texts = {"level": "none", **dict.fromkeys(QUESTION_KEYS, text)}
    base = {f"base_{key}": fingerprint(before) for key in QUESTION_KEYS}
    return {**texts, **base, "base_level": fingerprint("none" if before else "")}


class Bookings(Worker):
    """Books visits, one after the other, each on a day that is free."""

    def __init__(self, visit: dict[str, str], days: Iterator[date], *given: Any) -> None:
        super().__init__(*given)
        self.visit, self.days = visit, days

    def act(self, person: str) -> tuple[int, str]:
        day = next(self.days)
        answer = self.writer.send(
            f"/schedule/people/{person}/book/", {**self.visit, "day": day.isoformat(), "starts": STARTS}
        )
        if answer[0] == OK:  # the form came back: a holiday, say
            self.said.refused += 1
        if answer[0] == FOUND and SIGN_IN not in answer[1]:
            self.said.booked.append((person, day))
        return answer


class Inquiries(Worker):
    """Types into several windows of one form, each kept as it is typed; the windows stand where people do elsewhere."""

    def __init__(self, numbers: Iterator[int], *given: Any) -> None:
        super().__init__(*given)
        self.numbers = numbers

    def act(self, person: str) -> tuple[int, str]:
        text, tried = f"marked-{next(self.numbers):06d}", self.said.typed.setdefault(person, [""])
        tried.append(text)
        answer = self.writer.send(INQUIRY, {"_draft": "keep", "_draft_key": person, "message": text})
        if answer[0] == OK:
            self.said.typed[person] = [text]
            self.said.kept += 1
        return answer


def window(writer: Writer) -> str:
    """A new page of the form, with nothing in it; the key that names it."""
    found = re.search(rb'name="_draft_key" value="([^"]+)"', writer.get(f"{INQUIRY}?_kept=none").content)
    assert found
    return found[1].decode()


# -- a clinic at work, killed and looked at ---------------------------------------------------------------------------

_TREATED = """
    SELECT DISTINCT person.public_id FROM people_person person
    JOIN access_careteammember member ON member.person_id = person.id
    JOIN people_staffmember staff ON staff.id = member.staff_id JOIN people_user usr ON usr.id = staff.user_id
    WHERE usr.email = %s AND upper_inf(member.during) ORDER BY 1
"""
_FREE_FROM = "SELECT greatest(current_date + %s, (SELECT max(upper(during))::date + 1 FROM schedule_session))"
_STATEMENTS = """
    SELECT person.public_id, suicide, signed_text, signature_id IS NOT NULL FROM safety_riskstatement statement
    JOIN people_person person ON person.id = statement.person_id WHERE statement.entered_in_error_at IS NULL
"""
_VISITS = """
    SELECT person.public_id, lower(booking.during)::date, session.during = booking.during
    FROM schedule_booking booking JOIN schedule_session session ON session.id = booking.session_id
    JOIN people_person person ON person.id = booking.person_id WHERE lower(booking.during)::date >= %s
"""
_TYPED = "SELECT typed -> 'message' ->> 0 FROM drafts_draft WHERE state = 'open'"
_HALF = {
    "a signed statement without its text": """
        SELECT 1 FROM safety_riskstatement WHERE signature_id IS NOT NULL AND position(suicide IN signed_text) = 0""",
    "a signature without a statement": """
        SELECT 1 FROM signing_signature signature WHERE subject_kind = 'safety.riskstatement' AND NOT EXISTS
        (SELECT 1 FROM safety_riskstatement paper WHERE paper.public_id = subject
        AND paper.signature_id = signature.id)""",
    "a session nobody is booked into": """
        SELECT 1 FROM schedule_session session WHERE lower(during)::date >= %(far)s
        AND NOT EXISTS (SELECT 1 FROM schedule_booking WHERE session_id = session.id)""",
    "a booking without its line in the trail": """
        SELECT 1 FROM schedule_booking booking WHERE lower(during)::date >= %(far)s AND NOT EXISTS
        (SELECT 1 FROM audit_entry WHERE action = 'schedule.book' AND subject = booking.public_id)""",
    "a signed statement without its line in the trail": """
        SELECT 1 FROM safety_riskstatement paper WHERE signature_id IS NOT NULL AND suicide LIKE 'marked-%%'
        AND NOT EXISTS (SELECT 1 FROM audit_entry WHERE action = 'safety.sign_statement'
        AND subject = paper.public_id)""",
}


class Trial:
    """Writers at a clinic, and what they were told."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.clinic, self.dice, self.said = clinic, random.Random(seed), Said()
        self.numbers = count(1)
        self.first_day = clinic.ask(_FREE_FROM, FAR_AHEAD)[0][0]
        self.days = (self.first_day + timedelta(days=step) for step in count())
        therapist, prescriber = clinic.sign_in_of("Therapist"), clinic.sign_in_of("Prescriber")
        self.people = [
            [row[0] for row in clinic.ask(_TREATED, who["email"])] for who in (therapist, prescriber)
        ]
        self.printed_name, _pk = self._staff(therapist)
        self.visit = self._visit(self._staff(prescriber)[1])
        intake = clinic.sign_in_of("Intake coordinator")
        self.writers = [Writer(clinic.site).enter(row) for row in (therapist, therapist, prescriber, intake)]
        self.kills: Counter[str] = Counter()
        self._go_on_from_what_stands(self.people[0])

    def _staff(self, row: dict[str, str]) -> tuple[str, int]:
        found = self.clinic.ask(
            "SELECT staff.given || ' ' || staff.family, staff.id FROM people_staffmember staff"
            " JOIN people_user usr ON usr.id = staff.user_id WHERE usr.email = %s",
            row["email"],
        )
        return str(found[0][0]), int(found[0][1])

    def _visit(self, staff: int) -> dict[str, str]:
        ((service,),) = self.clinic.ask("SELECT id FROM catalog_servicekind WHERE key = 'medication-visit'")
        return {"service": str(service), "staff": str(staff), "minutes": "25", "modality": "telehealth"}

    def kill_once(self) -> None:
        """Work, a kill at a moment the dice choose, a restart, and a look at what is there."""
        workers = self._workers()
        for worker in workers:
            worker.start()
        self._let_them_work(workers)
        what = self.dice.choice(["server", "database", "both"])
        if what != "server":
            self.clinic.kill_database()
        if what == "database":
            time.sleep(self.dice.uniform(0, 1))  # the server goes on without one, and is restarted then
        self.clinic.kill_server()
        self.kills[what] += 1
        for worker in workers:
            worker.stopped.set()
            worker.join(PATIENCE)
            if worker.refused:
                raise SystemExit(f"Refused, so that nothing was tried: {worker.refused[:3]}")
        self.clinic.start()
        self._look()

    def _let_them_work(self, workers: list[Worker]) -> None:
        """Until a draft, a signature and a booking were answered, however slow that is; then a moment longer."""
        before, give_up = self.said.counts, time.monotonic() + PATIENCE
        while any(now == then for now, then in zip(self.said.counts, before, strict=True)):
            if time.monotonic() > give_up:
                raise SystemExit(f"Nobody was answered: {self.said.counts}")
            if not all(worker.is_alive() for worker in workers):
                return
            time.sleep(0.02)
        time.sleep(self.dice.uniform(*MORE_SECONDS))

    def _workers(self) -> list[Worker]:
        treated, medicated = self.people
        one, other, third, fourth = self.writers
        return [
            Statements(self.printed_name, self.numbers, one, treated[0:8:2], self.said),
            Statements(self.printed_name, self.numbers, other, treated[1:8:2], self.said),
            Bookings(self.visit, self.days, third, medicated[:8], self.said),
            Inquiries(self.numbers, fourth, [window(fourth) for _each in range(WINDOWS)], self.said),
        ]

    def _look(self) -> None:
        """Of a try without an answer either is right; what it was is where the writer goes on."""
        wrong = self.lost() + self.half()
        if wrong:
            raise SystemExit("\n".join(wrong))
        self._go_on_from_what_stands(self.said.drafts)

    def _go_on_from_what_stands(self, people: Iterable[str]) -> None:
        drafts = {person: text for person, text, _words, is_signed in self._statements() if not is_signed}
        self.said.drafts = {person: [drafts.get(person, "")] for person in people}

    def _statements(self) -> list[tuple[str, str, str, bool]]:
        return [(row[0], row[1], row[2], row[3]) for row in self.clinic.ask(_STATEMENTS)]

    def lost(self) -> list[str]:
        """What was answered and is not there."""
        rows = self._statements()
        signed = {(person, text) for person, text, words, is_signed in rows if is_signed and text in words}
        drafts = {person: text for person, text, _words, is_signed in rows if not is_signed}
        visits = {
            (person, day) for person, day, is_whole in self.clinic.ask(_VISITS, self.first_day) if is_whole
        }
        return [
            *(f"signed and lost: {each}" for each in self.said.signed if each not in signed),
            *(f"booked and lost: {each}" for each in self.said.booked if each not in visits),
            *(
                f"typed and lost: {tried} is now {drafts.get(person)!r}"
                for person, tried in self.said.drafts.items()
                if drafts.get(person, "") not in tried and (person, tried[-1]) not in signed
            ),
            *self._typed_and_lost(),
        ]

    def _typed_and_lost(self) -> list[str]:
        stands = {text for (text,) in self.clinic.ask(_TYPED)} | {""}
        return [f"kept and lost: {tried}" for tried in self.said.typed.values() if stands.isdisjoint(tried)]

    def half(self) -> list[str]:
        """What is there in part."""
        far = {"far": self.first_day}
        return [what for what, question in _HALF.items() if self.clinic.ask(question, **far)]


# -- one seat ---------------------------------------------------------------------------------------------------------


_LAST_SEAT = """
    UPDATE schedule_session SET cap = taken + 1 FROM (
        SELECT session.id AS chosen, count(booking.id) AS taken
        FROM schedule_session session LEFT JOIN catalog_room room ON room.id = session.room_id
        LEFT JOIN schedule_booking booking ON booking.session_id = session.id AND booking.status = 'booked'
        WHERE lower(session.during) > now() + interval '2 days' AND session.status = 'planned'
        AND session.group_id IS NOT NULL
        AND session.site_id IN (
            SELECT role.site_id FROM access_roleassignment role
            JOIN people_staffmember staff ON staff.id = role.staff_id
            JOIN people_user account ON account.id = staff.user_id WHERE account.email = %s
        ) GROUP BY session.id, room.seats
        HAVING room.seats IS NULL OR count(booking.id) < room.seats ORDER BY taken, session.id LIMIT 1
    ) AS found WHERE id = chosen RETURNING public_id, id
"""


def one_seat(clinic: Clinic, tries: int) -> tuple[Counter[str], int]:
    """The last seat of a session, asked for by many requests at once; the answers, and who has it."""
    director = clinic.sign_in_of("Program director")
    ((session, rowid),) = clinic.ask(_LAST_SEAT, director["email"])
    before = _seats(clinic, rowid)
    writer = Writer(clinic.site).enter(director)
    everybody = [row[0] for row in clinic.ask("SELECT public_id FROM people_person ORDER BY id")]
    people = [person for person in everybody if writer.may_open(f"/schedule/people/{person}/book/")]
    askers = [people[number % len(people)] for number in range(tries)]
    with ThreadPoolExecutor(tries) as crowd:
        answers = crowd.map(
            lambda person: writer.send(f"/schedule/people/{person}/book/{session}/", {})[0], askers
        )
        told = Counter({FOUND: "seat", OK: "no seat"}.get(each, str(each)) for each in answers)
    return told, _seats(clinic, rowid) - before


def _seats(clinic: Clinic, session: int) -> int:
    ((found,),) = clinic.ask(
        "SELECT count(*) FROM schedule_booking WHERE session_id = %s AND status = 'booked'", session
    )
    return int(found)


# -- from the command line --------------------------------------------------------------------------------------------


def fresh_clinic() -> Clinic:
    place = Path(mkdtemp(prefix="dayward-killed-", dir="/tmp"))
    place.chmod(0o755)
    environment = {**os.environ, "DAYWARD_VAR": str(place / "var")}
    for command in (["migrate"], ["seed", "--size", "tiny"]):
        subprocess.run([str(PROGRAM), *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    return Clinic(place / "var", free_port())


def soak(clinic: Clinic, minutes: float, seed: int) -> None:
    trial, until = Trial(clinic, seed), time.monotonic() + minutes * 60
    while time.monotonic() < until:
        trial.kill_once()
    said = trial.said
    print(f"{sum(trial.kills.values())} kills with seed {seed}: {dict(trial.kills)}")
    print(f"{said.saved + said.kept} drafts, {len(said.signed)} signatures,", end=" ")
    print(f"{len(said.booked)} bookings were answered;")
    print(f"{said.unanswered} requests were not, and {said.refused} bookings were refused.")
    print("Everything answered is there, and nothing is half there.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument(
        "--seat", type=int, metavar="TRIES", help="only this: one seat, asked for so often at once"
    )
    options = parser.parse_args()
    clinic = fresh_clinic()
    clinic.start()
    try:
        if options.seat:
            told, given = one_seat(clinic, options.seat)
            print(f"{options.seat} asked at once, {dict(told)}; the session has {given} more in it.")
        else:
            soak(clinic, options.minutes, options.seed)
    finally:
        clinic.stop()
    print(clinic.run("check"))
    sys.stdout.flush()
    clinic.cluster.destroy()
    shutil.rmtree(clinic.var.parent)


if __name__ == "__main__":
    main()
