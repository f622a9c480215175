-- The next refunds to ask for, in their order, when a round gives back thousands.

CREATE INDEX refunds_under_way ON refunds (due_at, id) WHERE state IN ('due', 'requested', 'pending') AND by_bank = 0;
