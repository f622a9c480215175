### How often you get mail about projects, and the digest of a day or week.

mail-rhythm-all = How often do you want news about all projects?
mail-rhythm-project = How often do you want news about this project?
mail-rhythm-general = As for all projects
mail-rhythm-at-once = At once, with each update
mail-rhythm-daily = One mail a day
mail-rhythm-weekly = One mail a week, on Monday
mail-rhythm-off = No news about projects
mail-rhythm-save = Save my choice
mail-rhythm-why = The digest of a day or week comes after 7 in the morning. If there is no news, you get nothing.
mail-rhythm-instead = Or do you want mail less often?
account-mail-projects = Projects that you follow

mail-changed-saved-title = Your choice is saved
mail-changed-saved-text = This has changed:
mail-changed-undone-title = It is as it was again
mail-changed-undone-text = This is what we put back:
mail-changed-nothing-title = Nothing has changed
mail-changed-nothing-text = It was like this already.
mail-changed-row = { $about }: first { $from }, now { $to }
mail-changed-undo = Put it back as it was
mail-changed-later = You can also do this later.
mail-changed-link = Keep this link
mail-changed-all = All my mail choices

digest-end-title = Do you want no more digests?
digest-end-text = We will no longer send the news about projects that comes in a digest to { $email }. You still get mails about your money.
digest-end-button = Yes, no more digests
digest-ended-text = You will get no more digests. Not even when a mail was already waiting.

## The mail itself
digest-subject = { $count ->
        [one] News of a project that you follow
       *[other] { $count } updates of projects that you follow
    }
digest-title = News of projects that you follow
digest-lead = { $count ->
        [one] There is 1 new update.
       *[other] There are { $count } new updates.
    }
digest-why = You get this mail because you follow projects and chose a digest.

## For the team and the maker
mailing-digest = Digest of news
mailing-week = Week { $week } of { $year }
task-digests = Preparing digests of news, by day and by week
updates-letters-digest = people get it in a digest
mailings-on = Letters go out.
mailings-off = Letters are stopped. What waits goes on waiting.
mailings-stop = Stop all letters
mailings-stop-hint = Sign-in codes and mails about money wait too. What is on its way already still goes.
mailings-go-on = Let letters go again
