-- How the start money of a project goes out: at once, or in parts that each wait for a day or for what its organisation reports.

CREATE TABLE payout_plans (                -- suggested by the organisation or a treasurer, fixed by two treasurers
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    state TEXT NOT NULL CHECK (state IN ('drafted', 'proposed', 'fixed', 'replaced', 'withdrawn')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),                -- what it divides: all that was payable and not given out
    written_by TEXT NOT NULL REFERENCES users (id),
    written_at TEXT NOT NULL,
    fixed_at TEXT
);
CREATE UNIQUE INDEX payout_plans_one_fixed ON payout_plans (project_id) WHERE state = 'fixed';
CREATE UNIQUE INDEX payout_plans_one_open ON payout_plans (project_id) WHERE state IN ('drafted', 'proposed');

CREATE TABLE payout_parts (
    plan_id TEXT NOT NULL REFERENCES payout_plans (id),
    position BIGINT NOT NULL,
    label_nl TEXT NOT NULL,                -- what it is for, or what must be reached
    label_en TEXT NOT NULL,
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    waits_for TEXT NOT NULL CHECK (waits_for IN ('start', 'day', 'milestone')),
    day TEXT NOT NULL,                     -- empty unless it waits for a day
    reported_at TEXT,                      -- when its organisation said that it is reached
    reported_by TEXT REFERENCES users (id),
    report TEXT NOT NULL,                  -- in its words
    update_number BIGINT,                  -- of the update that tells more
    decision_id TEXT,                      -- the tranches that were proposed for it last
    PRIMARY KEY (plan_id, position),
    CHECK (waits_for <> 'day' OR day <> '')
);
CREATE INDEX payout_parts_by_decision ON payout_parts (decision_id);
