-- A project close below its threshold at the close: owner and backers choose, and a second plan decides. And the withdrawal of a
-- project by its owner.

ALTER TABLE rounds ADD COLUMN near_miss_percent BIGINT NOT NULL DEFAULT 0     -- of the threshold; 0: there is no near miss
    CHECK (near_miss_percent BETWEEN 0 AND 99);

-- A round may be decided in more than one plan, one after the other: the near misses come later.
DROP INDEX settlements_one_open;
CREATE UNIQUE INDEX settlements_one_open ON settlements (round_id) WHERE state IN ('proposed', 'executing', 'paused');
CREATE INDEX settlements_by_round ON settlements (round_id, state);

ALTER TABLE pledges ADD COLUMN raises_id TEXT REFERENCES pledges (id);        -- the pledge of a near miss that this one adds to
CREATE INDEX pledges_by_raised ON pledges (raises_id);

CREATE TABLE project_extensions (          -- a near miss whose backers may add to their pledges until a moment
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    until_at TEXT NOT NULL
);

CREATE TABLE near_misses (                 -- found by an approved plan
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    settlement_id TEXT NOT NULL REFERENCES settlements (id),   -- that found it
    state TEXT NOT NULL CHECK (state IN ('asked', 'choosing', 'due', 'decided', 'withdrawn')),
    percent BIGINT NOT NULL CHECK (percent BETWEEN 1 AND 99),  -- of the threshold, that must be kept
    threshold_cents BIGINT NOT NULL,
    held_cents BIGINT NOT NULL,            -- when it was found
    pledges BIGINT NOT NULL,
    backers BIGINT NOT NULL,
    owner_until TEXT NOT NULL,             -- until then the owner may say how it goes on with less
    words_nl TEXT NOT NULL,                -- empty until it is said; one of the two may stay so
    words_en TEXT NOT NULL,
    said_by TEXT REFERENCES users (id),
    said_at TEXT,
    choose_until TEXT,                     -- until then backers may choose
    decision_id TEXT REFERENCES settlements (id),              -- that decided it
    CHECK (held_cents < threshold_cents),
    CHECK (state <> 'choosing' OR (said_at IS NOT NULL AND choose_until IS NOT NULL)),
    CHECK (state <> 'decided' OR decision_id IS NOT NULL)
);
CREATE INDEX near_misses_by_round ON near_misses (round_id, state);
CREATE INDEX near_misses_by_settlement ON near_misses (settlement_id);

CREATE TABLE near_miss_pledges (           -- frozen with it: each pledge that waits, and what its backer chose
    pledge_id TEXT NOT NULL PRIMARY KEY REFERENCES pledges (id),
    project_id TEXT NOT NULL REFERENCES near_misses (project_id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),     -- held when it was frozen
    choice TEXT NOT NULL CHECK (choice IN ('', 'keep', 'raise', 'withdraw')),     -- empty: silence, so it goes back
    chosen_at TEXT,
    asked_at TEXT,                         -- when the backer was written to
    reminded_at TEXT,
    CHECK (choice = '' OR chosen_at IS NOT NULL)
);
CREATE INDEX near_miss_pledges_by_project ON near_miss_pledges (project_id, choice);

CREATE TABLE withdrawals (                 -- a project that its owner took back before it was funded
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    reason TEXT NOT NULL,                  -- backers read it
    withdrawn_by TEXT NOT NULL REFERENCES users (id),
    withdrawn_at TEXT NOT NULL,
    finished_at TEXT                       -- when everything held was made due back
);
