-- How often somebody gets the updates of projects: at once, gathered once a day or once a week, or not at all. Without a row it is at once.

CREATE TABLE mail_rhythms (                -- the choice for all projects together
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    rhythm TEXT NOT NULL CHECK (rhythm IN ('at_once', 'daily', 'weekly', 'off')),
    changed_at TEXT NOT NULL
);

-- the choice for one project; off is the end of the follow
ALTER TABLE follows ADD COLUMN rhythm TEXT NOT NULL DEFAULT 'general' CHECK (rhythm IN ('general', 'at_once', 'daily', 'weekly'));

CREATE TABLE digest_items (                -- an update that somebody hears of in a digest, instead of in a letter of its own
    update_id TEXT NOT NULL REFERENCES updates (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    gathered_for TEXT NOT NULL,            -- the cause of the digest (2026-11-27, 2026-W48) that tells it; empty: it waits
    created_at TEXT NOT NULL,
    PRIMARY KEY (update_id, user_id)
);
CREATE INDEX digest_items_by_digest ON digest_items (gathered_for, user_id);
CREATE INDEX digest_items_by_user ON digest_items (user_id);

-- The log of choices learns the new words. SQLite cannot add words to a check, so the table is written anew.
CREATE TABLE mail_choices_new (            -- only added to: what somebody chose about mail, and how
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    project_id TEXT REFERENCES projects (id),              -- null: for all projects
    choice TEXT NOT NULL CHECK (choice IN ('updates', 'reminder', 'rhythm')),
    from_wish TEXT NOT NULL CHECK (from_wish IN ('off', 'asked', 'on', 'general', 'at_once', 'daily', 'weekly')),
    to_wish TEXT NOT NULL CHECK (to_wish IN ('off', 'asked', 'on', 'general', 'at_once', 'daily', 'weekly')),
    way TEXT NOT NULL CHECK (way IN ('page', 'letter', 'pledge', 'account', 'unsubscribe', 'one_click', 'bounced', 'complained', 'undo')),
    text_hash TEXT NOT NULL,               -- of the words that were shown; empty when the program acted by itself
    at TEXT NOT NULL,
    act TEXT NOT NULL DEFAULT ''           -- what was changed with one press of a button, and is put back with one; empty in older rows
);
INSERT INTO mail_choices_new (id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at)
SELECT id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at FROM mail_choices;
DROP TABLE mail_choices;
ALTER TABLE mail_choices_new RENAME TO mail_choices;
CREATE INDEX mail_choices_by_user ON mail_choices (user_id, project_id, choice, id);
CREATE INDEX mail_choices_by_time ON mail_choices (at);
CREATE INDEX mail_choices_by_act ON mail_choices (act);
