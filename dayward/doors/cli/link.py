"""Make a link by which somebody who works here sets a new password: for the only administrator, who cannot ask another.

Others ask whoever keeps the staff. With --lost-factor their second factor is taken away too, and they are signed out.
Both leave an entry in the audit trail; compliance sees a factor taken away among the exceptions.

    dayward link robin@northside.example
    dayward link robin@northside.example --lost-factor --address https://dayward.northside.example
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.db import transaction
from django.urls import reverse

from dayward.doors.cli._progress import say
from dayward.foundation.access.services import make_sign_in_link, reset_second_factor
from dayward.foundation.audit.actors import system_actor
from dayward.foundation.people.models import StaffMember
from dayward.kernel.errors import Refused


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("email", help="the address they sign in with")
    parser.add_argument("--lost-factor", action="store_true", help="take their second factor away too")
    parser.add_argument(
        "--address", default="http://localhost:8000", help="where the clinic is served (%(default)s)"
    )


def run(options: Namespace) -> int:
    staff = StaffMember.objects.filter(user__email__iexact=options.email.strip()).first()
    if staff is None:
        raise Refused(f"Nobody who works here signs in with {options.email}.")
    secret = make(staff, lost_factor=options.lost_factor)
    say(f"{options.address.rstrip('/')}{reverse('access:set_password', args=[secret])}")
    say(f"{staff.name} sets a new password with it, once, within 72 hours. It is shown this once.")
    return 0


@transaction.atomic
def make(staff: StaffMember, *, lost_factor: bool) -> str:
    actor = system_actor("link")
    if lost_factor:
        reset_second_factor(actor=actor, staff=staff)
    return make_sign_in_link(actor=actor, staff=staff)
