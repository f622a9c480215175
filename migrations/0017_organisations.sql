-- Organisations that register themselves and are confirmed by the team, invitations to join them, coalitions that are founded and
-- joined, and shares that every partner agreed on. What was there before counts as confirmed, joined and agreed.

ALTER TABLE organisations ADD COLUMN state TEXT NOT NULL DEFAULT 'confirmed'
    CHECK (state IN ('registered', 'returned', 'confirmed', 'withdrawn'));
ALTER TABLE organisations ADD COLUMN was_confirmed SMALLINT NOT NULL DEFAULT 1 CHECK (was_confirmed IN (0, 1)); -- 1: has a public page
ALTER TABLE organisations ADD COLUMN version BIGINT NOT NULL DEFAULT 1;       -- grows with every change: what was looked at is what is confirmed
ALTER TABLE organisations ADD COLUMN question TEXT NOT NULL DEFAULT '';       -- what the team wants to know; empty unless returned
ALTER TABLE organisations ADD COLUMN pso TEXT NOT NULL DEFAULT 'none'         -- step on the ladder of social enterprise (PSO)
    CHECK (pso IN ('none', 'aspirant', '1', '2', '3'));
ALTER TABLE organisations ADD COLUMN pso_until TEXT NOT NULL DEFAULT '';      -- the last day of its certificate
CREATE UNIQUE INDEX organisations_one_per_kvk ON organisations (kvk_number) WHERE kvk_number <> '' AND state <> 'withdrawn';

CREATE TABLE invitations (                 -- somebody is asked to join an organisation
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    email TEXT NOT NULL,                   -- lower case; only who signed in with it may accept
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'bookkeeper')),
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn')),
    token_hash TEXT NOT NULL UNIQUE,       -- of the secret in the letter's link
    invited_by TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decided_at TEXT
);
CREATE UNIQUE INDEX invitations_one_open ON invitations (organisation_id, email) WHERE state = 'open';

ALTER TABLE coalitions ADD COLUMN version BIGINT NOT NULL DEFAULT 1;          -- as of organisations
ALTER TABLE coalition_partners ADD COLUMN state TEXT NOT NULL DEFAULT 'member'
    CHECK (state IN ('invited', 'member', 'declined', 'left'));
ALTER TABLE coalition_partners ADD COLUMN asked BIGINT NOT NULL DEFAULT 1;    -- how often it was invited; names the letter
ALTER TABLE coalition_steps ADD COLUMN organisation_id TEXT REFERENCES organisations (id);     -- who does this step of a chain

ALTER TABLE project_partners ADD COLUMN agreed SMALLINT NOT NULL DEFAULT 1 CHECK (agreed IN (0, 1));
ALTER TABLE project_partners ADD COLUMN agreed_by TEXT REFERENCES users (id); -- of the partner's owners
ALTER TABLE project_partners ADD COLUMN agreed_at TEXT;
ALTER TABLE project_partners ADD COLUMN asked BIGINT NOT NULL DEFAULT 1;      -- how often a share was set; names the letter
