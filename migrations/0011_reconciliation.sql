-- Periodic work that staff can switch off, and the comparison of the books with the provider, the bank and the pages.

CREATE TABLE periodic_tasks (              -- one row per task of the program's list; made when a worker first looks
    name TEXT NOT NULL PRIMARY KEY,
    off_at TEXT,                           -- since when it is switched off; null while it is on
    due_at TEXT NOT NULL,                  -- when it runs next; only for tasks that run by the clock
    lease_until TEXT NOT NULL,             -- a worker runs it until then
    lease_token TEXT NOT NULL,
    failures BIGINT NOT NULL CHECK (failures >= 0),                       -- in a row
    ran_at TEXT,                           -- when it began the last time
    took_millis BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('', 'done', 'failed')),
    result TEXT NOT NULL                   -- what it did, or what went wrong
);

CREATE TABLE reconciliations (             -- one comparison of one day, one way
    id TEXT NOT NULL PRIMARY KEY,
    way TEXT NOT NULL CHECK (way IN ('provider', 'bank', 'totals')),
    day TEXT NOT NULL,                     -- in Amsterdam
    matched BIGINT NOT NULL CHECK (matched >= 0),                         -- how many lines agree, and their cents without sign
    matched_cents BIGINT NOT NULL CHECK (matched_cents >= 0),
    differing BIGINT NOT NULL CHECK (differing >= 0),
    differing_cents BIGINT NOT NULL CHECK (differing_cents >= 0),
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    started_by TEXT NOT NULL               -- a person, or the part of the program
);
CREATE INDEX reconciliations_by_way ON reconciliations (way, started_at);

-- The daily job that forgets what has ended is a periodic task from now on.
DELETE FROM jobs WHERE kind = 'users.forget';
