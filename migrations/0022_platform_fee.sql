-- The fee of the platform: a part of what is paid out to projects, per round, shown before anybody pays. 0 is none.

ALTER TABLE rounds ADD COLUMN fee_basis_points BIGINT NOT NULL DEFAULT 0 CHECK (fee_basis_points BETWEEN 0 AND 2000);  -- 300 is 3 %
ALTER TABLE tranches ADD COLUMN fee_cents BIGINT NOT NULL DEFAULT 0 CHECK (fee_cents >= 0);    -- beside the amount that is sent: both leave what is payable
ALTER TABLE transfers ADD COLUMN fee_cents BIGINT NOT NULL DEFAULT 0 CHECK (fee_cents >= 0);   -- of its tranche, booked when the statement shows it
