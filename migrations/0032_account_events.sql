-- Two more things that an account tells of: wrong codes in a row, and an admin who ended all sessions. SQLite cannot add words to a
-- check, so the table is written anew.

CREATE TABLE account_events_new (          -- what changed in how somebody signs in; each is told by mail
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('new_device', 'passkey_added', 'passkey_removed', 'app_connected', 'app_removed',
        'recovered', 'address_changed', 'address_restored', 'codes_wrong', 'signed_out')),
    detail TEXT NOT NULL,                  -- the device, the name of the passkey, or empty
    at TEXT NOT NULL
);
INSERT INTO account_events_new (id, user_id, kind, detail, at) SELECT id, user_id, kind, detail, at FROM account_events;
DROP TABLE account_events;
ALTER TABLE account_events_new RENAME TO account_events;
CREATE INDEX account_events_by_user ON account_events (user_id, at);
