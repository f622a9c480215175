-- What the bank says: statements of the foundation's account, and each payment on them once.

CREATE TABLE bank_statements (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,              -- over account, the bank's own id and both balances: the same statement in another file is known
    file_hash TEXT NOT NULL,               -- of the document that brought it first
    file_name TEXT NOT NULL,
    message_id TEXT NOT NULL,
    statement_id TEXT NOT NULL,            -- the bank's
    number TEXT NOT NULL,                  -- the bank's; empty when it gives none
    iban TEXT NOT NULL,
    opened_on TEXT NOT NULL,               -- the days of both balances
    opening_cents BIGINT NOT NULL,         -- below zero when overdrawn
    closed_on TEXT NOT NULL,
    closing_cents BIGINT NOT NULL,
    lines BIGINT NOT NULL,                 -- payments on it, those included that an earlier statement had brought
    imported_by TEXT NOT NULL,             -- a person, or the command line
    begun_at TEXT NOT NULL,
    finished_at TEXT                       -- null while it is imported, or when that was interrupted: importing it again goes on
);
CREATE INDEX bank_statements_by_day ON bank_statements (iban, closed_on, begun_at);

CREATE TABLE bank_lines (                  -- a booked payment
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
    state TEXT NOT NULL CHECK (state IN ('matched', 'partial', 'open', 'returning', 'returned', 'written_off', 'reversed')),
    pledge_id TEXT REFERENCES pledges (id),
    created_at TEXT NOT NULL,
    CHECK (open_cents <= amount_cents),
    CHECK ((state IN ('partial', 'open', 'returning')) = (open_cents > 0))
);
CREATE INDEX bank_lines_by_state ON bank_lines (state, id);
CREATE INDEX bank_lines_by_statement ON bank_lines (statement_id, id);
CREATE INDEX bank_lines_by_pledge ON bank_lines (pledge_id);
CREATE INDEX bank_lines_by_end_to_end ON bank_lines (end_to_end_id, amount_cents);
CREATE INDEX bank_lines_by_bank_reference ON bank_lines (bank_reference, amount_cents);

INSERT INTO facts (name, value) VALUES ('bank_import', '');  -- the row that an import locks: one at a time

ALTER TABLE refunds ADD COLUMN by_bank SMALLINT NOT NULL DEFAULT 0 CHECK (by_bank IN (0, 1));  -- of a pledge paid by transfer: never asked of the provider
