### Making rounds, their dates, extending and reminding.

## How long still
round-left-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
round-left-hours =
    { $count ->
        [one] 1 hour
       *[other] { $count } hours
    }
round-left-minutes =
    { $count ->
        [one] 1 minute
       *[other] { $count } minutes
    }
round-left-both = { $days } and { $hours }
site-left-until = Still { $left }, until { $date }
project-state-sold_out = Everything is pledged
site-extended = This round is open for longer: until { $date }. At first that was { $old }.
site-extended-why = The reason:

## Making and changing a round
round-new-title = New round
round-edit-title = Change the round
round-edit = Change the round
round-form-lead = All times are those of Amsterdam. What has been published cannot change later.
round-field-number = Number
round-field-title-nl = Title in Dutch
round-field-title-en = Title in English
round-dates = Dates
round-dates-lead = A date can change as long as its step was not taken. The round goes on by itself at these moments.
round-money = Price and rules
round-money-fixed = Selling has begun. Price, smallest pledge and rules are fixed.
round-field-price = Price of one Rikx in whole euros
round-field-price-hint = For example 100
round-field-minimum = Smallest pledge
round-field-minimum-hint = This amount must buy a whole number of hundredths of a Rikx.
round-proposed-near-miss = When less has been received, but { $percent } percent of the threshold or more, the maker says whether it can be done with less. You then choose whether your pledge stays. If you choose nothing, you get your money back.
round-proposed-no-near-miss = When less has been received, the project does not go ahead.
round-field-percent = From how many percent of the threshold is it nearly reached?
round-field-percent-hint = Maker and backers then choose whether it goes ahead with less. With 0 there is no choice.
round-percent-wrong = Enter a whole number from 0 to 99
round-propose = Propose a text for the rules
round-propose-needs = First enter a price, a smallest pledge and a percentage.
round-field-rule-nl = Rules in Dutch
round-field-rule-en = Rules in English
round-field-rule-hint = Everybody reads this on the page of the round. From the beginning of the sale on it is fixed.
round-field-confirm = I have checked price, pledge, percentage and rules
round-field-confirm-hint = Needed only when you change one of these.
round-confirm-missing = Check price, pledge, percentage and rules and tick the box
round-save = Save the round
flash-round-saved = The round is saved.
round-number-wrong = Enter a number from 1 to 9999
round-number-taken = Another round has this number
round-number-fixed = The number is fixed once the round has begun
round-title-missing = Enter a title
round-price-wrong = Enter a price in whole euros, from 1 to 100000
round-minimum-wrong = Enter an amount that buys a whole number of hundredths of a Rikx
round-rule-missing = Enter the rules, or let them be proposed
round-text-too-long = This text is too long
round-fixed = This is fixed: it has been relied on. Enter again what was there.
round-moment-fixed = This step was taken already, or moves by an extension only. Enter the old date again.
round-moment-past = Choose a moment that is still to come
round-moment-order = Choose a later moment than that of the step before
round-not-allowed = The round has gone on meanwhile. Open the form again.
moment-day = Day
moment-time = Time
moment-time-hint = For example 17:00
moment-no-day = Enter a day, such as 3-10-2026
moment-no-time = Enter a time, such as 17:00
moment-missing = In this night the clock goes forward: this time does not exist then. Choose a time before 2:00 or from 3:00 on.
moment-twice = In this night the clock goes back: this time comes twice. Choose a time before 2:00 or from 3:00 on.
round-proposed-rule =
    In this round one Rikx costs { $price }. You can back a project from { $minimum }. A project goes ahead when its threshold has been received at the close.

    { $near_miss } If a project does not go ahead, you get your money back to the cent. Money up to the threshold is start money. Money above it is result money: we pay it out only when the results have been verified. { $remainder }

    We may extend this round once, by at most 30 days. You will then read why.
round_plan-state-made = Round made
round_plan-state-changed = Round changed
round_plan-state-extended = Round extended
round-not-begun = The sale should have begun, but no project has been admitted, or the round closes already. Finish the valuation or move the dates. As soon as there is a project, the sale begins by itself.
round-in-valuation-left =
    { $count ->
        [one] 1 project is still being valued and takes no part in the sale of this round. Reject it or move it to a later round.
       *[other] { $count } projects are still being valued and take no part in the sale of this round. Reject them or move them to a later round.
    }
case-round_not_begun = A round cannot go on sale
task-calendar = Taking the steps of rounds and reminding of their close

## Extending
extension-title = { $round }: keep it open for longer
extension-open = Keep it open for longer
extension-lead = A round can stay open for longer once, by at most 30 days. Two people decide. Owners and backers get a mail with the reason. Nothing changes about pledges.
extension-old = Closed at first
extension-new = Closes then
extension-once = A round is extended once.
extension-reason-hint = Everybody reads this: on the pages of the round and in the mail.
extension-propose = Propose the extension
extension-approve-lead = After your decision the new date is on the site and the mails go out.
extension-approve = Extend until { $date }
extension-not-selling = This round is not on sale (any more).
extension-already = This round has been extended once already.
extension-not-later = Choose a moment after the close as it is now
extension-too-long = Choose a moment within 30 days after the close as it is now
extension-open-round = See the round
extension-reason-nl = Reason in Dutch
extension-reason-en = Reason in English
extension-reason-missing = Write why, in Dutch and in English. Everybody reads this.
flash-extension-proposed = The extension is proposed. Somebody else decides.
flash-extension-approved = The round is extended. The mails go out.
flash-extension-withdrawn = The proposal has been taken back.
approval-kind-rounds-extend = Keeping a round open for longer

## Letters
round-letter-closes = Closes
round-letter-open = See the project
letter-reminder_owner_week-subject = { $title }: still { $left } on sale
letter-reminder_owner_week-text = The round of your project closes { $date }. That is in { $left }. If you want to ask people to join in, this is the moment.
letter-reminder_owner_days-subject = { $title }: still { $left } on sale
letter-reminder_owner_days-text = The round of your project closes { $date }. That is in { $left }. Money that comes in after that does not count and goes back.
letter-reminder_follower-subject = { $title }: still { $left }
letter-reminder_follower-text = You asked us to remind you. You can still back { $title } until { $date }.
letter-reminder_follower-why = You get this mail because you follow { $title } and wanted a reminder.
letter-round_extended_owner-subject = { $round }: open until { $date }
letter-round_extended_owner-text = The round of your project closes later than was said: { $date }. At first that was { $old }.
letter-round_extended_owner-why = You get this mail because you own a project in this round.
letter-round_extended_backer-subject = { $round }: open until { $date }
letter-round_extended_backer-text = The round of a project that you back closes later than was said: { $date }. At first that was { $old }. Nothing changes about your pledge. Until the close you can still cancel a paid pledge.
letter-round_extended_backer-why = You get this mail because you back a project in this round.

## A reminder for followers
follow-field-remind = Remind me 48 hours before the close
follow-field-remind-hint = You then get one mail while you can still join in.
account-mail-remind-on = Remind me before the close
account-mail-remind-off = Do not remind me
flash-reminder-set = Your choice is saved.
