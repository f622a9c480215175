-- Signing in: where somebody is signed in and how they proved who they are, passkeys, what changed in an account, a new address.

ALTER TABLE users ADD COLUMN in_organisation SMALLINT NOT NULL DEFAULT 0; -- 1: member of an organisation, whose sessions end sooner
UPDATE users SET in_organisation = 1 WHERE id IN (SELECT user_id FROM memberships);

ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT ''; -- browser and system as the browser named them; empty when it named none
ALTER TABLE sessions ADD COLUMN factor TEXT NOT NULL DEFAULT 'none' CHECK (factor IN ('none', 'app', 'passkey'));
UPDATE sessions SET factor = 'app' WHERE fresh_until > created_at;

ALTER TABLE letters ADD COLUMN address TEXT NOT NULL DEFAULT ''; -- in place of the user's own: one they had, or want to have

CREATE TABLE known_devices (               -- browsers in which a person signed in before: a letter tells of a new one
    user_id TEXT NOT NULL REFERENCES users (id),
    device_hash TEXT NOT NULL,             -- of the cookie that stays in that browser
    seen_at TEXT NOT NULL,                 -- when it was last used to sign in
    PRIMARY KEY (user_id, device_hash)
);

CREATE TABLE sign_in_asks (                -- who asked for a letter lately, known here or not, for the limits
    id TEXT NOT NULL PRIMARY KEY,
    network TEXT NOT NULL,                 -- the address it came from; of IPv6 the first 64 bits; empty when it is not counted
    at TEXT NOT NULL
);
CREATE INDEX sign_in_asks_by_network ON sign_in_asks (network, at);
CREATE INDEX sign_in_asks_by_time ON sign_in_asks (at);

CREATE TABLE passkeys (                    -- a key of a device that stands for its owner (WebAuthn)
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,                    -- as its owner calls it
    credential_id TEXT NOT NULL UNIQUE,    -- base 64 for addresses
    credential TEXT NOT NULL,              -- public key and flags, in the JSON of the library
    uses BIGINT NOT NULL,                  -- the device's own counter; zero when it keeps none
    created_at TEXT NOT NULL,
    used_at TEXT NOT NULL
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);

CREATE TABLE passkey_questions (           -- a challenge that waits for its answer: one per session and purpose, answered once
    session_id TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('register', 'confirm')),
    question TEXT NOT NULL,                -- the challenge, and what the answer is held against, in the JSON of the library
    expires_at TEXT NOT NULL,
    PRIMARY KEY (session_id, purpose)
);

CREATE TABLE account_events (              -- what changed in how somebody signs in; each is told by mail
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('new_device', 'passkey_added', 'passkey_removed', 'app_connected', 'app_removed',
        'recovered', 'address_changed', 'address_restored')),
    detail TEXT NOT NULL,                  -- the device, the name of the passkey, or empty
    at TEXT NOT NULL
);
CREATE INDEX account_events_by_user ON account_events (user_id, at);

CREATE TABLE address_changes (             -- an account goes over to another address of mail
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    session_id TEXT NOT NULL,              -- the session in which it was asked: the code works there alone
    old_email TEXT NOT NULL,
    new_email TEXT NOT NULL,
    code_hash TEXT NOT NULL,               -- keyed; the code went to the new address
    attempts BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'changed', 'restored', 'replaced')),
    undo_hash TEXT NOT NULL,               -- of the link in the letter to the old address; empty until then
    asked_at TEXT NOT NULL,
    changed_at TEXT,
    CHECK (state = 'asked' OR state = 'replaced' OR changed_at IS NOT NULL)
);
CREATE INDEX address_changes_by_user ON address_changes (user_id, asked_at);
CREATE INDEX address_changes_by_undo ON address_changes (undo_hash);
