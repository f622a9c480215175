-- Result money: what of the money above the threshold goes to a project for verified results, and what becomes of the rest.

-- The rule of the rest, published before a round sells.
ALTER TABLE rounds ADD COLUMN remainder_rule TEXT NOT NULL DEFAULT 'refund' CHECK (remainder_rule IN ('refund', 'choose',
    'match_fund'));
ALTER TABLE rounds ADD COLUMN remainder_fund_id TEXT;                     -- the match fund it goes to, by that rule
ALTER TABLE rounds ADD COLUMN late_days BIGINT NOT NULL DEFAULT 180 CHECK (late_days BETWEEN 0 AND 730);  -- days after the last due day in which results still count

CREATE TABLE releases (                    -- result money given out by a decision of two treasurers
    id TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    kind TEXT NOT NULL CHECK (kind IN ('interim', 'final')),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'done', 'withdrawn', 'expired')),
    hash TEXT NOT NULL,                    -- of the plan that two people decided on
    reason TEXT NOT NULL,                  -- owners and backers read it
    result_cents BIGINT NOT NULL CHECK (result_cents >= 0),               -- all result money that ever came
    amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),               -- released by this decision, the platform's fee included
    rule TEXT NOT NULL CHECK (rule IN ('refund', 'choose', 'match_fund')),            -- by which the rest goes on
    fund_id TEXT REFERENCES match_funds (id),                             -- where it goes by the last of these
    back_cents BIGINT NOT NULL CHECK (back_cents >= 0),                   -- of the rest: what backers gave
    match_cents BIGINT NOT NULL CHECK (match_cents >= 0),                 -- what match funds had added goes back to them
    stays_cents BIGINT NOT NULL CHECK (stays_cents >= 0),                 -- what belongs to nobody: of pledges that a bank took back
    proposed_by TEXT NOT NULL REFERENCES users (id),
    proposed_at TEXT NOT NULL,
    decided_by TEXT REFERENCES users (id),
    decided_at TEXT,
    told_to TEXT NOT NULL DEFAULT '',      -- the last backer whose letter was queued, in the order of their ids
    finished_at TEXT,
    CHECK (state NOT IN ('approved', 'done') OR (decided_by IS NOT NULL AND decided_by <> proposed_by)),
    CHECK (kind = 'final' OR (back_cents = 0 AND match_cents = 0 AND stays_cents = 0))
);
CREATE UNIQUE INDEX releases_one_open ON releases (project_id) WHERE state IN ('proposed', 'approved');
CREATE INDEX releases_by_project ON releases (project_id, proposed_at);

CREATE TABLE release_promises (            -- frozen when approved: what each promise earned
    release_id TEXT NOT NULL REFERENCES releases (id),
    promise_id TEXT NOT NULL REFERENCES promises (id),
    share_percent BIGINT NOT NULL,
    part_cents BIGINT NOT NULL CHECK (part_cents >= 0),                   -- its part of all result money
    target BIGINT NOT NULL,
    verified BIGINT,                       -- the figure that counted
    level TEXT NOT NULL,                   -- how it was verified; empty when it was not
    reached_points BIGINT NOT NULL CHECK (reached_points BETWEEN 0 AND 10000),        -- of the target, in hundredths of a percent, cut off
    why TEXT NOT NULL,                     -- why it is not simply what was reached; a word of the program
    due_cents BIGINT NOT NULL CHECK (due_cents >= 0),                     -- earned in all
    before_cents BIGINT NOT NULL CHECK (before_cents >= 0),               -- released for it earlier
    amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),               -- released for it now
    PRIMARY KEY (release_id, promise_id)
);

CREATE TABLE release_lines (               -- frozen when approved: what of the rest each pledge gets back
    release_id TEXT NOT NULL REFERENCES releases (id),
    pledge_id TEXT NOT NULL UNIQUE REFERENCES pledges (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    done_at TEXT,
    PRIMARY KEY (release_id, pledge_id)
);
CREATE INDEX release_lines_by_done ON release_lines (release_id, done_at, pledge_id);

CREATE TABLE release_matches (             -- the same for what match funds had added
    release_id TEXT NOT NULL REFERENCES releases (id),
    match_id TEXT NOT NULL UNIQUE REFERENCES matches (id),
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    done_at TEXT,
    PRIMARY KEY (release_id, match_id)
);

-- Refunds have one more cause. A list of words cannot be changed, so the table is made anew, and with it the one that refers to it.
CREATE TABLE refunds_new (
    id TEXT NOT NULL PRIMARY KEY,
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    project_id TEXT NOT NULL REFERENCES projects (id),
    cause TEXT NOT NULL CHECK (cause IN ('round_failed', 'cancelled', 'late', 'withdrawn', 'terminated', 'fraud', 'by_hand',
        'disputed', 'results')),
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
    taken SMALLINT NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)),            -- whether it has left the provider's balance
    by_bank SMALLINT NOT NULL DEFAULT 0 CHECK (by_bank IN (0, 1))         -- of a pledge paid by transfer: never asked of the provider
);
INSERT INTO refunds_new (id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, provider_id, failure,
    due_at, lease_until, lease_token, attempts, last_error, created_at, finished_at, pending_reason, taken, by_bank)
SELECT id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, provider_id, failure,
    due_at, lease_until, lease_token, attempts, last_error, created_at, finished_at, pending_reason, taken, by_bank
FROM refunds;

CREATE TABLE claims_new (                  -- the account a backer gave for a refund that could not arrive
    refund_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds_new (id),      -- the name follows the table's
    pledge_id TEXT NOT NULL REFERENCES pledges (id),
    asked_at TEXT NOT NULL,                -- when the backer was asked
    iban TEXT NOT NULL,                    -- empty until it is given, and again when the bank sent the money back
    holder TEXT NOT NULL,
    given_at TEXT,
    changes BIGINT NOT NULL,               -- how often an account was given; names the letter about it
    reminders BIGINT NOT NULL
);
INSERT INTO claims_new (refund_id, pledge_id, asked_at, iban, holder, given_at, changes, reminders)
SELECT refund_id, pledge_id, asked_at, iban, holder, given_at, changes, reminders FROM claims;

DROP TABLE claims;
DROP TABLE refunds;
ALTER TABLE refunds_new RENAME TO refunds;
ALTER TABLE claims_new RENAME TO claims;
CREATE UNIQUE INDEX refunds_once ON refunds (pledge_id, cause) WHERE cause <> 'by_hand';
CREATE INDEX refunds_by_due ON refunds (state, due_at, id);
CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE INDEX refunds_by_pledge ON refunds (pledge_id);
CREATE INDEX claims_by_pledge ON claims (pledge_id);
