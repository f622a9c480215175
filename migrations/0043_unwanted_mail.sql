-- A mail program told us that somebody called a letter unwanted. SQLite cannot add words to a check, so the table is written anew.

CREATE TABLE mail_choices_new (            -- only added to: what somebody chose about mail, and how
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    choice TEXT NOT NULL CHECK (choice IN ('updates', 'reminder')),
    from_wish TEXT NOT NULL CHECK (from_wish IN ('off', 'asked', 'on')),
    to_wish TEXT NOT NULL CHECK (to_wish IN ('off', 'asked', 'on')),
    way TEXT NOT NULL CHECK (way IN ('page', 'letter', 'pledge', 'account', 'unsubscribe', 'one_click', 'bounced', 'complained')),
    text_hash TEXT NOT NULL,               -- of the words that were shown; empty when the program acted by itself
    at TEXT NOT NULL
);
INSERT INTO mail_choices_new (id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at)
SELECT id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at FROM mail_choices;
DROP TABLE mail_choices;
ALTER TABLE mail_choices_new RENAME TO mail_choices;
CREATE INDEX mail_choices_by_user ON mail_choices (user_id, project_id, choice, id);
CREATE INDEX mail_choices_by_time ON mail_choices (at);
