-- A project that is stopped after it was funded: what has not been paid out goes back to its backers, to each in proportion.

CREATE TABLE terminations (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL UNIQUE REFERENCES projects (id),
    hash TEXT NOT NULL,                    -- of the list that two people decided on
    reason TEXT NOT NULL,                  -- backers and owners read it
    start_cents BIGINT NOT NULL CHECK (start_cents >= 0),                 -- what goes back of the start money
    result_cents BIGINT NOT NULL CHECK (result_cents >= 0),               -- and of the result money
    proposed_by TEXT NOT NULL REFERENCES users (id),
    approved_by TEXT NOT NULL REFERENCES users (id),
    approved_at TEXT NOT NULL,
    finished_at TEXT,                      -- when the last line was carried out
    CHECK (approved_by <> proposed_by)
);

CREATE TABLE termination_lines (           -- frozen when approved: what each backer gets back
    termination_id TEXT NOT NULL REFERENCES terminations (id),
    pledge_id TEXT NOT NULL UNIQUE REFERENCES pledges (id),
    start_cents BIGINT NOT NULL CHECK (start_cents >= 0),
    result_cents BIGINT NOT NULL CHECK (result_cents >= 0),
    done_at TEXT,
    PRIMARY KEY (termination_id, pledge_id),
    CHECK (start_cents + result_cents > 0)
);
CREATE INDEX termination_lines_by_done ON termination_lines (termination_id, done_at, pledge_id);
