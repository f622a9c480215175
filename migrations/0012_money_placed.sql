-- Money that finds its place: payments at the provider that go back to their payer, cases whose money is on its way, payouts that are
-- known by name when they reach the bank, and lines of the bank that a posting settled.

CREATE TABLE provider_returns (            -- a payment that belongs to no pledge goes back to where it came from; two people decided it
    id TEXT NOT NULL PRIMARY KEY,
    subject_id TEXT NOT NULL,              -- of the case: its money stands in suspense under this id
    intent_id TEXT NOT NULL,               -- the provider's payment
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    state TEXT NOT NULL CHECK (state IN ('due', 'pending', 'succeeded', 'failed')),
    generation BIGINT NOT NULL,            -- of the key of the call
    provider_id TEXT UNIQUE,               -- of the provider's refund
    failure TEXT NOT NULL,                 -- the provider's word
    taken SMALLINT NOT NULL CHECK (taken IN (0, 1)),                      -- whether it has left the provider's balance
    created_at TEXT NOT NULL,
    finished_at TEXT
);
CREATE UNIQUE INDEX provider_returns_one_living ON provider_returns (subject_id) WHERE state <> 'failed';
CREATE INDEX provider_returns_by_intent ON provider_returns (intent_id);

ALTER TABLE cases ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';          -- by which way its money is leaving; empty when it is not

ALTER TABLE provider_payouts ADD COLUMN trace_id TEXT NOT NULL DEFAULT '';  -- what the bank calls it; empty until it is known
ALTER TABLE provider_payouts ADD COLUMN line_id TEXT;                     -- the line of the statement that shows it
CREATE UNIQUE INDEX provider_payouts_by_line ON provider_payouts (line_id);

-- A list of words cannot be changed, so the table is made anew.
CREATE TABLE bank_lines_new (
    id TEXT NOT NULL PRIMARY KEY,
    statement_id TEXT NOT NULL REFERENCES bank_statements (id),
    key TEXT NOT NULL UNIQUE,              -- over all that tells it from others: statements that overlap bring it once
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    open_cents BIGINT NOT NULL CHECK (open_cents >= 0),                   -- what of it stands in suspense
    is_reversal SMALLINT NOT NULL CHECK (is_reversal IN (0, 1)),          -- the bank takes back an earlier booking
    is_return SMALLINT NOT NULL CHECK (is_return IN (0, 1)),              -- the receiver's bank sent it back
    booked_on TEXT NOT NULL,
    booked_at TEXT,                        -- the moment, where the bank tells it
    bank_reference TEXT NOT NULL,
    end_to_end_id TEXT NOT NULL,
    name TEXT NOT NULL,                    -- of the other side
    iban TEXT NOT NULL,
    reference TEXT NOT NULL,               -- a structured creditor reference
    remittance TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('matched', 'partial', 'open', 'returning', 'returned', 'written_off', 'posted',
        'reversed')),
    pledge_id TEXT REFERENCES pledges (id),
    created_at TEXT NOT NULL,
    CHECK (open_cents <= amount_cents),
    CHECK ((state IN ('partial', 'open', 'returning')) = (open_cents > 0))
);
INSERT INTO bank_lines_new (id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on, booked_at,
    bank_reference, end_to_end_id, name, iban, reference, remittance, state, pledge_id, created_at)
SELECT id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on, booked_at,
    bank_reference, end_to_end_id, name, iban, reference, remittance, state, pledge_id, created_at
FROM bank_lines;
DROP TABLE bank_lines;
ALTER TABLE bank_lines_new RENAME TO bank_lines;
CREATE INDEX bank_lines_by_state ON bank_lines (state, id);
CREATE INDEX bank_lines_by_statement ON bank_lines (statement_id, id);
CREATE INDEX bank_lines_by_pledge ON bank_lines (pledge_id);
CREATE INDEX bank_lines_by_end_to_end ON bank_lines (end_to_end_id, amount_cents);
CREATE INDEX bank_lines_by_bank_reference ON bank_lines (bank_reference, amount_cents);
