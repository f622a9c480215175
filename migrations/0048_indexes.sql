-- INDEXES.md says of every index which question it answers. Those that answered none, or the same as another, go; what was looked up
-- in many rows without one gets one; and where nearly every row has nothing in the column, only the others are in the index, as these
-- two tables are written with every pledge.

DROP INDEX settlement_lines_by_pledge;             -- UNIQUE (pledge_id) finds the same
DROP INDEX termination_lines_by_pledge;            -- as above
DROP INDEX match_give_backs_by_fund;               -- a handful, always read whole
DROP INDEX update_answers_by_coalition;            -- nobody asks by coalition
DROP INDEX provider_returns_by_intent;             -- nobody asks by payment intent

DROP INDEX pledges_by_raised;
CREATE INDEX pledges_by_raised ON pledges (raises_id) WHERE raises_id IS NOT NULL;

DROP INDEX payments_by_moved_from;
CREATE INDEX payments_by_moved_from ON payments (moved_from) WHERE moved_from IS NOT NULL;

-- Whoever comes for the first time is looked for among addresses that were left; with every new account.
CREATE INDEX address_changes_by_old_email ON address_changes (old_email, changed_at) WHERE state = 'changed';

-- The next refunds to ask for, in their order, when a round gives back thousands.
CREATE INDEX refunds_under_way ON refunds (due_at, id) WHERE state IN ('due', 'requested', 'pending') AND by_bank = 0;
