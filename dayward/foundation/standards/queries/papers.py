"""Facts of packages below: papers on file, which the package that keeps them cannot tell of an episode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from dayward.foundation.documents.models import Document
from dayward.foundation.documents.services import AWAITED
from dayward.kernel.facts import Fact, Subject

FILED = "document.filed"
BEFORE = timedelta(days=30)  # a paper of the stay may be on file before the admission
EVER = frozenset({Document.Kind.NOTICE})  # given once, it is given


def filed(about: Mapping[int, Subject], admitted: Mapping[int, datetime]) -> Iterator[Fact]:
    """`document.filed` with its kind as ref, of the stay it belongs to. One query."""
    people = {subject.person for subject in about.values()}
    rows = Document.objects.filter(person__in=people, kind__in=AWAITED, entered_in_error_at=None)
    told = list(rows.values_list("person_id", "kind", "received_at"))
    for episode, subject in about.items():
        since = admitted.get(episode)
        for person, kind, at in told:
            if person == subject.person and (kind in EVER or (since and at >= since - BEFORE)):
                yield Fact(FILED, at, episode, ref=kind)
