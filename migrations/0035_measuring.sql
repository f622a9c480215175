-- What owners send to support their figures, what they write beside them, and by when somebody is asked something.

-- A file that supports a figure, or a whole wave. The bytes lie in the store of files under the id; when their time is over they go, and the row
-- stays: what was there, and its hash.
CREATE TABLE evidence (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL,               -- a code; empty: for the whole wave
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'picture')),
    title TEXT NOT NULL,                   -- what it shows, one line; empty once it had its time
    visibility TEXT NOT NULL CHECK (visibility IN ('staff', 'backers', 'public')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn', 'deleted')),
    sha256 TEXT NOT NULL,                  -- of the bytes that were kept
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    keep_until TEXT NOT NULL,              -- the last day on which the bytes are there
    added_by TEXT NOT NULL REFERENCES users (id),
    added_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id), -- of the team: who accepted or refused it
    decided_at TEXT,
    reason TEXT NOT NULL,                  -- why it was refused; its owner reads it
    frozen_at TEXT,                        -- a figure that was verified rests on it
    deleted_at TEXT
);
CREATE INDEX evidence_of_project ON evidence (project_id, wave_id);
CREATE INDEX evidence_by_state ON evidence (state, keep_until);

-- A wave's note is shown to the public once somebody of the team looked at it.
ALTER TABLE waves ADD COLUMN note_review TEXT NOT NULL DEFAULT 'waiting' CHECK (note_review IN ('waiting', 'shown', 'refused'));
ALTER TABLE waves ADD COLUMN note_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE waves ADD COLUMN note_decided_by TEXT;
ALTER TABLE waves ADD COLUMN note_decided_at TEXT;
CREATE INDEX waves_by_note ON waves (note_review);
