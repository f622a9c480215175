-- The provider's side of the money: its balance line by line, disputes, warnings, payouts, and refunds that were not asked by us.

CREATE TABLE balance_transactions (        -- a mirror of the provider's balance transactions, each explained once
    id TEXT NOT NULL PRIMARY KEY,          -- the provider's
    type TEXT NOT NULL,                    -- the provider's word
    category TEXT NOT NULL,                -- the provider's reporting category
    amount_cents BIGINT NOT NULL,          -- negative when money leaves
    fee_cents BIGINT NOT NULL,
    net_cents BIGINT NOT NULL,
    currency TEXT NOT NULL,
    source_id TEXT NOT NULL,               -- charge, refund, dispute, payout, transfer; may be empty
    intent_id TEXT NOT NULL,               -- of the payment the source belongs to; may be empty
    our_id TEXT NOT NULL,                  -- from the source's metadata; may be empty
    created_at TEXT NOT NULL,
    available_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'available')),        -- in our books: moved to available or not yet
    matched_kind TEXT NOT NULL,            -- what of ours explains it; empty until something does
    matched_id TEXT NOT NULL,
    posting_key TEXT NOT NULL,             -- of the ledger transaction with its amount; empty when nothing is posted for it
    fee_key TEXT NOT NULL,                 -- of the ledger transaction with its fee, when that is another one
    posted_at TEXT,
    CHECK (net_cents = amount_cents - fee_cents)
);
CREATE INDEX balance_transactions_by_state ON balance_transactions (state, available_at);
CREATE INDEX balance_transactions_by_posting ON balance_transactions (posted_at, created_at);
CREATE INDEX balance_transactions_by_match ON balance_transactions (matched_kind, matched_id);

CREATE TABLE provider_payouts (            -- what the provider sends to the foundation's bank
    id TEXT NOT NULL PRIMARY KEY,          -- the provider's
    amount_cents BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_transit', 'paid', 'failed')),
    failure TEXT NOT NULL,
    created_at TEXT NOT NULL,
    arrives_at TEXT NOT NULL
);

CREATE TABLE disputes (                    -- somebody asked their bank to take a payment back
    id TEXT NOT NULL PRIMARY KEY,          -- the provider's
    payment_id TEXT NOT NULL REFERENCES payments (id),
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    fee_cents BIGINT NOT NULL CHECK (fee_cents >= 0),
    held_cents BIGINT NOT NULL CHECK (held_cents >= 0),                   -- what of the pledge was set aside when it was taken
    reason TEXT NOT NULL,                  -- the provider's word
    state TEXT NOT NULL CHECK (state IN ('warning', 'open', 'won', 'lost', 'closed')),
    opened_at TEXT NOT NULL,
    taken_at TEXT,                         -- the money left the balance
    returned_at TEXT,                      -- and came back
    settled_at TEXT,                       -- the books know how it ended
    changed_at TEXT NOT NULL
);
CREATE INDEX disputes_by_pledge ON disputes (pledge_id);
CREATE INDEX disputes_by_state ON disputes (state, opened_at);

CREATE TABLE fraud_warnings (              -- the card network warns before a dispute comes
    id TEXT NOT NULL PRIMARY KEY,          -- the provider's
    payment_id TEXT NOT NULL REFERENCES payments (id),
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    kind TEXT NOT NULL,                    -- the provider's word
    refunded SMALLINT NOT NULL CHECK (refunded IN (0, 1)),                -- whether it could still be refunded
    warned_at TEXT NOT NULL,
    noted_at TEXT NOT NULL
);

CREATE TABLE payment_blocks (              -- methods that a person can no longer use
    user_id TEXT NOT NULL REFERENCES users (id),
    method TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (user_id, method)
);

ALTER TABLE pledges ADD COLUMN returned_cents BIGINT NOT NULL DEFAULT 0 CHECK (returned_cents >= 0);

-- Refunds that were made by hand, for fraud, or that a dispute stopped. A list of words cannot be changed, so the table is made anew.
CREATE TABLE refunds_new (
    id TEXT NOT NULL PRIMARY KEY,
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    cause TEXT NOT NULL CHECK (cause IN ('round_failed', 'cancelled', 'late', 'withdrawn', 'terminated', 'fraud', 'by_hand',
        'disputed')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('due', 'requested', 'pending', 'succeeded', 'failed', 'unclaimed', 'paid_by_bank',
        'stopped')),
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
    pending_reason TEXT NOT NULL DEFAULT '',                              -- the provider's word for what it waits for
    taken SMALLINT NOT NULL DEFAULT 0 CHECK (taken IN (0, 1))             -- whether it has left the provider's balance
);
INSERT INTO refunds_new (id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, provider_id, failure,
    due_at, lease_until, lease_token, attempts, last_error, created_at, finished_at, taken)
SELECT id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, provider_id, failure,
    due_at, lease_until, lease_token, attempts, last_error, created_at, finished_at,
    CASE WHEN state IN ('pending', 'succeeded') THEN 1 ELSE 0 END
FROM refunds;
DROP TABLE refunds;
ALTER TABLE refunds_new RENAME TO refunds;
CREATE UNIQUE INDEX refunds_once ON refunds (pledge_id, cause) WHERE cause <> 'by_hand';
CREATE INDEX refunds_by_due ON refunds (state, due_at, id);
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_by_pledge ON refunds (pledge_id);

INSERT INTO facts (name, value) VALUES ('balance_sweep', '');            -- until when the balance was read; also the sweep's lock
INSERT INTO facts (name, value) VALUES ('event_sweep', '');              -- until when events were read
