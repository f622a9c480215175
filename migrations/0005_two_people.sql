-- What needs two people, what needs one to look at it, and money that leaves by bank.

CREATE TABLE proposals (                   -- one person proposes, another approves exactly that
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                    -- what is proposed: a word of the noun that carries it out
    subject_id TEXT NOT NULL,              -- what it is about
    content TEXT NOT NULL,                 -- all that would happen, in a canonical text
    hash TEXT NOT NULL,                    -- over kind, subject and content: the approval names it
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'withdrawn', 'expired')),
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id), -- who approved or withdrew
    decided_at TEXT,
    CHECK (state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> proposed_by))
);
CREATE UNIQUE INDEX proposals_one_open ON proposals (kind, subject_id) WHERE state = 'proposed';
CREATE INDEX proposals_by_state ON proposals (state, proposed_at);

CREATE TABLE cases (                       -- a difference, or money nobody can explain: a person must look
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,                    -- a word of the program's list
    subject_id TEXT NOT NULL,              -- the payment, bank line, balance transaction … it is about
    amount_cents BIGINT NOT NULL,          -- in question; zero when it is not about an amount
    detail TEXT NOT NULL,                  -- what the program saw, for the staff
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    debit TEXT NOT NULL,                   -- the posting that would settle it: accounts and amount; empty when the program knows none
    credit TEXT NOT NULL,
    posting_cents BIGINT NOT NULL CHECK (posting_cents >= 0),
    pledge_id TEXT REFERENCES pledges (id),
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT,                        -- a person, or the part of the program that saw it end
    reason TEXT NOT NULL,                  -- why it could be closed
    UNIQUE (kind, subject_id),
    CHECK (state = 'open' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL))
);
CREATE INDEX cases_by_state ON cases (state, opened_at);

CREATE TABLE transfers (                   -- money that leaves by bank: one credit transfer each
    id TEXT NOT NULL PRIMARY KEY,          -- also its end-to-end reference at the bank, without the underscore
    purpose TEXT NOT NULL CHECK (purpose IN ('refund', 'claim', 'return', 'tranche')),
    subject_id TEXT NOT NULL,              -- the refund, bank line or tranche that is paid
    iban TEXT NOT NULL,
    name TEXT NOT NULL,                    -- of the account's holder
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    remittance TEXT NOT NULL,              -- what the receiver reads, at most 140 characters
    state TEXT NOT NULL CHECK (state IN ('planned', 'batched', 'sent', 'confirmed', 'returned', 'cancelled')),
    batch_id TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT
);
CREATE UNIQUE INDEX transfers_one_living ON transfers (purpose, subject_id) WHERE state NOT IN ('returned', 'cancelled');
CREATE INDEX transfers_by_state ON transfers (state, created_at);
CREATE INDEX transfers_by_batch ON transfers (batch_id);
