-- Plans: what a maker hands in for a round, what reviewers say of it, and how it stood each time it was handed in. A plan is a
-- project that is not public yet; here stands what only belongs to its way there.

ALTER TABLE projects ADD COLUMN hidden SMALLINT NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));  -- 1: withdrawn before it was ever public

CREATE TABLE plans (
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    minimum_cents BIGINT NOT NULL CHECK (minimum_cents > 0),          -- asked for at least; the threshold follows from it
    full_cents BIGINT NOT NULL CHECK (full_cents >= minimum_cents),   -- asked for in full; the impact value follows from it
    latitude TEXT NOT NULL,                -- decimal degrees (WGS 84), five decimals; empty: no point on the map
    longitude TEXT NOT NULL,
    CHECK ((latitude = '') = (longitude = ''))
);

CREATE TABLE co_funding (                  -- money from elsewhere, beside the Rikx
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,                    -- an organisation
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('asked', 'promised', 'received')),
    PRIMARY KEY (project_id, position)
);

CREATE TABLE risks (
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    risk_nl TEXT NOT NULL,
    risk_en TEXT NOT NULL,
    measure_nl TEXT NOT NULL,              -- what is done about it
    measure_en TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
);

CREATE TABLE team_functions (              -- functions, never people
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
);

CREATE TABLE plan_versions (               -- the whole plan as it was handed in; never changed afterwards
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,                -- per project, from 1
    content TEXT NOT NULL,                 -- JSON
    submitted_by TEXT NOT NULL REFERENCES users (id),
    submitted_at TEXT NOT NULL,
    UNIQUE (project_id, number)
);

CREATE TABLE plan_comments (               -- what a reviewer says of a part of a version
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    version BIGINT NOT NULL,
    field TEXT NOT NULL,                   -- a word of the program's list of fields
    text TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    written_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('written', 'open', 'done')),
    answer TEXT NOT NULL,                  -- of the owner; may be empty
    answered_by TEXT REFERENCES users (id),
    answered_at TEXT
);
CREATE INDEX plan_comments_by_project ON plan_comments (project_id, written_at);
