-- As the one of pledges.

DROP INDEX payments_by_moved_from;
CREATE INDEX payments_by_moved_from ON payments (moved_from) WHERE moved_from IS NOT NULL;
