"""What must be true of the rows, said in SQL from requirements 4.2 alone.

Written without `rules/table.py`: nothing here imports the table, the states or the services. Each question counts
rows that must not exist. `test_oracle.py` plants faults and shows that these questions find them.
"""

from __future__ import annotations

from django.db import connection

QUESTIONS: dict[str, str] = {
    # The log and the state agree.
    "a case is not in the state its last step led to": """
        SELECT c.id FROM journey_intakecase c
        WHERE c.state IS DISTINCT FROM (
            SELECT to_state FROM journey_transition t WHERE t.case_id = c.id ORDER BY id DESC LIMIT 1)""",
    "an episode is not in the state its last step led to": """
        SELECT e.id FROM journey_episode e
        WHERE e.state IS DISTINCT FROM (
            SELECT to_state FROM journey_transition t WHERE t.episode_id = e.id ORDER BY id DESC LIMIT 1)""",
    "a step does not begin where the one before ended": """
        SELECT id FROM (
            SELECT id, from_state, lag(to_state, 1, '') OVER (
                PARTITION BY coalesce(case_id, -1), coalesce(episode_id, -1), coalesce(aftercare_id, -1) ORDER BY id
            ) AS before FROM journey_transition) t
        WHERE from_state <> before""",
    "a step has no author": "SELECT id FROM journey_transition WHERE by = '' OR at IS NULL",
    # T1: an inquiry is written down with every case.
    "a case has no first contact": """
        SELECT c.id FROM journey_intakecase c LEFT JOIN journey_inquiry i ON i.case_id = c.id WHERE i.id IS NULL""",
    # T2, H: nobody leaves the inquiry for the screened state with a risk question unanswered.
    "somebody was screened with an open risk question": """
        SELECT s.id FROM journey_screening s
        JOIN journey_transition t ON t.case_id = s.case_id AND t.to_state = 'screened' AND t.from_state = 'inquiry'
        WHERE NOT coalesce(s.answers -> 'risk_self' ->> 'answer' IN ('yes', 'no', 'unsure')
               AND s.answers -> 'risk_others' ->> 'answer' IN ('yes', 'no', 'unsure')
               AND s.answers -> 'withdrawal' ->> 'answer' IN ('yes', 'no', 'unsure')
               AND s.answers -> 'medical' ->> 'answer' IN ('yes', 'no', 'unsure')
               AND s.answers -> 'needs_24h' ->> 'answer' IN ('yes', 'no', 'unsure'), false)""",
    "a case went past the inquiry without a screening": """
        SELECT t.id FROM journey_transition t LEFT JOIN journey_screening s ON s.case_id = t.case_id
        WHERE t.to_state IN ('screened', 'assessment_scheduled', 'assessed', 'level_decided', 'case_admitted')
          AND s.finished_at IS NULL""",
    # T3, T9, H: handed over means that somebody took over, for a reason.
    "somebody was sent on without a hand-off": """
        SELECT c.id FROM journey_intakecase c
        WHERE c.state IN ('referred_out', 'higher_level', 'lower_level')
          AND NOT EXISTS (SELECT 1 FROM journey_handoff h WHERE h.case_id = c.id AND h.contact_name <> '')""",
    "immediate danger was not answered before the case was closed": """
        SELECT c.id FROM journey_intakecase c JOIN journey_screening s ON s.case_id = c.id
        WHERE c.state IN ('referred_out', 'higher_level', 'lower_level', 'declined')
          AND 'yes' IN (s.answers -> 'risk_self' ->> 'answer', s.answers -> 'risk_others' ->> 'answer')
          AND NOT EXISTS (SELECT 1 FROM journey_handoff h WHERE h.case_id = c.id AND h.route = 'emergency')""",
    "a case was closed without a reason": """
        SELECT id FROM journey_transition WHERE reason = ''
          AND to_state IN ('referred_out', 'higher_level', 'lower_level', 'declined', 'withdrew', 'no_contact')""",
    # T5, T6: booked means a time; missed means that the time was before.
    "an assessment is booked without a time": """
        SELECT c.id FROM journey_intakecase c WHERE c.state = 'assessment_scheduled'
          AND NOT EXISTS (SELECT 1 FROM journey_assessmentslot s WHERE s.case_id = c.id AND s.status = 'booked')""",
    "an assessment was missed before its time": """
        SELECT t.id FROM journey_transition t WHERE t.to_state = 'assessment_missed'
          AND NOT EXISTS (SELECT 1 FROM journey_assessmentslot s
                          WHERE s.case_id = t.case_id AND s.status = 'missed' AND lower(s.during) < t.at)""",
    # T7-T9, T12: in this order.
    "somebody was admitted without a decided level": """
        SELECT t.id FROM journey_transition t WHERE t.to_state = 'case_admitted'
          AND NOT EXISTS (SELECT 1 FROM journey_transition d
                          WHERE d.case_id = t.case_id AND d.to_state = 'level_decided' AND d.id < t.id)""",
    "a level was decided without an assessment": """
        SELECT t.id FROM journey_transition t WHERE t.to_state = 'level_decided'
          AND NOT EXISTS (SELECT 1 FROM journey_transition d
                          WHERE d.case_id = t.case_id AND d.to_state = 'assessed' AND d.id < t.id)""",
    "a hard gate of admission was passed without its evidence": """
        SELECT t.id FROM journey_transition t WHERE t.to_state = 'case_admitted'
          AND NOT (coalesce((t.evidence ->> 'consent.treatment')::boolean, false)
               AND coalesce((t.evidence ->> 'consent.patient_notice')::boolean, false)
               AND coalesce((t.evidence ->> 'program.age_fits')::boolean, false)
               AND coalesce((t.evidence ->> 'level.is_this_program')::boolean, false))""",
    "somebody was admitted without telehealth consent and without a reason": """
        SELECT t.id FROM journey_transition t WHERE t.to_state = 'case_admitted' AND t.reason = ''
          AND NOT coalesce((t.evidence ->> 'consent.telehealth')::boolean, false)""",
    # T10: who waits is on a list; who does not wait is not.
    "somebody waits without an entry, or is listed without waiting": """
        SELECT c.id FROM journey_intakecase c
        WHERE (c.state IN ('waiting_to_assess', 'waitlisted'))
           <> EXISTS (SELECT 1 FROM journey_waitlistentry w WHERE w.case_id = c.id AND w.ended_at IS NULL)""",
    # T12: an admission and an episode belong together.
    "an admitted case has no episode": """
        SELECT c.id FROM journey_intakecase c LEFT JOIN journey_episode e ON e.case_id = c.id
        WHERE (c.state = 'case_admitted') <> (e.id IS NOT NULL)""",
    "an open episode has not exactly one open segment": """
        SELECT e.id FROM journey_episode e
        WHERE (e.ended_at IS NULL) <> (
            (SELECT count(*) FROM journey_segment s WHERE s.episode_id = e.id AND s.ends_on IS NULL) = 1)""",
    "segments of one episode overlap or leave a gap": """
        SELECT id FROM (
            SELECT id, starts_on, lag(ends_on) OVER (PARTITION BY episode_id ORDER BY starts_on, id) AS before,
                   row_number() OVER (PARTITION BY episode_id ORDER BY starts_on, id) AS number,
                   EXISTS (SELECT 1 FROM journey_reopening r WHERE r.segment_id = s.id) AS reopens
            FROM journey_segment s) s
        WHERE number > 1 AND before IS DISTINCT FROM starts_on
          AND NOT (reopens AND before IS NOT NULL AND before < starts_on)""",
    "two open episodes of one person in one program": """
        SELECT person_id FROM journey_episode WHERE ended_at IS NULL
        GROUP BY person_id, program_id HAVING count(*) > 1""",
    # T13: treatment starts with the first service, once.
    "treatment started without a service, or a service without a start": """
        SELECT e.id FROM journey_episode e
        WHERE (e.first_service_on IS NOT NULL) <> (
            SELECT count(*) FILTER (WHERE t.from_state = 'admitted' AND t.to_state = 'first_week')
                > count(*) FILTER (WHERE t.from_state = 'first_week' AND t.to_state = 'admitted')
            FROM journey_transition t WHERE t.episode_id = e.id)""",
    "never started, but a service was delivered": """
        SELECT id FROM journey_episode WHERE state = 'never_started' AND first_service_on IS NOT NULL""",
    # T15: at risk is a flag, not a state.
    "at risk is a state": "SELECT id FROM journey_transition WHERE to_state ILIKE '%risk%'",
    "a flag without a reason": "SELECT id FROM journey_episode WHERE at_risk_at IS NOT NULL AND at_risk_reason = ''",
    # T16: within the longest hold; on hold means an open hold.
    "a hold longer than the program allows": """
        SELECT h.id FROM journey_hold h JOIN journey_episode e ON e.id = h.episode_id
        WHERE h.expected_return - h.starts_on > (
            SELECT hold_max_days FROM catalog_programterms p WHERE p.program_id = e.program_id
            AND p.effective_from <= h.starts_on AND (p.effective_to IS NULL OR p.effective_to > h.starts_on))""",
    "on hold without a hold, or a hold without being on hold": """
        SELECT e.id FROM journey_episode e
        WHERE (e.state = 'on_hold')
           <> EXISTS (SELECT 1 FROM journey_hold h WHERE h.episode_id = e.id AND h.ended_on IS NULL)""",
    # T19, T22, T23: the end.
    "an episode ended without type, day or author": """
        SELECT id FROM journey_episode WHERE state = 'discharged'
          AND (discharge_type = '' OR effective_end IS NULL OR ended_at IS NULL OR ended_by_id IS NULL)""",
    "an administrative discharge nobody signed": """
        SELECT id FROM journey_episode WHERE discharge_type = 'ADMIN' AND director_signed_by_id IS NULL""",
    "a step-up before the receiving program accepted": """
        SELECT e.id FROM journey_episode e WHERE e.discharge_type = 'STEPUP'
          AND NOT EXISTS (SELECT 1 FROM journey_handoff h WHERE h.episode_id = e.id AND h.accepted)""",
    "lost contact, but not effective on the last day of service": """
        SELECT id FROM journey_episode WHERE discharge_type = 'LOST' AND last_service_on IS NOT NULL
          AND effective_end <> last_service_on""",
    # T24, T25: aftercare follows a discharge; alumni have their own consent.
    "aftercare of somebody who is still in treatment": """
        SELECT a.id FROM journey_aftercarecase a JOIN journey_episode e ON e.id = a.episode_id
        WHERE e.state <> 'discharged' AND a.state IN ('aftercare', 'alumni')""",
    # T14, W01-W04: a tick is one, and says what it has to.
    "fewer than two goals count as goals": """
        SELECT id FROM journey_weekoneitem WHERE kind = 'goals'
          AND (SELECT count(DISTINCT btrim(goal)) FROM regexp_split_to_table(text, E'\n') goal
               WHERE btrim(goal) <> '') < 2""",
    "a line of the first week is ticked twice": """
        SELECT episode_id FROM journey_weekoneitem WHERE withdrawn_at IS NULL
        GROUP BY episode_id, kind HAVING count(*) > 1""",
    "getting started was finished from somewhere else": """
        SELECT id FROM journey_transition WHERE key = 'finish_first_week'
          AND (from_state <> 'first_week' OR to_state <> 'active')""",
    # T18: less, of nothing more; with the criteria.
    "a step down with more days, hours or a higher level": """
        SELECT s.id FROM (
            SELECT s.id, s.episode_id, s.starts_on, s.level, s.days_per_week, s.prescribed_minutes,
                   lag(s.level) OVER w AS level_before, lag(s.days_per_week) OVER w AS days_before,
                   lag(s.prescribed_minutes) OVER w AS minutes_before, row_number() OVER w AS number
            FROM journey_segment s WINDOW w AS (PARTITION BY s.episode_id ORDER BY s.id)) s
        WHERE (SELECT array_agg(t.key ORDER BY t.id) FROM journey_transition t
               WHERE t.episode_id = s.episode_id AND t.key IN ('step_down', 'move_sideways', 'reopen'))[s.number - 1]
              = 'step_down'
          AND (s.days_per_week > s.days_before OR s.prescribed_minutes > s.minutes_before
               OR (s.level <> 'op' AND s.level_before = 'op'))""",
    "a step down without its criteria": """
        SELECT id FROM journey_transition WHERE key = 'step_down'
          AND NOT coalesce((evidence ->> 'step_down.criteria_met')::boolean, false)""",
    "a planned step counts as taken in somebody else's episode": """
        SELECT t.id FROM journey_taperstep t JOIN journey_segment s ON s.id = t.segment_id
        WHERE s.episode_id <> t.episode_id""",
    # T21, T22: an end that is fair, and planned only where it is planned.
    "an administrative discharge without a fair reason, or without how to appeal": """
        SELECT id FROM journey_episode WHERE discharge_type = 'ADMIN'
          AND (administrative_reason NOT IN ('rules', 'threats', 'attendance', 'payment', 'dealing')
               OR appeal_told_on IS NULL)""",
    "an appointment is settled without saying by whom, or open with an end": """
        SELECT id FROM journey_followupappointment
        WHERE (state IN ('attended', 'missed', 'cancelled')) <> (settled_at IS NOT NULL AND settled_by IS NOT NULL)""",
    # T24-T26: calls belong to their time; warning signs are answered; who is back is not followed.
    "a call after discharge without a discharge": """
        SELECT c.id FROM journey_aftercarecall c JOIN journey_episode e ON e.id = c.episode_id
        WHERE c.slot NOT IN ('day3', 'day7')
          AND (NOT EXISTS (SELECT 1 FROM journey_transition t WHERE t.episode_id = e.id AND t.to_state = 'discharged'
                           AND t.at <= c.made_at)
               OR NOT EXISTS (SELECT 1 FROM journey_aftercarecase a WHERE a.episode_id = e.id))""",
    "a warning sign that nobody answered": """
        SELECT id FROM journey_aftercarecall WHERE cardinality(warning_signs) > 0 AND handed_back = ''""",
    "a hand-back without a way back in": """
        SELECT c.id FROM journey_aftercarecall c JOIN journey_intakecase i ON i.id = c.case_id
        JOIN journey_episode e ON e.id = c.episode_id WHERE i.person_id <> e.person_id""",
    "somebody is back in treatment and still followed up": """
        SELECT a.id FROM journey_aftercarecase a JOIN journey_episode n ON n.previous_id = a.episode_id
        WHERE a.state IN ('aftercare', 'alumni')""",
    # T26: back soon, for the same reason, the payer allows it; the end that was undone is kept.
    "an episode went on without the end it had, or with one that did not happen": """
        SELECT e.id FROM journey_episode e
        WHERE (SELECT count(*) FROM journey_transition t WHERE t.episode_id = e.id AND t.from_state = 'discharged')
           <> (SELECT count(*) FROM journey_reopening r WHERE r.episode_id = e.id AND r.discharge_type <> '')""",
    "an episode went on without the payer's word, or for another reason": """
        SELECT r.id FROM journey_reopening r JOIN journey_payerword w ON w.id = r.payer_word_id
        WHERE w.answer NOT IN ('yes', 'none') OR NOT w.same_reason OR w.episode_id <> r.episode_id
           OR w.told_at < r.ended_at OR w.told_at > r.reopened_at""",
    "an episode went on later than the program allows": """
        SELECT r.id FROM journey_reopening r JOIN journey_episode e ON e.id = r.episode_id
        WHERE r.reopened_at::date - r.effective_end > 1 + coalesce((
            SELECT reopen_days FROM catalog_programterms p WHERE p.program_id = e.program_id
            AND p.effective_from <= r.reopened_at
            AND (p.effective_to IS NULL OR p.effective_to > r.reopened_at)), 0)""",
    "an episode went on without the consent to treatment": """
        SELECT id FROM journey_transition WHERE key = 'reopen'
          AND NOT coalesce((evidence ->> 'consent.treatment')::boolean, false)""",
    "alumni without their own consent": """
        SELECT id FROM journey_transition WHERE to_state = 'alumni'
          AND NOT coalesce((evidence ->> 'consent.alumni_contact')::boolean, false)""",
}


def wrong() -> list[str]:
    """The questions that find rows, in words."""
    found = []
    with connection.cursor() as cursor:
        for words, sql in QUESTIONS.items():
            cursor.execute(sql)
            if cursor.fetchone():
                found.append(words)
    return found
