-- The line before the bank: who cannot be sent there at once waits in the order of arrival.

-- From when on the line asks for the payment's session; moved on while somebody is asking, so it is the lease too.
ALTER TABLE payments ADD COLUMN open_after TEXT NOT NULL DEFAULT '';
