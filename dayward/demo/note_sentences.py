"""What stands in the notes of sessions, in our own words. A note is put together from three lists, so that no two
people of one session, and no two notes of one person in a row, say the same."""

from __future__ import annotations

from dayward.demo.sentences import Variants

#: What a group did: for everybody, without a name.
WORK: Variants = (
    "Topic of today: {topic}. Members gave an example from their own week; the leader gathered what was common.",
    "{topic}: ten minutes of input, then practice in pairs and what came of it in the round.",
    "Round with high and low of the week. {topic} came up twice and became the work of the hour.",
    "{topic}. Written exercise, read out by those who wanted, feedback by the others.",
    "Role play on {topic}; roles were changed once. Each said what they would take home.",
    "{topic}: homework of the last time first, then one situation worked through on the board.",
    "Open round; the group asked for {topic}. Body exercise at the end.",
)
TAUGHT: Variants = (
    "{topic}: what is known, in plain words, with a sheet to take along. Questions in the second half.",
    "Workshop on {topic}: short talk, three stations, each filled in an own sheet.",
    "{topic}. Film of six minutes, then what fits the own life and what does not.",
    "{topic} step by step on the board; everybody wrote the first step for the coming week.",
)

SAID: Variants = (
    "Told of a quarrel on the weekend and what came before it.",
    "Said the evenings alone are the hardest part of the day.",
    "Brought the log and read two lines from it.",
    "Was quiet at first and spoke after the break.",
    "Asked others how they get through the first hour at home.",
    "Said “I wanted to leave and I stayed.”",
    "Told that the supervisor had been kind, and that this was harder than anger.",
    "Described waking at four and what helped.",
    "Named the thought behind the urge before being asked.",
    "Said “My father would have laughed at this.”",
    "Spoke of a letter that lies unopened on the table.",
    "Showed the plan for Friday evening.",
    "Had called a friend, for the first time since spring.",
    "Cried for a short time and wanted to go on.",
    "Wondered whether this is worth it, and came anyway.",
    "Told of a good hour with the children, without a screen.",
    "Said the medicine makes the mornings slow.",
    "Described the bus ride as the first thing that went wrong that day.",
    "Talked about the empty room of a son who moved out.",
    "Was angry about a remark of last time and said so.",
    "Had slept six hours and looked like it.",
    "Said “It is quieter in my head on the days I come here.”",
    "Compared this week with the same week last year.",
    "Told how the neighbor found the bottles, and laughed and was ashamed.",
)
DID: Variants = (
    "Took feedback without explaining it away.",
    "Gave another member room and a good question.",
    "Tried the exercise twice and noticed where the shoulders go.",
    "Put the example on the board and found the turn in it.",
    "Practiced the sentence for saying no until it sounded like own words.",
    "Worked with pen and paper, little talk.",
    "Checked the facts and found one that had been a guess.",
    "Made the step smaller until it could be done tonight.",
    "Held eye contact during the role play.",
    "Wrote down three signs and who may ask about them.",
    "Asked for help with the form from the court.",
    "Used the breathing before answering.",
    "Saw the link between skipped lunch and the evening.",
    "Stayed with the feeling for the agreed two minutes.",
    "Said what would help at home, in one sentence.",
    "Rated the tension at seven and later at four.",
    "Named what was done well this week, with some effort.",
    "Found two arguments against the own rule.",
    "Disagreed with the leader and stayed in the talk.",
    "Listened, and summed up the hour at the end.",
)
MOVED: Variants = (
    "One step further than last time: it was done outside, not only here.",
    "No change against last week; the step stays.",
    "Tension went down by half with the skill, on three of seven days.",
    "A slip on Saturday, told the next day.",
    "The log is full for the first time.",
    "Sleep is better, appetite is not yet.",
    "What stands in the way is the shift plan.",
    "Two contacts outside the program this week.",
    "Mornings are on time on four days of five.",
    "Avoided the store again; the list is begun anew with an easier place.",
    "The sentence was used with the brother, and it worked.",
    "Interest is back for short times: music, the dog.",
    "Went back to the old way after the call from home, and noticed.",
    "Four of five planned meals.",
    "The plan was shared with one person who helps.",
    "Less anger in the car by own account.",
    "Wants more than the step asks for; agreed to keep it small.",
    "Questionnaire down three points.",
)
HOMEWORK: Variants = (
    "Log each evening, two lines.",
    "One walk before noon.",
    "Call at nine on Thursday.",
    "Sheet, page two.",
    "Try the sentence once.",
    "Put the phone in the kitchen at ten.",
    "Three breaths before the door.",
    "",
)
TOPICS: Variants = (
    "The call with the sister, and what was not said in it.",
    "The first days back at work, hour by hour.",
    "Sleep, and the two hours before it.",
    "The rule that everything must be finished first.",
    "What happened before the last slip, minute by minute.",
    "How to tell the children.",
    "The anger at the father, and at oneself.",
    "The list of places that are avoided.",
    "Whether the days can get fewer, and what then.",
    "Money, and the letters on the table.",
    "The dream that comes back.",
    "Being seen by others, and eating with them.",
    "What a good Sunday would be.",
    "Grief for the friend who died.",
)
SINCE: Variants = (
    "Takes it as agreed, missed two evenings. Sleeps six hours.",
    "Tired until noon for the first days, less since.",
    "Mood a little lighter, drive not yet. Takes it each morning with breakfast.",
    "Stopped it for three days over nausea, began again.",
    "No urges since Thursday. Takes it with the phone's reminder.",
    "Sleeps through, dreams a lot. No doses missed.",
    "Worry is there, its grip is looser. Missed one dose.",
    "No change that could be told yet; ten days are short.",
)
SEEN: Variants = (
    "Blood pressure 128 over 80, pulse 74. Dry mouth, no tremor. Thinking ordered, no odd perceptions.",
    "Weight stable. Asked about sleep, appetite, sex, sweating: sweating at night. Calm, friendly.",
    "No side effects named when asked one by one. Speech livelier than last time.",
    "Slight tremor of the hands, told to be old. Asked about thoughts of suicide: none.",
    "Looks rested. Asked about side effects: headache in the first week, gone.",
    "Restless in the chair; coffee until evening. No plan or wish to die, asked directly.",
)
DECIDED: Variants = (
    "No change: time is what it needs.",
    "Keep dose and hour; coffee only until noon.",
    "Change as in the medication list.",
    "Stay with it, and look again before anything is added.",
    "Taken in the evening from now on, because of tiredness.",
)
NOT_YET = "The plan is not signed yet"
