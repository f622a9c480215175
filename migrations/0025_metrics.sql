-- What watching asks for every few seconds must not read all events ever received.
CREATE INDEX provider_events_by_arrival ON provider_events (received_at);
CREATE INDEX provider_events_waiting ON provider_events (received_at) WHERE processed_at IS NULL;
