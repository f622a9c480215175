# The log of the platform team, and the view for support

audit-title = Audit log
audit-lead = Every change and every look at the data of others, the newest first. An entry is never changed or removed.
audit-person = Person
audit-person-hint = E-mail address or number of a user, or a part of the program such as "closing"
audit-object = Object
audit-object-hint = Its number, the reference of a pledge, or the e-mail address of a user
audit-action = What happened
audit-action-any = Anything
audit-from = From
audit-to = Up to and including
audit-text = Text
audit-text-hint = Stands in the kind of object, before, after or the reason
audit-day-wrong = Give a day, such as 2026-11-26.
audit-found = { $count ->
    [0] Nothing was found.
    [one] One entry.
   *[other] { $count } entries.
}
audit-when = When
audit-who = Who
audit-role = Role
audit-factor = Second step
audit-object-kind = Kind of object
audit-before = Before
audit-after = After
audit-where = From where
audit-request = Request
audit-file = Download this page as CSV
audit-action-changed = changed
audit-action-signed-in = signed in
audit-action-signed-out = signed out
audit-action-factor-wrong = wrong second step
audit-action-security = changed how to sign in
audit-action-exported = downloaded
audit-action-viewed = looked at what the user sees
audit-action-refused = was refused

support-title = What { $person } sees
support-open = See what this user sees
support-lead = For looking only: nothing can be done here. That you looked is in the audit log.
support-none = Nothing.
support-pledges = Pledges
support-organisations = Organisations
support-choices = E-mail choices
support-no-updates = Gets no updates of projects.
support-updates = Gets updates of:
support-sessions = Signed in with
support-last-used = last used
support-letters = Letters
support-letter = Subject
support-letter-queued = waits to be sent
support-letter-sent = sent
support-letter-skipped = not needed any more
support-letter-failed = could not be sent
