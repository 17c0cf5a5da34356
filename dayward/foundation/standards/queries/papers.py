"""Facts of packages below: papers on file, which the package that keeps them cannot tell of an episode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from dayward.foundation.documents.models import Document
from dayward.foundation.documents.services import AWAITED
from dayward.kernel.facts import Fact, Subject
from dayward.kernel.gathering import Reading, all_of

FILED = "document.filed"
BEFORE = timedelta(days=30)  # a paper of the stay may be on file before the admission
EVER = frozenset({Document.Kind.NOTICE})  # given once, it is given


def filed(about: Collection[Subject]) -> Reading[list[Fact]]:
    """`document.filed` with its kind as ref, of the stay it belongs to."""
    people = {subject.person for subject in about}
    rows = Document.objects.filter(person__in=people, kind__in=AWAITED, entered_in_error_at=None)
    told: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for person, kind, at in (yield from all_of(rows.values_list("person_id", "kind", "received_at"))):
        told[person].append((kind, at))
    return [
        Fact(FILED, at, subject.episode, ref=kind)
        for subject in about
        for kind, at in told[subject.person]
        if kind in EVER or at >= subject.since - BEFORE
    ]
