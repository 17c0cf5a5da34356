"""What clinicians of the demo write, in our own words. No sentence is from a form or a manual."""

from __future__ import annotations

from dayward.demo.dice import Dice

SUBSTANCE, MOOD, EATING = "substance", "mood", "eating"
Variants = tuple[str, ...]

#: Section of the assessment -> what may stand there; by kind of trouble where it differs.
SECTIONS: dict[str, dict[str, Variants] | Variants] = {
    "presenting": {
        SUBSTANCE: ("“I can stop for a week and then it is back.” Missed work twice this month.",
                    "Wants to keep the job and the children; drinks alone after ten at night.",
                    "Came after a warning at work. “I am tired of hiding it.”"),
        MOOD: ("“I get up and the day is already over.” Stopped seeing friends in the spring.",
               "Worry from waking on, cannot finish tasks, cries in the car before work.",
               "Bad dreams and startle since the accident; avoids the highway."),
        EATING: ("Skips meals at work, then eats at night until it hurts; wants that to end.",
                 "“Numbers run my day.” Family meals have become fights."),
    },
    "history": {
        SUBSTANCE: ("Began at nineteen, daily for four years; two longer stretches without.",
                    "After surgery pills were easy to get; later bought. One overdose, two years ago."),
        MOOD: ("Third episode; the first after leaving home. Each followed a loss.",
               "Anxious since school; worse since the move and a new manager."),
        EATING: ("Began with a diet for sports at sixteen; two remissions, the longest of three years.",
                 "Comes and goes with stress; secret for a long time."),
    },
    "prior_treatment": ("Weekly therapy for about a year; helpful, not enough in the last months.",
                        "One hospital stay of six days; went home with an appointment that was weeks away.",
                        "An evening group two years ago, left early because of shifts.",
                        "None before; family doctor prescribed and advised more help."),
    "substance_use": {
        SUBSTANCE: ("Last use four days ago. No seizures, no confusion in earlier withdrawals; slept badly.",
                    "Daily until last week, tapering with the doctor. Smokes half a pack."),
        MOOD: ("Wine at weekends, no other substances. Coffee until evening.", "None. Vapes now and then."),
        EATING: ("None. Diet pills last year, not since.", "A glass with friends; no other substances."),
    },
    "medical": ("Healthy by own account; saw the family doctor this spring. Sleeps five hours.",
                "High blood pressure, treated. Knee pain after long standing.",
                "Asthma with an inhaler as needed; no hospital for it.",
                "Migraine twice a month. Labs asked for from the family doctor."),
    "family": ("Close to a sister; father drank. Mother treated for depression.",
               "Raised by grandparents, warm. An uncle died by suicide.",
               "Parents separated; speaks with both. No known illness of the mind."),
    "social": ("Two friends who know. Evenings are the hard hours; money is tight but steady.",
               "Lives quietly; stopped choir, misses it. Bills are paid late.",
               "Three close friends, a dog, many canceled plans."),
    "education_work": ("Finished high school; works full time, supervisor knows of treatment.",
                       "Community college, left a term short; part-time in a store.",
                       "In school, behind in two subjects; a counselor there helps."),
    "legal": ("Asked, nothing pending.", "Asked, nothing now; a citation three years ago.",
              "Probation for a year, monthly meeting; wants attendance letters only with a signed release."),
    "housing": ("Rented apartment, safe, alone.", "With family, room of their own; nobody drinks at home.",
                "Sober house with six others, steady for three months."),
    "supports": ("A sister may be told everything; the employer nothing.",
                 "Partner comes to the family evening; a neighbor drives when needed.",
                 "A sponsor, a church, one old friend."),
    "strengths": ("Shows up for others; funny, exact, good with hands.",
                  "Has stopped before and remembers how. Cooks, gardens.",
                  "Reads people well; keeps promises to the children."),
    "preferences": ("Evenings only; prefers to be asked before being called on in group.",
                    "Wants plain words and written steps. No prayer in group, please.",
                    "Needs breaks because of back pain; likes to draw while listening."),
    "mental_status": ("Neat, on time, looks tired. Speech clear, mood low, thinking ordered. Oriented. Insight fair.",
                      "Restless, friendly, speaks fast but follows. Mood anxious. No odd perceptions. Judgment fair."),
    "formulation": {
        SUBSTANCE: ("Use quiets evenings that were never safe; losses keep it going, children pull the other way.",
                    "Drinking covers worry and feeds it. First evenings with a plan, then what it has covered."),
        MOOD: ("Withdrawal keeps the mood low, the mood keeps the withdrawal. First sleep and one contact a day.",
               "Fear of being a burden keeps help away. First let two people in, then look at the fear."),
        EATING: ("Rules about food hold worry at bay and grow by being kept. First regular meals with others.",),
    },
}  # fmt: skip

