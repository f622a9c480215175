-- What a person may ask of us: every choice about mail with the words that were shown, leaving for good, and papers without their names.

ALTER TABLE users ADD COLUMN signed_in_at TEXT NOT NULL DEFAULT ''; -- when the last session began; empty: the address was only typed
UPDATE users SET signed_in_at = created_at;
ALTER TABLE users ADD COLUMN erased_at TEXT; -- the person left: name and address are gone, the id stays for the books

CREATE TABLE mail_choices (                -- only added to: what somebody chose about mail, and how
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    choice TEXT NOT NULL CHECK (choice IN ('updates', 'reminder')),
    from_wish TEXT NOT NULL CHECK (from_wish IN ('off', 'asked', 'on')),
    to_wish TEXT NOT NULL CHECK (to_wish IN ('off', 'asked', 'on')),
    way TEXT NOT NULL CHECK (way IN ('page', 'letter', 'pledge', 'account', 'unsubscribe', 'one_click', 'bounced')),
    text_hash TEXT NOT NULL,               -- of the words that were shown; empty when the program acted by itself
    at TEXT NOT NULL
);
CREATE INDEX mail_choices_by_user ON mail_choices (user_id, project_id, choice, id);
CREATE INDEX mail_choices_by_time ON mail_choices (at);

CREATE TABLE mail_choice_texts (           -- each version of those words once
    hash TEXT NOT NULL PRIMARY KEY,
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    words TEXT NOT NULL
);

CREATE TABLE erasures (                    -- somebody asked to be erased; three days later it is done, unless it was taken back
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    undo_hash TEXT NOT NULL,               -- of the link in the letter
    asked_at TEXT NOT NULL,
    due_at TEXT NOT NULL,                  -- from then on it is carried out
    undone_at TEXT,                        -- taken back by the person
    done_at TEXT,
    CHECK (undone_at IS NULL OR done_at IS NULL)
);
CREATE UNIQUE INDEX erasures_one_open ON erasures (user_id) WHERE undone_at IS NULL AND done_at IS NULL;
CREATE INDEX erasures_by_undo ON erasures (undo_hash);

ALTER TABLE documents ADD COLUMN forgotten_at TEXT; -- the time to keep it is over: number and amounts stay, the receiver's name is gone
