-- Social return: what work and purchases count for by a region's table of building blocks, and statements for companies that bought Rikx.

CREATE TABLE credit_tables (               -- a version of a region's table, from a day on; once in use it is never changed
    id TEXT NOT NULL PRIMARY KEY,
    region TEXT NOT NULL,                  -- a short name: lower-case letters, digits, hyphens
    name_nl TEXT NOT NULL,                 -- of the region
    name_en TEXT NOT NULL,
    valid_from TEXT NOT NULL,              -- a day
    source TEXT NOT NULL,                  -- where the values stand
    example SMALLINT NOT NULL CHECK (example IN (0, 1)),   -- 1: shows how it works, not to be relied on
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_use')),
    created_at TEXT NOT NULL,
    UNIQUE (region, valid_from)
);

CREATE TABLE credit_blocks (
    table_id TEXT NOT NULL REFERENCES credit_tables (id),
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit TEXT NOT NULL CHECK (unit IN ('person_year', 'hour', 'invoice', 'once')),
    credit_cents BIGINT NOT NULL CHECK (credit_cents >= 0),      -- for one unit; 0 for an invoice
    percent BIGINT NOT NULL CHECK (percent BETWEEN 0 AND 1000),  -- of an invoice without VAT; 0 for others
    for_rikx SMALLINT NOT NULL CHECK (for_rikx IN (0, 1)),       -- 1: buying Rikx counts by this block
    PRIMARY KEY (table_id, code),
    CHECK ((unit = 'invoice' AND credit_cents = 0) OR (unit <> 'invoice' AND percent = 0 AND for_rikx = 0))
);

CREATE TABLE purchase_regions (            -- for which region's obligation a purchase counts, as its buyer said
    pledge_id TEXT NOT NULL PRIMARY KEY REFERENCES pledges (id),
    region TEXT NOT NULL,
    said_at TEXT NOT NULL
);

CREATE TABLE verified_projects (           -- projects whose results are settled for good: statements about them are final
    project_id TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    settled_at TEXT NOT NULL
);

CREATE TABLE statement_numbers (           -- the last number given per year; its row is locked before a number is taken
    year BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL CHECK (last >= 0)
);

CREATE TABLE credit_statements (           -- written once, never changed: what is no longer so is replaced by another
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('provisional', 'final', 'withdrawn')),
    year BIGINT NOT NULL,                  -- of its number, by Amsterdam's calendar
    seq BIGINT NOT NULL CHECK (seq > 0),   -- per year from 1, without gaps
    number TEXT NOT NULL UNIQUE,           -- what people read: SR2026-000001
    code TEXT NOT NULL UNIQUE,             -- stands on it; who has it can see whether it still holds
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    replaces_id TEXT UNIQUE REFERENCES credit_statements (id),
    kept_cents BIGINT NOT NULL CHECK (kept_cents >= 0),
    issued_at TEXT NOT NULL,
    facts TEXT NOT NULL,                   -- all that it says, as canonical JSON
    sha256 TEXT NOT NULL,                  -- of the facts
    forgotten_at TEXT,                     -- since then the company's name has left it
    UNIQUE (year, seq)
);
CREATE INDEX credit_statements_by_pledge ON credit_statements (pledge_id, issued_at);
