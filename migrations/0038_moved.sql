-- Result money that no result earned, by the rule that lets each backer choose: back, or to another project that sells.

ALTER TABLE releases ADD COLUMN choose_until TEXT;                        -- by that rule: from then on silence means back

CREATE TABLE release_choices (             -- what a backer chose for a line of a release; silence has no row
    pledge_id TEXT NOT NULL PRIMARY KEY REFERENCES pledges (id),
    release_id TEXT NOT NULL REFERENCES releases (id),
    choice TEXT NOT NULL CHECK (choice IN ('back', 'move')),
    project_id TEXT REFERENCES projects (id),                             -- where it is to go
    chosen_at TEXT NOT NULL,
    moved_id TEXT UNIQUE REFERENCES pledges (id),                         -- the pledge it became there; none when it could not go
    CHECK ((choice = 'move') = (project_id IS NOT NULL)),
    CHECK (moved_id IS NULL OR choice = 'move')
);
CREATE INDEX release_choices_by_release ON release_choices (release_id, chosen_at);

-- A pledge whose money came from another pledge: the payment that really came in, to which all of it would go back.
ALTER TABLE payments ADD COLUMN moved_from TEXT REFERENCES payments (id);
CREATE INDEX payments_by_moved_from ON payments (moved_from);
