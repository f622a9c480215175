-- Whom an update is for: everybody (it stands on the site, followers get it by mail), or only who gave for the project.
ALTER TABLE updates ADD COLUMN audience TEXT NOT NULL DEFAULT 'everybody' CHECK (audience IN ('everybody', 'backers'));
