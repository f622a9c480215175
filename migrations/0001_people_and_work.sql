-- People, organisations, rounds and projects; the tables of the worker (jobs, letters).
-- Types are TEXT, BIGINT and SMALLINT only, so that one text serves SQLite and PostgreSQL. Moments are UTC text of fixed
-- width, days are 2026-10-03. Ids are made by the program. Words of a state stand in a CHECK and in the program's enum.

CREATE TABLE facts (                       -- single values of an installation (development clock, sending halted)
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (                       -- everybody with an address: backers, owners, staff
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,            -- lower case
    name TEXT NOT NULL,                    -- may be empty
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    created_at TEXT NOT NULL
);

CREATE TABLE staff_roles (
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('reviewer', 'expert', 'treasurer', 'admin')),
    granted_at TEXT NOT NULL,
    PRIMARY KEY (user_id, role)
);

CREATE TABLE authenticators (              -- the second factor: a time-based code (RFC 6238)
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id),
    secret TEXT NOT NULL,                  -- base32
    confirmed_at TEXT,                     -- null until the first code was right
    last_step BIGINT NOT NULL,             -- the last time step used: a code works once
    wrong_codes BIGINT NOT NULL,           -- wrong codes in a row; after the fifth nothing is looked at for a while
    wrong_at TEXT NOT NULL                 -- when the last of them came; empty when there is none
);

CREATE TABLE sign_in_requests (            -- a code and a link sent by mail, used once, bound to the browser that asked
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'enrol')),
    code_hash TEXT NOT NULL,
    link_hash TEXT NOT NULL UNIQUE,
    browser_hash TEXT NOT NULL,            -- of the cookie of the browser that asked; empty for an enrolment
    attempts BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
);
CREATE INDEX sign_in_requests_by_email ON sign_in_requests (email, created_at);
CREATE INDEX sign_in_requests_by_browser ON sign_in_requests (browser_hash, expires_at);

CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    fresh_until TEXT NOT NULL              -- until then the second factor counts as fresh; equal to created_at: never given
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE organisations (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('maker', 'company', 'partner')),
    description_nl TEXT NOT NULL,
    description_en TEXT NOT NULL,
    area TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE memberships (
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor', 'bookkeeper')),
    created_at TEXT NOT NULL,
    PRIMARY KEY (organisation_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE coalitions (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('chain', 'learning')),
    description_nl TEXT NOT NULL,
    description_en TEXT NOT NULL,
    founder_id TEXT REFERENCES organisations (id)
);

CREATE TABLE coalition_partners (
    coalition_id TEXT NOT NULL REFERENCES coalitions (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (coalition_id, organisation_id)
);

CREATE TABLE coalition_steps (             -- the ordered steps of a chain, or the questions of a learning coalition
    coalition_id TEXT NOT NULL REFERENCES coalitions (id),
    position BIGINT NOT NULL,
    text_nl TEXT NOT NULL,
    text_en TEXT NOT NULL,
    PRIMARY KEY (coalition_id, position)
);

CREATE TABLE rounds (
    id TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'submissions', 'valuation', 'selling', 'closing', 'settled')),
    unit_price_eur BIGINT NOT NULL CHECK (unit_price_eur > 0),
    minimum_cents BIGINT NOT NULL CHECK (minimum_cents > 0),   -- the smallest pledge
    rule_nl TEXT NOT NULL,                 -- what happens with the money, published before selling
    rule_en TEXT NOT NULL,
    submissions_at TEXT NOT NULL,
    valuation_at TEXT NOT NULL,
    selling_at TEXT NOT NULL,
    closes_at TEXT NOT NULL,
    settled_at TEXT
);

CREATE TABLE projects (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    number BIGINT NOT NULL UNIQUE,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    coalition_id TEXT REFERENCES coalitions (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'in_valuation', 'listed', 'rejected', 'funded',
        'near_miss', 'failed', 'running', 'reporting', 'completed', 'withdrawn', 'terminated')),
    title_nl TEXT NOT NULL,
    title_en TEXT NOT NULL,
    aim_nl TEXT NOT NULL,
    aim_en TEXT NOT NULL,
    text_nl TEXT NOT NULL,                 -- Markdown
    text_en TEXT NOT NULL,
    target_group_nl TEXT NOT NULL,
    target_group_en TEXT NOT NULL,
    participants_target BIGINT NOT NULL CHECK (participants_target >= 0),
    impact_hundredths BIGINT NOT NULL CHECK (impact_hundredths > 0),      -- Rikx x 100
    threshold_hundredths BIGINT NOT NULL CHECK (threshold_hundredths > 0),
    start_day TEXT NOT NULL,
    months BIGINT NOT NULL CHECK (months > 0),
    contact TEXT NOT NULL,
    picture_id TEXT,                       -- a file
    picture_alt_nl TEXT NOT NULL,
    picture_alt_en TEXT NOT NULL,
    example SMALLINT NOT NULL CHECK (example IN (0, 1)),                  -- 1: a demo project with an assumed figure
    search_text TEXT NOT NULL,             -- folded by the program, both languages
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK (threshold_hundredths <= impact_hundredths)
);
CREATE INDEX projects_by_round ON projects (round_id, state);
CREATE INDEX projects_by_organisation ON projects (organisation_id);

