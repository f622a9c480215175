-- Rounds by their dates: the one extension, the reminders before the close, and followers who want to be reminded.

CREATE TABLE round_extensions (            -- a round that closes later than it first said: once, by two people
    round_id TEXT NOT NULL PRIMARY KEY REFERENCES rounds (id),
    old_closes_at TEXT NOT NULL,
    closes_at TEXT NOT NULL,
    reason TEXT NOT NULL,                  -- everybody reads it
    proposed_by TEXT NOT NULL REFERENCES users (id),
    approved_by TEXT NOT NULL REFERENCES users (id),
    approved_at TEXT NOT NULL,
    CHECK (closes_at > old_closes_at),
    CHECK (approved_by <> proposed_by)
);

CREATE TABLE round_reminders (             -- the letters before this closing instant were queued
    round_id TEXT NOT NULL REFERENCES rounds (id),
    kind TEXT NOT NULL,                    -- of the letter
    closes_at TEXT NOT NULL,
    queued_at TEXT NOT NULL,
    PRIMARY KEY (round_id, kind, closes_at)
);

ALTER TABLE follows ADD COLUMN remind SMALLINT NOT NULL DEFAULT 0 CHECK (remind IN (0, 1));              -- 1: 48 hours before the close
ALTER TABLE follows ADD COLUMN remind_asked SMALLINT NOT NULL DEFAULT 0 CHECK (remind_asked IN (0, 1));  -- on the page, not confirmed
