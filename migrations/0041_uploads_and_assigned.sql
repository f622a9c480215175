-- Files of the bank that somebody handed in on the page: checked at once, then booked by a job, portion by portion. How far the job is
-- is written in the transaction of each portion, so that one that was stopped goes on at the next payment and counts nothing twice.

CREATE TABLE bank_uploads (
    id TEXT NOT NULL PRIMARY KEY,          -- the bytes lie in the file store under it until all of it is booked
    file_name TEXT NOT NULL,
    uploaded_by TEXT NOT NULL REFERENCES users (id),
    uploaded_at TEXT NOT NULL,
    rows_total BIGINT NOT NULL,            -- payments in the file
    rows_done BIGINT NOT NULL,             -- how many of them, from the first on, were booked or passed over
    heads_done BIGINT NOT NULL,            -- how many of its statements were begun
    statements BIGINT NOT NULL,            -- what came of it, as the command line tells it
    known_statements BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    known_lines BIGINT NOT NULL,
    matched BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    finished_at TEXT,                      -- null while it is being booked
    CHECK (rows_done >= 0 AND rows_done <= rows_total)
);
CREATE INDEX bank_uploads_by_person ON bank_uploads (uploaded_by, uploaded_at);

-- Who of the team looks after a case; null: nobody in particular.
ALTER TABLE cases ADD COLUMN assigned_to TEXT REFERENCES users (id);

-- To whom things are assigned by a deed that assigns; empty for the others.
ALTER TABLE bulk_runs ADD COLUMN target TEXT NOT NULL DEFAULT '';
