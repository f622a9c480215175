-- Valuation: a round's criteria, what experts give a project for them, the result of the meeting, and the owner's answer to a rejection.

CREATE TABLE valuation_criteria (
    round_id TEXT NOT NULL REFERENCES rounds (id),
    position BIGINT NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    guidance_nl TEXT NOT NULL,
    guidance_en TEXT NOT NULL,
    weight_percent BIGINT NOT NULL CHECK (weight_percent BETWEEN 1 AND 100),   -- of a round 100 together
    scale_least BIGINT NOT NULL,
    scale_most BIGINT NOT NULL,
    PRIMARY KEY (round_id, position),
    CHECK (scale_least < scale_most)
);

CREATE TABLE valuation_reviews (           -- an expert who values a project in a round
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    expert_id TEXT NOT NULL REFERENCES users (id),
    state TEXT NOT NULL CHECK (state IN ('assigned', 'open', 'handed_in', 'excluded', 'removed')),
    conflict_reason TEXT NOT NULL,         -- why excluded; empty otherwise
    assigned_by TEXT NOT NULL REFERENCES users (id),
    assigned_at TEXT NOT NULL,
    handed_in_at TEXT,
    UNIQUE (project_id, round_id, expert_id),
    CHECK (state <> 'handed_in' OR handed_in_at IS NOT NULL),
    CHECK (state <> 'excluded' OR conflict_reason <> '')
);
CREATE INDEX valuation_reviews_by_expert ON valuation_reviews (expert_id, state);

CREATE TABLE valuation_scores (            -- a draft until its review is handed in
    review_id TEXT NOT NULL REFERENCES valuation_reviews (id),
    position BIGINT NOT NULL,              -- of the criterion
    score BIGINT,                          -- null in a draft that leaves it open
    reason TEXT NOT NULL,
    PRIMARY KEY (review_id, position)
);

CREATE TABLE valuation_results (           -- what the meeting decided; it counts when a second person has confirmed it
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'withdrawn')),
    verdict TEXT NOT NULL CHECK (verdict IN ('listed', 'rejected')),
    impact_hundredths BIGINT NOT NULL,     -- zero of a rejection
    threshold_hundredths BIGINT NOT NULL,
    asked_impact_hundredths BIGINT NOT NULL,       -- what the owner had asked for
    asked_threshold_hundredths BIGINT NOT NULL,
    reason_nl TEXT NOT NULL,               -- the owner reads them
    reason_en TEXT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES users (id),
    recorded_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id), -- who confirmed or took it back
    decided_at TEXT,
    CHECK (verdict <> 'listed' OR (threshold_hundredths > 0 AND threshold_hundredths <= impact_hundredths)),
    CHECK (state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> recorded_by))
);
CREATE UNIQUE INDEX valuation_results_one_open ON valuation_results (project_id) WHERE state = 'proposed';
CREATE INDEX valuation_results_by_project ON valuation_results (project_id, recorded_at);

CREATE TABLE valuation_answers (           -- the owner's one answer to a rejection
    result_id TEXT NOT NULL PRIMARY KEY REFERENCES valuation_results (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    state TEXT NOT NULL CHECK (state IN ('given', 'upheld', 'reopened')),
    body TEXT NOT NULL,
    given_by TEXT NOT NULL REFERENCES users (id),
    given_at TEXT NOT NULL,
    reason_nl TEXT NOT NULL,               -- of the decision on it; empty until then
    reason_en TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TEXT,
    CHECK (state = 'given' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL))
);
CREATE INDEX valuation_answers_by_project ON valuation_answers (project_id, given_at);
