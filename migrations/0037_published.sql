-- What the public sees of figures. Pages, the API, sums and exports read these rows and never the true counts.

CREATE TABLE checked_figures (             -- what somebody found who checked a figure
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    level TEXT NOT NULL CHECK (level IN ('staff_checked', 'third_party')),
    value BIGINT NOT NULL,                 -- in the scale of the indicator; of a ladder the rungs gained
    checked_on TEXT NOT NULL,              -- a day
    PRIMARY KEY (wave_id, indicator)
);
INSERT INTO checked_figures (wave_id, indicator, level, value, checked_on)
    SELECT wave_id, indicator, level, verified, SUBSTR(decided_at, 1, 10) FROM verifications WHERE state IN ('verified', 'disputed');

CREATE TABLE published_figures (           -- rewritten whenever a project's figures change
    project_id TEXT NOT NULL REFERENCES projects (id),
    wave_id TEXT NOT NULL REFERENCES waves (id),
    indicator TEXT NOT NULL REFERENCES indicators (code),
    cell_row TEXT NOT NULL,                -- empty: the figure itself; n: of how many people a mean is; mean: the average rung; a rung or band
    cell_col TEXT NOT NULL,                -- grid: the kind of place; mean: low or high, the ends of what is told
    state TEXT NOT NULL CHECK (state IN ('shown', 'small', 'withheld')),
    value BIGINT,                          -- rounded, in the scale of the indicator
    level TEXT NOT NULL CHECK (level IN ('declared', 'staff_checked', 'third_party')),
    checked_on TEXT NOT NULL,              -- a day; empty when nobody checked
    year TEXT NOT NULL,                    -- of the moment of measuring
    newest SMALLINT NOT NULL CHECK (newest IN (0, 1)),                  -- 1: no later moment has this figure
    newest_of_year SMALLINT NOT NULL CHECK (newest_of_year IN (0, 1)),  -- 1: no later moment of that year has it
    PRIMARY KEY (wave_id, indicator, cell_row, cell_col),
    CHECK ((state = 'shown') = (value IS NOT NULL))
);
CREATE INDEX published_figures_by_project ON published_figures (project_id);
CREATE INDEX published_figures_by_figure ON published_figures (cell_row, newest, indicator);

-- what was measured before is published by the worker
INSERT INTO jobs (id, kind, subject, due_at, lease_until, lease_token, generation, attempts, last_error, created_at)
    SELECT 'job_publish_' || project_id, 'outcomes.publish', project_id, '2026-01-01T00:00:00.000Z', '', '', 1, 0, '',
        '2026-01-01T00:00:00.000Z'
    FROM (SELECT DISTINCT project_id FROM waves) AS measured;

CREATE TABLE update_answers (              -- an update that tells what was learned about a question of a learning coalition
    update_id TEXT NOT NULL PRIMARY KEY REFERENCES updates (id),
    coalition_id TEXT NOT NULL REFERENCES coalitions (id),
    question_nl TEXT NOT NULL,             -- the question as it was asked then
    question_en TEXT NOT NULL
);
CREATE INDEX update_answers_by_coalition ON update_answers (coalition_id);
