-- How often something was done lately, and the shield against the testing of stolen cards.

CREATE TABLE request_counts (               -- one row per limit and whoever it counts; forgotten when its time is over
    name TEXT NOT NULL,                     -- the limit, see infra/limits.rs
    subject TEXT NOT NULL,                  -- a keyed hash of the network, address or account: the row tells nobody who it was
    count BIGINT NOT NULL,
    ends_at TEXT NOT NULL,                  -- then counting begins anew
    PRIMARY KEY (name, subject)
);
CREATE INDEX request_counts_by_end ON request_counts (ends_at);

CREATE TABLE card_shield (                  -- one row; each change of it is a row of state_changes
    id TEXT NOT NULL PRIMARY KEY CHECK (id = 'cards'),
    up_until TEXT NOT NULL,                 -- empty, or past: it is down
    reason TEXT NOT NULL
);
INSERT INTO card_shield (id, up_until, reason) VALUES ('cards', '', '');

CREATE INDEX provider_events_by_type ON provider_events (type, occurred_at);  -- failures of the last minutes are counted
