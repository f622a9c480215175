-- What owners tell: progress updates, promises, measured outcomes. Counts only, never people.

CREATE TABLE updates (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    number BIGINT NOT NULL,                -- per project, from 1
    state TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    title_nl TEXT NOT NULL,                -- at least one language is filled in
    title_en TEXT NOT NULL,
    body_nl TEXT NOT NULL,                 -- Markdown
    body_en TEXT NOT NULL,
    picture_id TEXT,
    picture_alt TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    publish_at TEXT,                       -- ten minutes after the owner pressed the button: until then it can be undone
    published_at TEXT,
    UNIQUE (project_id, number)
);
CREATE INDEX updates_by_state ON updates (state, publish_at);

CREATE TABLE indicators (
    code TEXT NOT NULL PRIMARY KEY,
    scheme TEXT NOT NULL,                  -- IRIS+, SDG, LADDER, OWN …
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit_nl TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    additive SMALLINT NOT NULL CHECK (additive IN (0, 1)),
    counts_people SMALLINT NOT NULL DEFAULT 1 CHECK (counts_people IN (0, 1))  -- 0: meals, workshops, events; small counts may be shown
);

CREATE TABLE promises (
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    position BIGINT NOT NULL,
    indicator TEXT NOT NULL REFERENCES indicators (code),
    baseline BIGINT NOT NULL,
    target BIGINT NOT NULL CHECK (target > 0),
    due_day TEXT NOT NULL,
    share_percent BIGINT NOT NULL CHECK (share_percent BETWEEN 0 AND 100),
    UNIQUE (project_id, indicator)
);

CREATE TABLE waves (                       -- a moment of measuring
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL CHECK (kind IN ('intake', 'interim', 'end', 'follow_up_6', 'follow_up_12')),
    measured_on TEXT NOT NULL,             -- a day
    note_nl TEXT NOT NULL,
    note_en TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    UNIQUE (project_id, kind, measured_on)
);

CREATE TABLE observations (
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    count BIGINT NOT NULL CHECK (count >= 0),
    PRIMARY KEY (wave_id, indicator)
);
