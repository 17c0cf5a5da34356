"""What stands in treatment plans and their reviews, in our own words; the goals as people would say them."""

from __future__ import annotations

from dayward.demo.sentences import EATING, MOOD, SUBSTANCE, Variants

GOALS: dict[str, Variants] = {
    SUBSTANCE: (
        "I want to be at my daughter's games and remember them.",
        "I want my license back, and my own kitchen table.",
        "I want evenings that do not end in the garage.",
        "I want to sleep without pills and wake up clear.",
        "I want to keep this job and be somebody they can count on.",
        "I want my brother to hand me his keys again.",
        "I want to pay my own rent for a whole year.",
        "I want to be bored without being scared of it.",
    ),
    MOOD: (
        "I want my mornings back.",
        "I want to finish things again, even small ones.",
        "I want to drive over the bridge without planning it for days.",
        "I want to answer the phone when my sister calls.",
        "I want to go back to choir.",
        "I want to laugh and mean it.",
        "I want to get through a week at work.",
        "I want to sleep in the dark again.",
    ),
    EATING: (
        "I want to eat with my friends and think of my friends.",
        "I want one day without numbers.",
        "I want to run because I like it.",
        "I want dinner at home to be dinner and no fight.",
    ),
}
SECOND_GOALS: Variants = (
    "I want to say no before I am angry.",
    "I want two people who know how I am.",
    "I want to be on time for things.",
    "I want the bills in one pile and paid.",
    "I want to go outside every day.",
    "I want to be a father on weekends.",
    "I want to stop apologizing for everything.",
    "I want to cook three times a week.",
)
BARRIERS: Variants = (
    "The bus runs once an hour; a neighbor drives on two days. Child care until six is settled with a sister.",
    "Shifts change at short notice. The supervisor knows of the program and plans around it this month.",
    "Doubts about groups. Agreed to sit near the door and to say so before leaving.",
    "Money is short before payday; a bus pass was asked for. Knee pain: a chair with arms in each room.",
    "Court dates fall on program days; the case manager keeps the list and writes what is needed with a release.",
    "Evenings alone are the hard hours; a call at nine with a brother is agreed.",
)
MEDICATION: Variants = (
    "Takes what was begun before; a visit every two weeks looks at whether it helps, at side effects and at sleep.",
    "One medicine to be found that does not make tired; looked at every two weeks, in small steps.",
    "Keeps the medicine from the hospital; what is doubled is cleared up at the first visit.",
)
NO_MEDICATION: Variants = (
    "Asked at the first visit: none is wanted now. To be asked again when sleep or mood do not move.",
    "None at present, by own wish; knows what there would be and whom to ask.",
)

#: How it stands with an objective -> a sentence that shows it.
PROGRESS: dict[str, Variants] = {
    "met": (
        "Done three weeks in a row by the log; says it has become ordinary.",
        "Target reached last week and kept since.",
        "Shown in group and told by the family, too.",
    ),
    "progressing": (
        "Four of seven days by own log; the weekends are harder.",
        "Named two new early signs and used one skill outside.",
        "Half of the way by the questionnaire; sleep is the part that lags.",
        "Did it twice with support, once alone.",
        "Spoke of it the same day for the first time.",
    ),
    "same": (
        "Began it twice and stopped; the step is to be made smaller.",
        "No change in two weeks; missed the days it was planned for.",
        "Understands it, has not tried it outside yet.",
    ),
    "worse": (
        "Two hard nights, and the log was left empty since.",
        "Stayed away after the call from home; starts over this week.",
    ),
}
SUMMARIES: Variants = (
    "Comes regularly and speaks up. The work moves from understanding to practice outside.",
    "Sleep is better, mornings are not. Keep the days, add a plan for the first hour.",
    "Two missed days, both told beforehand. The evenings need a plan before the days get fewer.",
    "Connects well in group; one-on-one goes to what is behind the anger.",
    "Family came once and it helped. Medication steady. Days stay as they are.",
    "Steady for two weeks; fewer days are in sight if this holds.",
    "A slip, told within the day and worked through. No change of level.",
)
PERSON_SAYS: Variants = (
    "“It is still hard, but I know what to do for the first ten minutes.”",
    "“The group got quiet when I spoke. In a good way.”",
    "“I want to keep my days a while longer.”",
    "“I slept five nights out of seven.”",
    "“My wife says I am easier to be around.”",
    "“I did not think I would still be here.”",
    "“Less talk about sleep, please. It is the boss I cannot deal with.”",
)
WEEK_ONE: dict[str, Variants] = {
    "buddy": (
        "The peer worker of the evening track",
        "June at the front desk, until the second week",
        "The group's leader",
    ),
    "challenges": BARRIERS,
}
