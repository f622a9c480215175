-- A partner that does not carry a joint project out (any more): who said so, when and why. One row for each time it was asked and said
-- no; whether that still stands is known by `asked`: a share that was set anew is another question.

CREATE TABLE share_refusals (
    project_id TEXT NOT NULL REFERENCES projects (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    asked BIGINT NOT NULL,                 -- as in project_partners, when it was refused
    kind TEXT NOT NULL CHECK (kind IN ('refused', 'left')),   -- left: it had agreed before
    reason TEXT NOT NULL,                  -- empty when it left the whole coalition
    refused_by TEXT NOT NULL REFERENCES users (id),
    refused_at TEXT NOT NULL,
    PRIMARY KEY (project_id, organisation_id, asked)
);
