-- Match funds: an organisation sets money aside that is added to pledges by a rule, within limits.

CREATE TABLE match_funds (                 -- the row is the lock and the guard of the fund's money
    id TEXT NOT NULL PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES rounds (id),
    giver_id TEXT NOT NULL REFERENCES organisations (id),
    name_nl TEXT NOT NULL CHECK (name_nl <> ''),
    name_en TEXT NOT NULL CHECK (name_en <> ''),
    ratio_percent BIGINT NOT NULL CHECK (ratio_percent BETWEEN 1 AND 1000),        -- of the pledge: 100 doubles
    most_per_pledge_cents BIGINT NOT NULL CHECK (most_per_pledge_cents > 0),
    most_per_project_percent BIGINT NOT NULL CHECK (most_per_project_percent BETWEEN 1 AND 100),  -- of the impact value
    least_backers BIGINT NOT NULL CHECK (least_backers >= 0),                      -- different people, before it begins
    starting_percent BIGINT NOT NULL CHECK (starting_percent BETWEEN 0 AND 100),   -- held of the threshold, before it begins
    state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'ended')),
    received_cents BIGINT NOT NULL CHECK (received_cents >= 0),                    -- all that came in
    used_cents BIGINT NOT NULL CHECK (used_cents >= 0),                            -- reserved for pledges, and released
    given_back_cents BIGINT NOT NULL CHECK (given_back_cents >= 0),                -- decided to go back to the giver
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    activated_at TEXT,
    ended_at TEXT,
    CHECK (used_cents + given_back_cents <= received_cents),
    CHECK (state <> 'active' OR activated_at IS NOT NULL)
);
CREATE INDEX match_funds_by_round ON match_funds (round_id, created_at);
CREATE INDEX match_funds_by_giver ON match_funds (giver_id);

CREATE TABLE match_fund_projects (         -- the projects a fund is for; none: all of its round
    fund_id TEXT NOT NULL REFERENCES match_funds (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    PRIMARY KEY (fund_id, project_id)
);

CREATE TABLE matches (                     -- what a fund added to a pledge
    id TEXT NOT NULL PRIMARY KEY,
    fund_id TEXT NOT NULL REFERENCES match_funds (id),
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    pledge_cents BIGINT NOT NULL CHECK (pledge_cents > 0),                         -- what counted of the pledge then
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    returned_cents BIGINT NOT NULL CHECK (returned_cents >= 0),                    -- what of it went back to the fund
    state TEXT NOT NULL CHECK (state IN ('reserved', 'released', 'returned')),
    created_at TEXT NOT NULL,
    ended_at TEXT,                         -- when it was released, or all of it was back
    CHECK (returned_cents <= amount_cents),
    CHECK ((state = 'returned') = (returned_cents = amount_cents))
);
CREATE UNIQUE INDEX matches_one_living ON matches (fund_id, pledge_id) WHERE state <> 'returned';
CREATE INDEX matches_by_pledge ON matches (pledge_id, state);
CREATE INDEX matches_by_project ON matches (project_id, fund_id, state);

CREATE TABLE match_give_backs (            -- what is left of an ended fund goes back to its giver; two people decided it
    id TEXT NOT NULL PRIMARY KEY,
    fund_id TEXT NOT NULL REFERENCES match_funds (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('planned', 'paid', 'returned')),
    created_at TEXT NOT NULL,
    finished_at TEXT
);
CREATE INDEX match_give_backs_by_fund ON match_give_backs (fund_id, created_at);

ALTER TABLE pledge_totals ADD COLUMN matched_cents BIGINT NOT NULL DEFAULT 0 CHECK (matched_cents >= 0);  -- reserved matches

-- A list of words cannot be changed, so the table is made anew: a transfer can give back money of a fund.
CREATE TABLE transfers_new (
    id TEXT NOT NULL PRIMARY KEY,          -- also its end-to-end reference at the bank, without the underscore
    purpose TEXT NOT NULL CHECK (purpose IN ('refund', 'claim', 'return', 'tranche', 'give_back')),
    subject_id TEXT NOT NULL,              -- the refund, bank line, tranche or give-back that is paid
    iban TEXT NOT NULL,
    name TEXT NOT NULL,                    -- of the account's holder
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    remittance TEXT NOT NULL,              -- what the receiver reads, at most 140 characters
    state TEXT NOT NULL CHECK (state IN ('planned', 'batched', 'sent', 'confirmed', 'returned', 'cancelled')),
    batch_id TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    project_id TEXT,                       -- of a tranche: whose money it is in the books
    organisation_id TEXT,
    line_id TEXT,                          -- the line of the bank's statement that shows it
    return_line_id TEXT,                   -- and the one by which it came back
    return_reason TEXT                     -- the bank's word
);
INSERT INTO transfers_new (id, purpose, subject_id, iban, name, amount_cents, remittance, state, batch_id, created_at, finished_at,
    project_id, organisation_id, line_id, return_line_id, return_reason)
SELECT id, purpose, subject_id, iban, name, amount_cents, remittance, state, batch_id, created_at, finished_at,
    project_id, organisation_id, line_id, return_line_id, return_reason
FROM transfers;
DROP TABLE transfers;
ALTER TABLE transfers_new RENAME TO transfers;
CREATE UNIQUE INDEX transfers_one_living ON transfers (purpose, subject_id) WHERE state NOT IN ('returned', 'cancelled');
CREATE INDEX transfers_by_state ON transfers (state, created_at);
CREATE INDEX transfers_by_batch ON transfers (batch_id);

-- The closing of a round counts matched money, and stopping a project gives it back: both lists name each match.
ALTER TABLE settlement_projects ADD COLUMN matched_cents BIGINT NOT NULL DEFAULT 0;         -- when it was decided
ALTER TABLE settlement_projects ADD COLUMN match_start_cents BIGINT NOT NULL DEFAULT 0;     -- of it: up to the threshold
ALTER TABLE settlement_projects ADD COLUMN match_result_cents BIGINT NOT NULL DEFAULT 0;    -- above it
ALTER TABLE settlement_projects ADD COLUMN match_return_cents BIGINT NOT NULL DEFAULT 0;    -- back to the funds

CREATE TABLE settlement_matches (          -- what becomes of each match, frozen with the line of its pledge
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    match_id TEXT NOT NULL REFERENCES matches (id),
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    effect TEXT NOT NULL CHECK (effect IN ('release', 'refund', 'consent')),           -- that of the pledge's line
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    start_cents BIGINT NOT NULL,
    result_cents BIGINT NOT NULL,
    PRIMARY KEY (settlement_id, match_id),
    CHECK (amount_cents = start_cents + result_cents OR (effect <> 'release' AND start_cents = 0 AND result_cents = 0))
);
CREATE INDEX settlement_matches_by_pledge ON settlement_matches (settlement_id, pledge_id);

ALTER TABLE terminations ADD COLUMN match_start_cents BIGINT NOT NULL DEFAULT 0;            -- what goes back to the funds
ALTER TABLE terminations ADD COLUMN match_result_cents BIGINT NOT NULL DEFAULT 0;

CREATE TABLE termination_matches (         -- frozen when approved: what each match gives back to its fund
    termination_id TEXT NOT NULL REFERENCES terminations (id),
    match_id TEXT NOT NULL UNIQUE REFERENCES matches (id),
    start_cents BIGINT NOT NULL CHECK (start_cents >= 0),
    result_cents BIGINT NOT NULL CHECK (result_cents >= 0),
    done_at TEXT,
    PRIMARY KEY (termination_id, match_id),
    CHECK (start_cents + result_cents > 0)
);
