-- Outcomes in their shapes: distributions and means beside counts, what a project measures, and the checking of what was measured.

ALTER TABLE indicators ADD COLUMN shape TEXT NOT NULL DEFAULT 'count' CHECK (shape IN ('count', 'milestones', 'mean', 'ladder', 'grid'));
ALTER TABLE indicators ADD COLUMN family TEXT NOT NULL DEFAULT 'other' CHECK (family IN ('reach', 'training', 'outflow', 'ladder', 'grid', 'people',
    'planet', 'place', 'prosperity', 'milestones', 'other'));              -- what it stands with on pages and forms
ALTER TABLE indicators ADD COLUMN direction TEXT NOT NULL DEFAULT 'up' CHECK (direction IN ('up', 'down'));  -- down: less is better
ALTER TABLE indicators ADD COLUMN licence_nl TEXT NOT NULL DEFAULT '';     -- whose it is and how it may be used
ALTER TABLE indicators ADD COLUMN licence_en TEXT NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN sdg TEXT NOT NULL DEFAULT '';            -- targets of the Sustainable Development Goals: 8.5 8.6
ALTER TABLE indicators ADD COLUMN part_of TEXT NOT NULL DEFAULT '';        -- the indicator whose people these are among; empty for none
ALTER TABLE indicators ADD COLUMN retired_at TEXT;                         -- from then on nobody chooses it any more

ALTER TABLE promises ADD COLUMN floor_percent BIGINT NOT NULL DEFAULT 0 CHECK (floor_percent BETWEEN 0 AND 100);  -- less of the target gives nothing
ALTER TABLE promises ADD COLUMN cap_percent BIGINT NOT NULL DEFAULT 100 CHECK (cap_percent BETWEEN 1 AND 100);    -- of its share at most this

CREATE TABLE tracked (                     -- what a project measures beside what it promised
    project_id TEXT NOT NULL REFERENCES projects (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    PRIMARY KEY (project_id, indicator)
);

CREATE TABLE locations (                   -- where a project's places of work are, by name
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    UNIQUE (project_id, name)
);

-- observations.count is the value: whole for counts, milestones and grids (the sum of the cells), hundredths for means and ladders (the mean rung)
ALTER TABLE observations ADD COLUMN n BIGINT;                              -- how many people a mean or a ladder is of
ALTER TABLE observations ADD COLUMN fixed SMALLINT NOT NULL DEFAULT 0 CHECK (fixed IN (0, 1));  -- 1: handed in to be checked, changed by a correction only

CREATE TABLE observation_cells (           -- how the people of an observation are spread
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    cell_row TEXT NOT NULL,                -- ladder: 1 to 6; grid: the rung
    cell_col TEXT NOT NULL,                -- ladder: empty; grid: the kind of place
    location_id TEXT NOT NULL,             -- grid: which place; empty when it is not told
    count BIGINT NOT NULL CHECK (count >= 0),
    PRIMARY KEY (wave_id, indicator, cell_row, cell_col, location_id)
);

CREATE TABLE verifications (               -- a figure that is checked: what was declared, what was found
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    state TEXT NOT NULL CHECK (state IN ('open', 'asked', 'verified', 'disputed', 'corrected', 'withdrawn')),
    level TEXT NOT NULL CHECK (level IN ('', 'staff_checked', 'third_party')),
    declared BIGINT NOT NULL,              -- the figure as handed in; of a ladder the rungs gained
    verified BIGINT,                       -- what was found, in the same unit
    checker TEXT NOT NULL,                 -- the third party; empty otherwise
    reason TEXT NOT NULL,                  -- why it was corrected; empty for a first figure
    deadline_day TEXT NOT NULL,            -- by which the owner answers a question; empty without one
    handed_in_by TEXT NOT NULL REFERENCES users (id),
    handed_in_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TEXT,
    CHECK (state NOT IN ('verified', 'disputed') OR (verified IS NOT NULL AND level <> '' AND decided_by IS NOT NULL AND decided_at IS NOT NULL)),
    CHECK (level <> 'third_party' OR checker <> '')
);
CREATE UNIQUE INDEX verifications_one_living ON verifications (wave_id, indicator) WHERE state NOT IN ('corrected', 'withdrawn');
CREATE INDEX verifications_by_project ON verifications (project_id, handed_in_at);
CREATE INDEX verifications_by_state ON verifications (state, handed_in_at);

CREATE TABLE verification_messages (       -- what was asked, answered and remarked
    id TEXT NOT NULL PRIMARY KEY,
    verification_id TEXT NOT NULL REFERENCES verifications (id),
    kind TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'remark', 'dispute')),
    body TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    at TEXT NOT NULL
);
CREATE INDEX verification_messages_by_verification ON verification_messages (verification_id, at);
