"""Runs in the peer's own environment (`peer.py` starts it): 10,000 made-up people and today's appointments."""

# mypy: ignore-errors
from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta

from trytond.config import config

PEOPLE, TODAY = 10_000, 120
FIRST = (
    "Amber", "Birch", "Bramble", "Cedar", "Clover", "Copper", "Ember", "Fern", "Flint", "Gorse", "Hazel", "Heather",
    "Juniper", "Larch", "Linden", "Maple",
)  # fmt: skip
SECOND = (
    "bank", "barrow", "beck", "bourne", "castle", "cove", "croft", "dale", "fell", "field", "ford", "gate", "glade",
    "grove", "ham", "hollow",
)  # fmt: skip
GIVEN = ("Ada", "Alma", "Clara", "Dalia", "Elena", "Freya", "Hana", "Iris", "Jade", "June", "Abel", "Amos", "Caleb",
         "Diego", "Elias", "Felix", "Hugo", "Ivan", "Kai", "Leon")  # fmt: skip


def main(settings: str, database: str) -> None:
    config.update_etc(settings)
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    Pool.start()
    pool = Pool(database)
    pool.init()
    with Transaction().start(database, 1, context={"active_test": False}) as transaction:
        parties_of, patients_of, appointments = map(
            pool.get, ("party.party", "gnuhealth.patient", "gnuhealth.appointment")
        )
        for start in range(patients_of.search([], count=True), PEOPLE, 1000):
            # One at a time: GNU Health 5.0 writes the whole list again for each of its parties.
            parties = [parties_of.create([person(number)])[0] for number in range(start, start + 1000)]
            patients_of.create([{"party": party.id} for party in parties])
            transaction.commit()
        patients = patients_of.search([], limit=TODAY)
        at = datetime.combine(datetime.now(tz=UTC).date(), time(9))
        if appointments.search([("appointment_date", ">=", at)], count=True):
            return
        appointments.create([
            {"patient": one.id, "appointment_date": at + timedelta(minutes=4 * place), "state": "confirmed"}
            for place, one in enumerate(patients)
        ])  # fmt: skip
        transaction.commit()


NO_COUNTRY = "X" * 3  # ISO 3166


def person(number: int) -> dict[str, object]:
    family = FIRST[number % 16] + SECOND[number // 16 % 16]
    return {
        "name": GIVEN[number % 20], "lastname": family, "is_person": True, "is_patient": True,
        "gender": "f" if number % 20 < 10 else "m", "dob": date(1960, 1, 1) + timedelta(days=number),
        "fed_country": NO_COUNTRY,
        "federation_account": f"{NO_COUNTRY}{number:06d}", "ref": f"P{number:06d}", "code": f"P{number:06d}",
    }  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
