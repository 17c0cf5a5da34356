from __future__ import annotations

import json

from dayward.care.referrals.outcome import Accepted
from dayward.care.referrals.read import read
from dayward.care.referrals.tests.documents import bundle_bytes, summary_bytes
from dayward.care.referrals.wire import from_plain, to_plain


def test_a_packet_comes_back_as_it_was() -> None:
    for data in (summary_bytes(), bundle_bytes()):
        result = read(data)
        assert isinstance(result, Accepted)
        assert from_plain(json.loads(json.dumps(to_plain(result.packet)))) == result.packet


def test_a_packet_of_an_older_version_gets_the_defaults() -> None:
    packet = from_plain({"document": {"format": "C-CDA"}, "patient": {"birth_date": "1970"}, "gone": 1})
    assert (packet.patient.birth_date, packet.patient.name, packet.diagnoses) == ("1970", None, ())
