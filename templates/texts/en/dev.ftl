### Tools of a test environment. For real these pages do not exist.
dev-title = Test tools
dev-lead = These pages exist only in a test environment.
dev-sign-in-title = Sign in as an example person
dev-sign-in-what = Choose somebody from the examples, without mail and without an app.
dev-sign-in-lead = Choose who you want to be. No code is needed: the second factor counts as given for five minutes.
dev-sign-in-people = Example persons
dev-sign-in-does = Role
dev-sign-in-backer = backer
dev-sign-in-nobody = There are no example persons yet. Load the examples first.
dev-sign-in-other = Somebody else
dev-sign-in-unknown = We do not know this e-mail address. Only somebody who exists can sign in here.
dev-mail-title = Mail
dev-mail-what = The mails Drempel sent. They go nowhere.
dev-mail-test = Send a letter as a test
dev-mail-letter = Which letter
dev-mail-to = To which e-mail address
dev-mail-send = Send the test
dev-mail-choose = Choose a letter.
dev-mail-not-any-more = This letter is no longer written: there is nothing more to say.
flash-dev-mail-sent = The test was sent.
dev-parts-title = Parts
dev-parts-what = All building blocks of the pages together, with the colours.
dev-parts-lead = This is how the building blocks look. Their names are those of the code. What they hold is made up.
dev-parts-wrong = This is how an error stands beside its field.
dev-parts-label = Name of the field
dev-parts-hint = A short explanation with the field.
dev-bank-title = Bank
dev-bank-what = The payments at the test bank.
dev-clock-title = Clock
dev-clock-what = Move the clock forward and let happen what is due then.
dev-clock-now = It is now
dev-clock-ahead = { $seconds ->
    [0] The clock is equal to the computer's.
    [one] The clock runs 1 second ahead of the computer's.
   *[other] The clock runs { $seconds } seconds ahead of the computer's.
}
dev-clock-warning = There is no way back. A large step may sign people out.
dev-clock-minutes = 10 minutes forward
dev-clock-hour = 1 hour forward
dev-clock-day = 1 day forward
dev-clock-week = 1 week forward
dev-clock-month = 30 days forward
dev-clock-other = Another step
dev-clock-seconds = Number of seconds
dev-clock-seconds-hint = From 1 to 316224000 (ten years).
dev-clock-move = Move the clock forward
dev-clock-wrong = Enter a number of seconds from 1 to ten years. In all the clock can go a century forward.
flash-dev-clock-moved = The clock was moved forward. What was due has been done.
