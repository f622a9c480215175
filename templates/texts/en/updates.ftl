### Progress updates and who gets them.

updates-title = Progress updates
updates-new = New progress update
updates-edit = Change progress update
updates-none = There are no progress updates yet.
updates-lead = Tell how things are going. Write in Dutch, in English or in both. Readers get their own language where there is one.
updates-no-people = Do not write names or stories by which a participant can be recognised.
updates-number = Number
updates-heading = Title
updates-state = State
updates-when = When
updates-number-title = Progress update { $number }
updates-receivers = { $count ->
    [0] Nobody gets this update by mail yet.
    [one] 1 person gets this update by mail.
   *[other] { $count } people get this update by mail.
}
updates-field-audience = Who is this update for?
updates-audience-everybody = For everybody. It appears on the site and followers get it by mail.
updates-audience-backers = Only for your backers. Everybody who paid gets it once by mail. It does not appear on the site.
updates-in-dutch = Dutch
updates-in-english = English
updates-field-title-nl = Title in Dutch
updates-field-body-nl = Text in Dutch
updates-field-title-en = Title in English
updates-field-body-en = Text in English
updates-field-body-hint = An empty line starts a new paragraph. A hyphen at the start of a line makes a list. Put **bold text** between double asterisks.
updates-picture = Picture
updates-field-picture = Choose a picture
updates-field-picture-hint = JPEG, PNG or WebP, at most 8 MB. Ask permission of the people in it.
updates-field-alt = What does the picture show?
updates-field-alt-hint = For people who cannot see the picture.
updates-remove-picture = Take this picture away
updates-save = Save and preview
updates-preview = This is what your update looks like. It has not been sent yet.
updates-preview-message = It goes to all your backers and does not appear on the site.
updates-only-by-mail = It was sent by mail only.
updates-withdraw-hint-message = Mails that still wait do not go out any more. Mails that have been sent cannot be taken back.
updates-publish = Publish and send
updates-publish-hint = After publishing you have ten minutes to undo it.
updates-delete = Throw this draft away
updates-goes-out = This update will be published and sent on { $moment }. Until then you can undo it.
updates-undo = Undo
updates-published-on = Published on { $moment }.
updates-on-site = See it on the site
updates-letters-sent = mails sent
updates-letters-waiting = mails waiting
updates-letters-unwanted = unsubscribed meanwhile
updates-letters-failed = mails not delivered
updates-withdraw = Withdraw this update
updates-withdraw-hint = The update disappears from the site. Mails that have been sent cannot be taken back.

update-state-draft = Draft
update-state-scheduled = Ready to go
update-state-published = Published
update-state-withdrawn = Withdrawn

updates-empty = Enter a title and a text in at least one language
updates-half = Enter both the title and the text in this language
updates-title-too-long = Make the title shorter: at most 150 characters
updates-body-too-long = Make the text shorter: at most 20,000 characters
updates-no-alt = Describe what the picture shows
updates-alt-too-long = Make the description shorter: at most 300 characters
updates-not-a-draft = This update is no longer a draft, so it cannot be changed.
updates-too-late = The ten minutes are over. The update has been published.
updates-no-audience = Choose who this update is for
updates-too-soon = Your backers got a message less than a week ago. You can send them one message a week.
updates-project-not-public = This project is not public yet, so no update can be published.

flash-update-saved = Saved. See below what it looks like.
flash-update-scheduled = Your update is ready to go. You can undo it for ten minutes.
flash-update-undone = Undone. Your update is a draft again.
flash-update-withdrawn = The update is gone.

## The mail with an update
updates-mail-from = News from { $project }
updates-mail-other-language = This update is in Dutch only.
updates-mail-read = Read it on Drempel
updates-mail-read-with-picture = Read it on Drempel, with a picture
updates-mail-to-backers = A message from the makers of { $project } to all their backers
updates-mail-why-backer = You get this mail because you back { $project }. If you unsubscribe, you get no more messages of this project. You do get mails about your payment.
updates-mail-why = You get this mail because you follow { $project }.

## Following
follow-title = Follow { $project }
follow-lead = You get a mail when there is news about this project. You can unsubscribe with one click.
follow-field-email = Email address
follow-field-email-hint = We use it only for messages about this project.
follow-button = Follow
follow-not-an-address = Enter an email address, such as name@example.com
flash-follow-asked = Almost done. We have sent you a mail: click the link in it. If you follow this project already, you get no new mail.
follow-mail-subject = { $project }: confirm that you want to follow
follow-mail-asked = Somebody entered this email address to follow { $project }. Is that right? Then please confirm. After that you get a mail when there is news.
follow-mail-button = Yes, I want to follow
follow-mail-not-you = Was this not you? Then you need not do anything. You will get no messages.
follow-mail-why = You get this mail because this address was entered on the page of { $project }.
follow-confirm-title = Do you want to follow this project?
follow-confirm-text = We will send news about { $project } to { $email }.
follow-confirm-button = Yes, I want to follow
follow-confirmed-title = You follow this project
follow-confirmed-text = You get a mail when there is news about { $project }.
follow-to-project = Go to { $project }
unsubscribe-title = Do you want to unsubscribe?
unsubscribe-text = We will no longer send news about { $project } to { $email }. You still get mails about your money.
unsubscribe-button = Yes, unsubscribe me
unsubscribed-title = You are unsubscribed
unsubscribed-text = You will get no more news about { $project }. Not even when a mail was already waiting.

## My mail
account-mail-title = Messages you get
account-mail-lead = We send news about these projects to { $email }.
account-mail-none = You follow no projects now.
account-mail-end = Unsubscribe
account-mail-money = You always get mails about your pledges and your money. You cannot unsubscribe from those.

updates-mailing-progress = { $done } of { $all } mails dealt with

### Mail to many people at once, as the team sees it.

mailings-title = Mailings
mailings-lead = Letters that go to many people at once, of the last 30 days.
mailings-none = No letter went to many people in the last 30 days.
mailings-about = About
mailings-begun = Begun
mailings-progress = Progress
mailings-over = Done
mailing-update = Progress update
mailing-tranche-told = Money was paid out
mailing-results-told = The results are known
mailing-round-extended-owner = The round closes later, to owners
mailing-round-extended-backer = The round closes later, to backers
