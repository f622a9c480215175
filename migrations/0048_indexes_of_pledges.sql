-- INDEXES.md says of every index which question it answers. Where nearly every row has nothing in the column, only the others are in the
-- index, as this table is written with every pledge. The steps up to 0051 change a busy table each: one that changed two would hold the
-- first while it waits for the second, and whoever works on them the other way round for it.

DROP INDEX pledges_by_raised;
CREATE INDEX pledges_by_raised ON pledges (raises_id) WHERE raises_id IS NOT NULL;
