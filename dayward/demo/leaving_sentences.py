"""What stands in discharge plans, summaries and the calls after them, in our own words."""

from __future__ import annotations

from dayward.demo.sentences import Variants

PLAN: dict[str, Variants] = {
    "criteria": (
        "Goals met or far enough for weekly care; two steady weeks; support outside is in place.",
        "Three of four criteria met. Sleep is not there yet and goes along to the therapist outside.",
    ),
    "gains": (
        "Comes through urges without help of others; speaks early. Back at work three days a week.",
        "Panic on the bridge is down to a two. Two friends know. Mornings have a plan.",
        "Eats with others four days a week. The log is no longer needed.",
    ),
    "medication_supply": ("Thirty days in hand, one refill at the pharmacy.", "No medication, asked."),
    "prescriber_after": (
        "Family doctor, Fable County Clinic, 555-0119; the letter is with the summary.",
        "Nobody needs to; knows whom to ask.",
    ),
    "early_signs": (
        "I stop answering. I drive past the old store.",
        "I skip lunch and say I am busy. I sleep after four.",
    ),
    "what_helps": (
        "Call first, decide later. Ten minutes outside, then the list on the fridge.",
        "The sheet in my wallet.",
    ),
    "who_helps": (
        "My sister, my sponsor, the Tuesday group. Numbers are in the phone under A.",
        "My partner, then Sam next door.",
    ),
    "crisis": ("988 at any hour; Storybook Hospital emergency room; I may call here the next morning.",),
    "housing": ("Own apartment, safe, nobody drinks there.", "With family until spring; the room is fine."),
    "legal": ("None.", "Probation until June; the officer has the dates, under the signed release."),
    "insurance": ("Holds until the end of next year.", "Renewal in March; the case manager showed how."),
}
SUPPORTS: tuple[tuple[str, ...], ...] = (
    ("twelve_step", "peer"),
    ("secular",),
    ("mental_health",),
    ("peer", "family"),
)
APPOINTMENTS: Variants = (
    "Harbor View Counseling",
    "Sampleton Therapy Group",
    "Fable County Clinic",
    "Maple Street Practice",
)
LOST = "Not known: nobody has reached the person since the last service."
SUMMARY: dict[str, Variants] = {
    "reason": (
        "Came after losing hold of evenings and work; left as told above.",
        "Stepped in from the hospital to keep what had been reached there.",
        "Symptoms had not yielded to weekly therapy.",
    ),
    "course": (
        "Regular from the second week on. Skills were taken up slowly, then used outside; family came twice.",
        "Two breaks of some days, told beforehand. Group carried the work, one-on-one its aims.",
        "Came for a time and stayed away; calls and a letter were not answered.",
    ),
    "condition": (
        "Steady, sleeps six hours, works part-time. No thoughts of dying, asked.",
        "As last seen: tired, worried, no danger.",
    ),
    "recommendations": (
        "Weekly therapy, a group outside, medication as listed, and a call here when early signs show.",
        "To come back at any time; the door is open without a wait.",
    ),
}
TRANSFER = {
    "reason": "Came to stop using; uses again each day since the weekend and shakes in the mornings. "
    "Needs withdrawal management with a doctor at hand before groups can help.",
    "course": "Two weeks of evening groups, regular and on time. Told of the slip on the next day, and called "
    "the hospital from here.",
    "condition": "Awake, clear, trembling hands, pulse 96. No thoughts of dying, asked. No seizure so far; one "
    "six years ago.",
    "recommendations": "Medically managed withdrawal, then a look at medication against craving. The seat here "
    "is open again once the hospital says so.",
}
HOW: Variants = (
    "Doing well, goes to the group on Tuesdays.",
    "Tired and steady. Has been to the therapist once.",
    "Work is going on again. One hard weekend, called the sister.",
    "Sleeps. Misses the group.",
    "All right, wants the next call later in the day.",
)
SLIPPING: Variants = (
    "Stopped going out, sleeps badly since the move.",
    "Had drunk twice last week and told it at once.",
)
HANDED = "Spoke with the therapist outside the same day; an earlier appointment is made for tomorrow."
EVENTS: tuple[tuple[str, str, str], ...] = (
    ("group", "Alumni evening", "Large group room"),
    ("sport", "Walk by the water", "Main entrance"),
    ("social", "Soup and stories", "Kitchen"),
    ("service", "Park clean-up", "Gate of the park"),
)