GROUNDS: Variants = (
    "Told and seen in the interview; no sign that the evening hours would not be enough.",
    "Gets in the way on most days; can be worked on in groups and with the therapist.",
    "Steady now. To be asked about at each weekly meeting.",
    "Manages at home with the support there is; needs several contacts a week.",
)
READY: Variants = (
    "Wants to begin this week; rides are settled.", "Has doubts about groups and agrees to try two weeks.",
    "Prefers evenings; the employer agrees.",
)  # fmt: skip
MEDICATIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    SUBSTANCE: (("Naltrexone 50 mg", "once a day", "craving"),
                ("Buprenorphine/naloxone 8/2 mg", "once a day", "opioid use"),
                ("Trazodone 50 mg", "at night", "sleep"), ("Lisinopril 10 mg", "once a day", "blood pressure")),
    MOOD: (("Sertraline 100 mg", "once a day", "low mood"), ("Escitalopram 10 mg", "once a day", "worry"),
           ("Hydroxyzine 25 mg", "when needed", "anxiety"), ("Levothyroxine 50 mcg", "once a day", "thyroid")),
    EATING: (("Fluoxetine 60 mg", "once a day", "bingeing"), ("Multivitamin", "once a day", "")),
}  # fmt: skip
ALLERGIES: tuple[tuple[str, str], ...] = (
    ("Penicillin", "hives as a child"), ("Latex", "rash"), ("Peanuts", "throat swelling, carries epinephrine"),
    ("Sulfa antibiotics", "rash"),
)  # fmt: skip

NO_RISK = {
    "suicide": "Asked directly: no thoughts, no plan, no earlier attempt.",
    "violence": "Asked: no thoughts of hurting others; feels safe at home.",
    "protective": "Children, a sister to call, wants treatment.",
}
ELEVATED = {
    "suicide": "Thoughts on bad evenings, last week; no plan, no intent. One attempt nine years ago.",
    "violence": "Asked: none; feels safe at home.",
    "means": "No firearms at home. Tablets are with the partner since last week.",
    "protective": "Came by own wish, looks after a dog, partner at home in the evening.",
    "action": "Safety plan written together today, partner knows; asked again at each session this week.",
}
PLANS: tuple[dict[str, str], ...] = (
    {
        "warning_signs": "I stop answering messages. I lie awake after three.",
        "own_steps": "Walk the dog. Cold water on my face. Music from when I was young.",
        "places_and_people": "The library, my sister's kitchen.",
        "people_to_ask": "My sister, then my neighbor. Numbers are in my phone under A.",
        "professionals": "My therapist and the clinic by day. 988 by call or text at any time, 911 in danger.",
        "safer_surroundings": "Tablets are with my partner; one day at a time is handed out. No firearms, asked.",
        "reasons_to_live": "My dog, my niece, the garden in May.",
    },
    {
        "warning_signs": "Everything goes quiet inside. I say that I am fine.",
        "own_steps": "Breathe with the app, shower, write two lines.",
        "places_and_people": "The coffee place on the corner, choir practice on Wednesdays.",
        "people_to_ask": "My partner. Then the friend I grew up with.",
        "professionals": "The clinic by day, 988 at night, 911 when I am in danger.",
        "safer_surroundings": "My brother keeps the rifle, locked. Old medicines went back to the pharmacy.",
        "reasons_to_live": "My children. To see the sea once more.",
    },
)  # fmt: skip
GOALS: Variants = (
    "Sleep through three nights. Come on all my days.", "Say it when I want to leave, before I leave.",
    "Eat lunch with the others.", "No drink until Friday, then we will see.", "Call my sister once this week.",
)  # fmt: skip


def kind_of_trouble(code: str) -> str:
    """By the primary diagnosis."""
    return SUBSTANCE if code.startswith("F1") else EATING if code.startswith("F50") else MOOD


def assessment(dice: Dice, trouble: str) -> dict[str, str]:
    """A text for each section."""
    texts = {}
    for key, variants in SECTIONS.items():
        chosen = variants[trouble] if isinstance(variants, dict) else variants
        texts[key] = dice.pick(chosen)
    return texts
