### Outcomes: promised results, moments of measuring, and counts.

outcomes-title = Results
outcomes-lead = Here you see what you promised and what you counted. You enter numbers, never names.
outcomes-no-promises = This project has no promised results yet.
outcomes-promises = Promised results
outcomes-promise = Promised result
outcomes-start = At the start
outcomes-target = Target
outcomes-newest = Latest count
outcomes-due = Due on
outcomes-share = Share
outcomes-of = { $count } of { $target }
outcomes-not-counted = not measured
outcomes-waves = All measurements
outcomes-correct-row = Something wrong?
outcomes-correct = Correct
outcomes-who-sees = You and the platform team see all numbers. On the public page we hide numbers of people below 10 and round others to five.

outcomes-kind-intake = Start
outcomes-kind-interim = Halfway
outcomes-kind-end = End
outcomes-kind-follow-up-6 = Six months after the end
outcomes-kind-follow-up-12 = Twelve months after the end

outcomes-enter = Enter a measurement
outcomes-due-now = It is time for this measurement: { $kind }.
outcomes-counts-only = Count all people or things together, from the start of the project. After this form you see everything once more before it is saved.
outcomes-kind = Which measurement is it?
outcomes-kind-hint = Entering the same kind and day again replaces the numbers.
outcomes-kind-missing = Choose which measurement it is.
outcomes-day = On which day did you count?
outcomes-day-hint = For example 3-10-2026 (day, month, year)
outcomes-counts-hint = Not measured? Leave the box empty. Nobody reached? Enter 0. Enter at least one number.
outcomes-count-hint = Target: { $target } { $unit }
outcomes-note-nl = Explanation in Dutch
outcomes-note-en = Explanation in English
outcomes-note-hint = At most 500 characters. Do not write names, addresses or phone numbers.
outcomes-to-check = Check the numbers

outcomes-check-title = Is this right?
outcomes-replaces = This measurement was already entered for this day. When you save, these numbers replace the old ones. We keep a record of the earlier numbers.
outcomes-was = now: { $count }
outcomes-save = Save the measurement
outcomes-change = Back to change it

outcomes-not-measured = You do not enter numbers for this project now. You can from the moment it is on sale until after it has ended.
outcomes-day-missing = Enter the day on which you counted, for example 3-10-2026.
outcomes-day-ahead = This day is still to come. Enter a day up to and including today.
outcomes-day-too-early = This day is too long ago. The earliest day is { $first }, a year before the project starts.
outcomes-count-unreadable = Enter a whole number in digits only, for example 12 or 1250.
outcomes-count-too-large = Enter a number from 0 to 1,000,000.
outcomes-nothing-counted = Enter at least one number.
outcomes-not-promised = One of the numbers does not belong to this project. Start again with an empty form.
outcomes-mean-out-of-range = Type a score from 0 to 10, with at most two decimals.
outcomes-people-missing = Fill in how many people it is about: at least one.
outcomes-cells-wrong = The distribution does not fit this result. Start again with an empty form.
outcomes-fixed = This figure ({ $indicator }) was handed in to be checked and cannot be changed here. Take it back, or correct it with a reason.
outcomes-not-fixed = This figure was not handed in. You can simply change it.
outcomes-no-such-figure = This figure was not measured.
outcomes-reason-missing = Fill in why the figure changes.
outcomes-location-missing = Type a name of at most 60 characters.
outcomes-location-taken = This place is there already.
outcomes-too-many-locations = You have ten places already. There cannot be more.
outcomes-no-such-indicator = This result cannot be chosen.
outcomes-note-too-long = Make the explanation shorter: at most 500 characters.
outcomes-note-address = The explanation contains an e-mail address. Take it out: we keep nothing about people here.
outcomes-note-number = The explanation contains a number that may be somebody's, such as a phone number or citizen service number. Take it out: we keep nothing about people here.
outcomes-note-name = The explanation seems to contain a person's name. Take it out: we keep nothing about people here.

flash-outcomes-entered = The measurement has been saved.
flash-outcomes-corrected = The measurement has been corrected.
flash-outcomes-unchanged = These numbers were there already. Nothing has changed.

outcomes-below-10 = fewer than 10
outcomes-withheld = not shown
outcomes-about = about { $count }
