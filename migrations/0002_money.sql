-- Pledges, payments, refunds, the ledger and the closing of a round. All amounts are integer cents of euros.

CREATE TABLE pledge_totals (               -- one row per project: the lock and the guard of every reservation
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    cap_cents BIGINT NOT NULL CHECK (cap_cents > 0),                      -- the price of the whole impact value
    reserved_cents BIGINT NOT NULL CHECK (reserved_cents >= 0),
    processing_cents BIGINT NOT NULL CHECK (processing_cents >= 0),
    held_cents BIGINT NOT NULL CHECK (held_cents >= 0)
);

CREATE TABLE pledges (
    id TEXT NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,        -- what people read and type
    project_id TEXT NOT NULL REFERENCES projects (id),
    round_id TEXT NOT NULL REFERENCES rounds (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('gift', 'purchase')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    rikx_hundredths BIGINT NOT NULL CHECK (rikx_hundredths > 0),
    state TEXT NOT NULL CHECK (state IN ('reserved', 'processing', 'held', 'released', 'expired', 'refunding', 'refunded',
        'disputed')),
    anonymous SMALLINT NOT NULL CHECK (anonymous IN (0, 1)),
    updates SMALLINT NOT NULL CHECK (updates IN (0, 1)),
    name TEXT NOT NULL,                    -- as given; empty when not
    language TEXT NOT NULL CHECK (language IN ('nl', 'en')),
    company_name TEXT NOT NULL,
    kvk_number TEXT NOT NULL,
    contract_reference TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    request_key TEXT NOT NULL UNIQUE,      -- the form's one-time key or the caller's Idempotency-Key, hashed
    request_hash TEXT NOT NULL,            -- of what was asked with it
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,              -- of the reservation
    held_at TEXT,
    CHECK (kind = 'gift' OR company_name <> '')
);
CREATE INDEX pledges_by_project ON pledges (project_id, state, user_id);
CREATE INDEX pledges_by_round ON pledges (round_id, state, id);
CREATE INDEX pledges_by_user ON pledges (user_id, created_at);
CREATE INDEX pledges_by_expiry ON pledges (state, expires_at);

CREATE TABLE payments (
    id TEXT NOT NULL PRIMARY KEY,
    pledge_id TEXT NOT NULL UNIQUE REFERENCES pledges (id),
    method TEXT NOT NULL,                  -- a code of the table of methods
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('created', 'open', 'processing', 'succeeded', 'failed', 'expired')),
    generation BIGINT NOT NULL,            -- grows when a new call with a new key is needed
    session_id TEXT UNIQUE,                -- of the provider's checkout
    intent_id TEXT UNIQUE,                 -- of the provider's payment
    checkout_url TEXT NOT NULL,            -- empty until the session exists
    fee_cents BIGINT,                      -- null until the provider has told
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,              -- of the session
    succeeded_at TEXT
);
CREATE INDEX payments_by_state ON payments (state, created_at);

CREATE TABLE provider_events (             -- each webhook event once
    id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,              -- what our metadata on it says; may be empty
    occurred_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    processed_at TEXT,
    outcome TEXT NOT NULL
);

CREATE TABLE refunds (
    id TEXT NOT NULL PRIMARY KEY,
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    cause TEXT NOT NULL CHECK (cause IN ('round_failed', 'cancelled', 'late', 'withdrawn', 'terminated')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('due', 'requested', 'pending', 'succeeded', 'failed', 'unclaimed', 'paid_by_bank')),
    generation BIGINT NOT NULL,
    provider_id TEXT UNIQUE,
    failure TEXT NOT NULL,
    due_at TEXT NOT NULL,                  -- when the worker looks at it next
    lease_until TEXT NOT NULL,
    lease_token TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    UNIQUE (pledge_id, cause)
);
CREATE INDEX refunds_by_due ON refunds (state, due_at, id);
CREATE INDEX refunds_by_payment ON refunds (payment_id);

