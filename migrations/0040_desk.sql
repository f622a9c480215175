-- The desk of the platform's team: lists that somebody kept, and one deed done to many things.

-- A list as somebody wants to see it again: its address without the page.
CREATE TABLE staff_views (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    list TEXT NOT NULL,                    -- the end of the list's address: pledges, refunds ...
    name TEXT NOT NULL,                    -- as its owner calls it
    query TEXT NOT NULL,                   -- filters, order and columns, as in the address; empty: the list as it usually is
    created_at TEXT NOT NULL,
    UNIQUE (user_id, list, name)
);

-- One deed for many things: prepared, looked at, confirmed, and carried out by a job.
CREATE TABLE bulk_runs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                    -- a word of the program's list: what is done to each
    state TEXT NOT NULL CHECK (state IN ('prepared', 'running', 'done', 'dropped')),
    made_by TEXT NOT NULL REFERENCES users (id),
    made_at TEXT NOT NULL,
    reason TEXT NOT NULL,                  -- why; empty until it is confirmed
    started_at TEXT,
    ended_at TEXT
);
CREATE INDEX bulk_runs_by_maker ON bulk_runs (made_by, made_at);

CREATE TABLE bulk_lines (
    id TEXT NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES bulk_runs (id),
    position BIGINT NOT NULL,              -- from 1, in the order of the list
    subject_id TEXT NOT NULL,              -- the case, note or file
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused')),
    refusal TEXT NOT NULL,                 -- the key of the sentence why it was refused; empty otherwise
    UNIQUE (run_id, position),
    UNIQUE (run_id, subject_id)
);
CREATE INDEX bulk_lines_by_state ON bulk_lines (run_id, state, position);
