-- Numbered papers: receipts, invoices, statements. And what must stand on them of the people and organisations they name.

CREATE TABLE document_numbers (            -- the last number given per kind and year; its row is locked before a number is taken
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL CHECK (last >= 0),
    PRIMARY KEY (kind, year)
);

CREATE TABLE documents (                   -- written once, never changed: a mistake is mended by another paper
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('gift_receipt', 'pro_forma', 'invoice', 'credit_note', 'withdrawal', 'yearly_statement')),
    year BIGINT NOT NULL,                  -- of its number, by Amsterdam's calendar
    seq BIGINT NOT NULL CHECK (seq > 0),   -- per kind and year from 1, without gaps
    number TEXT NOT NULL UNIQUE,           -- what people read: GR2026-000001
    user_id TEXT NOT NULL REFERENCES users (id),
    pledge_id TEXT REFERENCES pledges (id),            -- none for a yearly statement
    cause_id TEXT NOT NULL,                -- the payment, pledge or refund; for a statement person, year and version
    corrects_id TEXT REFERENCES documents (id),        -- the paper that this one takes back, whole or in part, or replaces
    amount_cents BIGINT NOT NULL,
    issued_at TEXT NOT NULL,
    facts TEXT NOT NULL,                   -- all that the paper says, as canonical JSON
    sha256 TEXT NOT NULL,                  -- of the facts
    UNIQUE (kind, year, seq),
    UNIQUE (kind, cause_id)
);
CREATE INDEX documents_by_pledge ON documents (pledge_id, issued_at);
CREATE INDEX documents_by_user ON documents (user_id, kind, issued_at);

ALTER TABLE organisations ADD COLUMN rsin TEXT NOT NULL DEFAULT '';          -- nine digits, of a legal person
ALTER TABLE organisations ADD COLUMN anbi SMALLINT NOT NULL DEFAULT 0;       -- 1: the tax office lists it as a charity
ALTER TABLE organisations ADD COLUMN kvk_number TEXT NOT NULL DEFAULT '';    -- eight digits
ALTER TABLE organisations ADD COLUMN legal_form TEXT NOT NULL DEFAULT '';    -- as it stands in the trade register

ALTER TABLE pledges ADD COLUMN po_number TEXT NOT NULL DEFAULT '';           -- the buyer's own order number
ALTER TABLE pledges ADD COLUMN vat_id TEXT NOT NULL DEFAULT '';              -- the buyer's VAT identification number