CREATE TABLE project_partners (            -- organisations that carry a project out together; shares divide its payouts
    project_id TEXT NOT NULL REFERENCES projects (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    position BIGINT NOT NULL,
    share_percent BIGINT NOT NULL CHECK (share_percent BETWEEN 0 AND 100),  -- 0: takes part without a share
    PRIMARY KEY (project_id, organisation_id)
);
CREATE INDEX project_partners_by_organisation ON project_partners (organisation_id);

CREATE TABLE terms (                       -- the lists that staff edit: methods, sectors, themes, tags, areas, …
    kind TEXT NOT NULL CHECK (kind IN ('method', 'sector', 'theme', 'tag', 'area', 'track', 'function', 'legal_basis')),
    code TEXT NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (kind, code)
);

CREATE TABLE project_terms (
    project_id TEXT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (project_id, kind, code),
    FOREIGN KEY (kind, code) REFERENCES terms (kind, code)
);
CREATE INDEX project_terms_by_term ON project_terms (kind, code, project_id);

CREATE TABLE planning_steps (
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    text_nl TEXT NOT NULL,
    text_en TEXT NOT NULL,
    PRIMARY KEY (project_id, position)
);

CREATE TABLE budget_lines (
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    label_nl TEXT NOT NULL,
    label_en TEXT NOT NULL,
    minimum_cents BIGINT NOT NULL CHECK (minimum_cents >= 0),
    full_cents BIGINT NOT NULL CHECK (full_cents >= minimum_cents),
    PRIMARY KEY (project_id, position)
);

CREATE TABLE follows (                     -- who gets a project's updates by mail
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at TEXT NOT NULL,
    confirmed_at TEXT,                     -- null: asked for on the page, the link in the letter not yet used
    ended_at TEXT,                         -- unsubscribed
    UNIQUE (user_id, project_id)
);
CREATE INDEX follows_by_project ON follows (project_id, confirmed_at);

CREATE TABLE files (                       -- pictures, re-encoded; the bytes lie in the file store under the id
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    sha256 TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX files_by_project ON files (project_id);

CREATE TABLE state_changes (               -- who changed what, when, from which state to which, and why
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,                 -- the noun: round, project, pledge, payment, refund, settlement
    subject_id TEXT NOT NULL,
    from_state TEXT NOT NULL,              -- empty when it came into being
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,                   -- a user's id, or the part of the program that acted
    reason TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX state_changes_by_subject ON state_changes (subject_id, at);

CREATE TABLE jobs (                        -- follow-up work, written with what causes it; done means deleted
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,                 -- an id; the work reads the rest again
    due_at TEXT NOT NULL,
    lease_until TEXT NOT NULL,
    lease_token TEXT NOT NULL,
    generation BIGINT NOT NULL,            -- grows when the same work is asked for while it runs
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (kind, subject)
);
CREATE INDEX jobs_by_due ON jobs (due_at);

CREATE TABLE letters (                     -- the outbox of mail: one row per person and cause
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    cause_id TEXT NOT NULL,                -- the pledge, refund, update … that caused it
    user_id TEXT NOT NULL REFERENCES users (id),
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'skipped', 'failed')),
    bulk SMALLINT NOT NULL CHECK (bulk IN (0, 1)),         -- 1: one of thousands (an update), which a receipt never waits for
    due_at TEXT NOT NULL,
    lease_until TEXT NOT NULL,
    lease_token TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    secret TEXT NOT NULL,                  -- what only this letter says (a sign-in code); emptied when sent
    created_at TEXT NOT NULL,
    sent_at TEXT,
    UNIQUE (kind, cause_id, user_id)
);
CREATE INDEX letters_by_due ON letters (state, bulk, due_at, id);
CREATE INDEX letters_by_user ON letters (user_id, created_at);

CREATE TABLE rate_slots (                  -- a limiter shared by all processes of this database
    name TEXT NOT NULL PRIMARY KEY,
    next_at_micros BIGINT NOT NULL         -- the first moment that is still free
);
