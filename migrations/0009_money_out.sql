-- Money that leaves: files for the bank, accounts of backers whose refund could not arrive, payouts to organisations.

CREATE TABLE transfer_batches (            -- a file of credit transfers: one proposes it, another approves it
    id TEXT NOT NULL PRIMARY KEY,          -- also the file's message id at the bank, without the underscore
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'sent', 'confirmed', 'withdrawn')),
    transfers BIGINT NOT NULL CHECK (transfers > 0),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    execution_day TEXT NOT NULL,           -- the day asked of the bank; empty until it is approved
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    approved_by TEXT REFERENCES users (id),
    approved_at TEXT,
    downloaded_at TEXT,                    -- first handed out; from then on it can no longer be withdrawn
    sent_by TEXT,                          -- a person, or the statement that showed a line of it
    sent_at TEXT,
    finished_at TEXT,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CHECK (state NOT IN ('approved', 'sent', 'confirmed') OR approved_by IS NOT NULL)
);
CREATE INDEX transfer_batches_by_state ON transfer_batches (state, proposed_at);

ALTER TABLE transfers ADD COLUMN project_id TEXT;          -- of a tranche: whose money it is in the books
ALTER TABLE transfers ADD COLUMN organisation_id TEXT;
ALTER TABLE transfers ADD COLUMN line_id TEXT;             -- the line of the statement that shows it
ALTER TABLE transfers ADD COLUMN return_line_id TEXT;      -- and the one by which it came back
ALTER TABLE transfers ADD COLUMN return_reason TEXT;       -- the bank's word

CREATE TABLE claims (                      -- the account a backer gave for a refund that could not arrive
    refund_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds (id),
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    asked_at TEXT NOT NULL,                -- when the backer was asked
    iban TEXT NOT NULL,                    -- empty until it is given, and again when the bank sent the money back
    holder TEXT NOT NULL,
    given_at TEXT,
    changes BIGINT NOT NULL,               -- how often an account was given; names the letter about it
    reminders BIGINT NOT NULL
);
CREATE INDEX claims_by_pledge ON claims (pledge_id);

CREATE TABLE organisation_accounts (       -- where an organisation wants its money; checked by two people
    id TEXT NOT NULL PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    iban TEXT NOT NULL,
    holder TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('entered', 'verified', 'replaced', 'withdrawn')),
    entered_by TEXT NOT NULL REFERENCES users (id),
    entered_at TEXT NOT NULL,
    usable_at TEXT NOT NULL,               -- a changed account waits three days, so that its owners can object
    verified_at TEXT
);
CREATE UNIQUE INDEX organisation_accounts_one_entered ON organisation_accounts (organisation_id) WHERE state = 'entered';
CREATE UNIQUE INDEX organisation_accounts_one_verified ON organisation_accounts (organisation_id) WHERE state = 'verified';

CREATE TABLE connected_accounts (          -- an organisation's own account at the payment provider
    organisation_id TEXT NOT NULL PRIMARY KEY REFERENCES organisations (id),
    provider_id TEXT UNIQUE,               -- null until the provider has answered
    state TEXT NOT NULL CHECK (state IN ('asked', 'incomplete', 'verified')),
    generation BIGINT NOT NULL,            -- of the key of the call that makes it
    created_at TEXT NOT NULL,
    checked_at TEXT
);

CREATE TABLE payable_totals (              -- what of an organisation's money is given out: the lock and the guard of every tranche
    project_id TEXT NOT NULL REFERENCES projects (id),
    organisation_id TEXT NOT NULL REFERENCES organisations (id),          -- to whom the books owe it
    payable_cents BIGINT NOT NULL CHECK (payable_cents >= 0),             -- all that ever became payable
    given_cents BIGINT NOT NULL CHECK (given_cents >= 0),                 -- in tranches that are not withdrawn or returned
    PRIMARY KEY (project_id, organisation_id),
    CHECK (given_cents <= payable_cents)
);

CREATE TABLE tranches (                    -- one payout to one organisation
    id TEXT NOT NULL PRIMARY KEY,
    decision_id TEXT NOT NULL,             -- tranches that were decided together
    project_id TEXT NOT NULL,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),          -- who gets it
    owed_to TEXT NOT NULL,                 -- the organisation to whom the books owe it
    kind TEXT NOT NULL CHECK (kind IN ('start', 'result')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'proposed', 'approved', 'sent', 'confirmed', 'returned', 'withdrawn')),
    way TEXT NOT NULL CHECK (way IN ('', 'bank', 'provider')),            -- empty until it is known how it goes
    provider_id TEXT UNIQUE,               -- of the transfer to a connected account
    generation BIGINT NOT NULL,            -- of its key
    waits_for TEXT NOT NULL,               -- why an approved one is not on its way; empty when it is
    planned_by TEXT NOT NULL REFERENCES users (id),
    created_at TEXT NOT NULL,
    sent_at TEXT,
    finished_at TEXT,
    FOREIGN KEY (project_id, owed_to) REFERENCES payable_totals (project_id, organisation_id)
);
CREATE INDEX tranches_by_decision ON tranches (decision_id);
CREATE INDEX tranches_by_organisation ON tranches (organisation_id, created_at);
CREATE INDEX tranches_by_project ON tranches (project_id, created_at);
CREATE INDEX tranches_by_state ON tranches (state, created_at);
