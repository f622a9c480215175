-- Indexes that answered no question, or the same as another, go; what was looked up in many rows without one gets one. Nobody holds one of
-- these tables while waiting for another of them.

DROP INDEX settlement_lines_by_pledge;             -- UNIQUE (pledge_id) finds the same
DROP INDEX termination_lines_by_pledge;            -- as above
DROP INDEX match_give_backs_by_fund;               -- a handful, always read whole
DROP INDEX update_answers_by_coalition;            -- nobody asks by coalition
DROP INDEX provider_returns_by_intent;             -- nobody asks by payment intent

-- Whoever comes for the first time is looked for among addresses that were left; with every new account.
CREATE INDEX address_changes_by_old_email ON address_changes (old_email, changed_at) WHERE state = 'changed';
