-- The audit log: the rows of state_changes are its entries. Beside changes of state it has what matters without being one (somebody
-- signed in, downloaded a list, was refused), and of each entry from where it came.

ALTER TABLE state_changes ADD COLUMN action TEXT NOT NULL DEFAULT 'changed'
    CHECK (action IN ('changed', 'signed_in', 'signed_out', 'factor_wrong', 'security', 'exported', 'viewed', 'refused'));
ALTER TABLE state_changes ADD COLUMN role TEXT NOT NULL DEFAULT '';       -- staff roles the actor had then, with commas
ALTER TABLE state_changes ADD COLUMN factor TEXT NOT NULL DEFAULT '';     -- the second factor given in the session; empty for jobs
ALTER TABLE state_changes ADD COLUMN network TEXT NOT NULL DEFAULT '';    -- of the team the address, of others its first half only
ALTER TABLE state_changes ADD COLUMN device TEXT NOT NULL DEFAULT '';     -- browser and system in plain words
ALTER TABLE state_changes ADD COLUMN request TEXT NOT NULL DEFAULT '';    -- the same for all entries of one request

CREATE TABLE audit_chain (                 -- the order of the entries: each link covers one entry and the link before
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    entry_id TEXT NOT NULL UNIQUE,         -- refers to nothing: an entry that was removed must be found, not hidden
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE audit_unsealed (              -- entries that wait for their link; written with them, emptied by the sealing
    entry_id TEXT NOT NULL PRIMARY KEY
);

INSERT INTO audit_unsealed (entry_id) SELECT id FROM state_changes;

INSERT INTO facts (name, value) VALUES ('audit_chain', '');               -- number and hash of the last link; locked by the sealing
