-- A form that needs a fresh second factor waits here while its sender gives one; then it is offered to be sent once more.

CREATE TABLE kept_forms (
    session_id TEXT NOT NULL PRIMARY KEY,  -- of the browser that sent it: nobody else sees it, and the next one replaces it
    address TEXT NOT NULL,                 -- path and query that it was sent to
    fields TEXT NOT NULL,                  -- names and values, as JSON; taken out when it is offered, and too old after ten minutes
    kept_at TEXT NOT NULL
);
