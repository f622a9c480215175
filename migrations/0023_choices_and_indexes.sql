-- What a second look at the money found missing: a backer whose bank gave the money back while a near miss waits chooses too, the reason
-- of an extension stands in both languages, and what is looked up often has an index.

ALTER TABLE near_miss_pledges ADD COLUMN joined_at TEXT;                      -- after it was found: a dispute was won; empty: frozen with it

ALTER TABLE round_extensions ADD COLUMN reason_en TEXT NOT NULL DEFAULT '';   -- beside the Dutch one; empty in older rows

CREATE INDEX cases_by_subject ON cases (subject_id, state);
CREATE INDEX transfers_by_subject ON transfers (subject_id, created_at);
CREATE INDEX settlement_lines_by_pledge ON settlement_lines (pledge_id);
CREATE INDEX settlement_matches_by_match ON settlement_matches (match_id);
CREATE INDEX termination_lines_by_pledge ON termination_lines (pledge_id);
CREATE INDEX near_misses_by_decision ON near_misses (decision_id);