-- The ledger. The lines of a transaction are written first, its head last; the head's trigger refuses unless the lines sum
-- to zero, and a line whose transaction has its head is refused: so a transaction is whole, balanced and closed, or absent.
CREATE TABLE ledger_transactions (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    idem_key TEXT NOT NULL UNIQUE,
    occurred_at TEXT NOT NULL,             -- outside (the provider's moment)
    recorded_at TEXT NOT NULL,             -- here
    actor TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    reverses_id TEXT UNIQUE REFERENCES ledger_transactions (id)
);

CREATE TABLE ledger_entries (
    transaction_id TEXT NOT NULL REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED,
    position BIGINT NOT NULL,
    account TEXT NOT NULL,
    amount_cents BIGINT NOT NULL CHECK (amount_cents <> 0),               -- debit positive, credit negative
    pledge_id TEXT REFERENCES pledges (id),
    PRIMARY KEY (transaction_id, position)
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, pledge_id);
CREATE INDEX ledger_entries_by_pledge ON ledger_entries (pledge_id);

CREATE TABLE ledger_chain (                -- the order of the books: each link covers one transaction and the link before
    seq BIGINT NOT NULL PRIMARY KEY CHECK (seq > 0),
    transaction_id TEXT NOT NULL UNIQUE REFERENCES ledger_transactions (id),
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE ledger_unsealed (             -- transactions that wait for their link; written with them, emptied by the sealing
    transaction_id TEXT NOT NULL PRIMARY KEY REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED
);

INSERT INTO facts (name, value) VALUES ('ledger_chain', '');   -- the row that the sealing locks

CREATE TABLE ledger_balances (             -- a cache; several slots so that a busy account is not one row
    account TEXT NOT NULL,
    slot BIGINT NOT NULL,
    amount_cents BIGINT NOT NULL,
    PRIMARY KEY (account, slot)
);

CREATE TABLE settlements (                 -- the plan and execution of closing a round
    id TEXT NOT NULL PRIMARY KEY,
    round_id TEXT NOT NULL REFERENCES rounds (id),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'expired', 'executing', 'paused', 'done')),
    hash TEXT NOT NULL,                    -- over the canonical list of decisions and effects
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,              -- of the proposal
    approved_by TEXT REFERENCES users (id),
    approved_at TEXT,
    finished_at TEXT,
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CHECK (state IN ('proposed', 'expired') OR approved_by IS NOT NULL)
);
CREATE UNIQUE INDEX settlements_one_open ON settlements (round_id) WHERE state <> 'expired';

CREATE TABLE settlement_projects (         -- the decision on each project, frozen when approved
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    decision TEXT NOT NULL CHECK (decision IN ('funded', 'near_miss', 'failed')),
    threshold_cents BIGINT NOT NULL,
    held_cents BIGINT NOT NULL,
    start_cents BIGINT NOT NULL,
    result_cents BIGINT NOT NULL,
    refund_cents BIGINT NOT NULL,
    pledges BIGINT NOT NULL,
    backers BIGINT NOT NULL,
    PRIMARY KEY (settlement_id, project_id),
    CHECK (held_cents = start_cents + result_cents + refund_cents)
);
CREATE INDEX settlement_projects_by_project ON settlement_projects (project_id);

CREATE TABLE settlement_lines (            -- the effect on each pledge, frozen when approved
    settlement_id TEXT NOT NULL REFERENCES settlements (id),
    pledge_id TEXT NOT NULL UNIQUE REFERENCES pledges (id),    -- decided once, ever
    project_id TEXT NOT NULL REFERENCES projects (id),
    effect TEXT NOT NULL CHECK (effect IN ('release', 'refund')),
    amount_cents BIGINT NOT NULL,
    start_cents BIGINT NOT NULL,
    result_cents BIGINT NOT NULL,
    done_at TEXT,
    fault TEXT NOT NULL,                   -- why the job had to leave it aside; empty when it did not
    PRIMARY KEY (settlement_id, pledge_id),
    CHECK (amount_cents = start_cents + result_cents OR (effect = 'refund' AND start_cents = 0 AND result_cents = 0))
);
CREATE INDEX settlement_lines_by_state ON settlement_lines (settlement_id, done_at, project_id, pledge_id);
