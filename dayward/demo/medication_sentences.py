"""Medications of the demo with their steps, and what is said about them. Doses are for show, not for use."""

from __future__ import annotations

from dayward.demo.sentences import EATING, MOOD, SUBSTANCE, Variants

Drug = tuple[str, tuple[str, ...], str, str]  # name, doses in steps, how often, what it is to help with

OURS: dict[str, tuple[Drug, ...]] = {
    SUBSTANCE: (
        ("Naltrexone", ("25 mg", "50 mg"), "once a day", "craving"),
        ("Acamprosate", ("333 mg", "666 mg"), "three times a day", "craving"),
        ("Mirtazapine", ("7.5 mg", "15 mg", "30 mg"), "at night", "sleep"),
    ),
    MOOD: (
        ("Sertraline", ("25 mg", "50 mg", "100 mg", "150 mg"), "once a day", "low mood"),
        ("Escitalopram", ("5 mg", "10 mg", "15 mg"), "once a day", "worry"),
        ("Prazosin", ("1 mg", "2 mg", "4 mg"), "at night", "bad dreams"),
    ),
    EATING: (("Fluoxetine", ("20 mg", "40 mg", "60 mg"), "once a day", "bingeing"),),
}
WHY: dict[str, Variants] = {
    "start": (
        "Wants help beside the groups; earlier trial was short and helped.",
        "Sleep and drive have not moved in two weeks.",
        "Talked about gains and risks; decided together.",
    ),
    "up": (
        "Well borne, some help, not enough.",
        "Score came down by three and stopped there.",
        "Mornings are better, evenings not yet.",
    ),
    "down": ("Side effects trouble the day.", "Too tired to drive in the morning."),
}
EFFECTS: Variants = (
    "Dry mouth",
    "Nausea in the first hour",
    "Sweating at night",
    "Tired until noon",
    "Headache",
)
SAYS: Variants = (
    "Takes it with breakfast, missed none.",
    "Missed two evenings on the weekend.",
    "Thinks that it helps; is not sure.",
    "Would rather take less, agrees to two more weeks.",
    "Sleeps better with it.",
)
NOTHING, TOLD = (
    "Asked: takes nothing, wants nothing now.",
    "Gone through; goes on with what the family doctor gives.",
)
