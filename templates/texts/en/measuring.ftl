### Measuring: the form, the file, and what a project measures.

measuring-open = Enter the moment of measuring
measuring-figure = Figure
measuring-mean = Mean score, from 0 to 10
measuring-people-asked = How many people gave a score?
measuring-mean-of = { $mean } on average, of { $people } people
measuring-mean-unreadable = Enter a score with at most two decimals, for example 7.4.
measuring-number-missing = Enter a number here too.
measuring-ladder-1 = Rung 1: isolated
measuring-ladder-2 = Rung 2: contacts outside the home
measuring-ladder-3 = Rung 3: organised activities
measuring-ladder-4 = Rung 4: unpaid work
measuring-ladder-5 = Rung 5: paid work with support
measuring-ladder-6 = Rung 6: paid work
measuring-mean-rung = On rung { $mean } on average, of { $people } people
measuring-grid-total = { $people } together
measuring-rung-social = Social
measuring-rung-educational = Educational
measuring-rung-work-like = Work-like
measuring-workplace-protected = Protected workshop
measuring-workplace-societal = Societal workshop
measuring-workplace-entrepreneur = Workshop at an entrepreneur
measuring-other-place = At another place
measuring-unit-hint = In { $unit }
measuring-ladder-hint = How many people stand on each rung? An empty field counts as 0.
measuring-grid-hint = How many people work where? Count everybody once.
measuring-parts = Parts of measuring
measuring-is-fixed = Handed in to be checked. You change this figure under Checking only.
measuring-warn-reached = { $name }: there are { $people } people here, but you reached { $others } people. Is that right?
measuring-warn-participants = { $name }: there are { $people } people here, but the project has room for { $others } participants. Is that right?
measuring-note-waiting = not visible yet: the team looks at it
measuring-note-shown = visible to everybody
measuring-note-refused = not visible: { $reason }
measuring-tracked-title = What you measure
measuring-tracked-lead = What you promised you always measure. Choose here what you want to measure beside it. What you measured before stays.
measuring-is-promised = promised
measuring-locations = Places
measuring-locations-lead = Do participants work at different places? Add them here. Then you fill in the work ladder for each place.
measuring-locations-none = There are no places yet.
measuring-location = Name of the place
measuring-location-hint = For example: North, West or M4H. No name of a person.
measuring-location-add = Add the place
measuring-location-names = This looks like data of a person. Give the place another name.
outcomes-part-too-large = These are more than at { $whole }, of which they are a part.
outcomes-no-note = This note is no longer there, or it was decided about already.
outcomes-note-reason-missing = Write why the note is not visible, in at most 500 characters.
flash-outcomes-tracked = What you measure was saved.
flash-outcomes-location = The place was added.
flash-outcomes-file = All moments of measuring in the file were saved.

sheet-title = Fill in with a file
sheet-lead = Would you rather fill in a spreadsheet? Download the example, fill in the numbers, save it as CSV and send it. Before anything is saved you see all of it once more.
sheet-template-title = The example
sheet-template-lead = The example has a row for each number. Leave a value empty when you did not measure it. For another moment of measuring, copy the rows with another moment or day. Names of people do not belong in it.
sheet-template = Download the example
sheet-send-title = Send the file
sheet-file = File
sheet-file-hint = A CSV file of at most 128 kB and 2000 rows, with commas or semicolons.
sheet-look = See what is in it
sheet-missing = Choose a file.
sheet-wrong = { $count ->
        [one] 1 thing is not right. Nothing was saved.
       *[other] { $count } things are not right. Nothing was saved.
    }
sheet-faults = What is not right
sheet-row = Row
sheet-column = Column
sheet-what = What the matter is
sheet-more = And { $count } others.
sheet-check-lead = This is what the file says. Nothing was saved yet.
sheet-replaces = This moment of measuring was entered before. The figures of the file take the place of the old ones; other figures and the note stay.
sheet-save = Save all of it
sheet-other = Choose another file
sheet-too-large = The file is too large. Send a file of at most 128 kB.
sheet-not-utf8 = The file was not saved in the right way. Choose CSV with UTF-8 when saving.
sheet-unreadable = The file cannot be read. Save it as CSV again.
sheet-too-many-rows = The file has too many rows. Send at most 2000 at a time.
sheet-empty = There is not a single number in the file.
sheet-column-missing = The column { $found } must be there once, in the first row. Begin with the example.
sheet-column-unknown = We do not know the column { $found }. Take it out.
sheet-cells = This row has { $found } cells instead of 8.
sheet-wave-unknown = { $found } is no moment of measuring. Choose intake, interim, end, follow_up_6 or follow_up_12.
sheet-day-wrong = { $found } is no day. Write for example 2026-10-03 or 3-10-2026.
sheet-indicator-unknown = { $found } is no figure that this project measures.
sheet-row-wrong = { $found } is no rung. On the participation ladder that is 1 to 6, on the work ladder social, educational or work_like.
sheet-place-wrong = { $found } is no kind of workplace. Choose protected, societal or entrepreneur.
sheet-must-be-empty = This cell should be empty here. It says: { $found }.
sheet-location-unknown = { $found } is no place of this project. Add the place first.
sheet-value-wrong = Enter a whole number from 0 to 1000000. It says: { $found }.
sheet-people-wrong = Enter how many people gave a score. It says: { $found }.
sheet-twice = This number stands in row { $found } already.

moderation-title = To look at
moderation-lead = Notes and files of owners. Others see them only after somebody of the team has looked whether they say nothing about persons.
moderation-notes = Notes
moderation-none = Nothing waits.
moderation-reason = Why not?
moderation-reason-hint = Only needed when you refuse. The owner reads this.
moderation-show = Show it
moderation-accept = In order
moderation-refuse = Refuse
note-state-waiting = note waits
note-state-shown = note visible
note-state-refused = note refused
flash-moderated = Saved.

verifying-title = Checking
verifying-lead = Result money is paid on figures that were checked. Hand in figures here, with evidence. After that they stand fixed.
verifying-no-waves = There is no moment of measuring to hand in yet.
verifying-hand-in-lead = Tick the figures that are to be checked. First send the evidence that belongs to them.
verifying-hand-in = Hand in to be checked
verifying-nothing-chosen = Tick at least one figure.
verifying-answer-by = Answer until and including { $day }
verifying-standing-declared = declared, without evidence
verifying-standing-documented = declared, with evidence
verifying-standing-open = waits to be checked
verifying-standing-asked = the team has a question
verifying-standing-disputed = disputed
verifying-standing-staff-checked = checked by the team
verifying-standing-third-party = checked by a third party
verifying-wave = Moment of measuring
verifying-declared = Declared
verifying-verified = Found
verifying-handed-in-at = Handed in
verifying-level = Who checked?
verifying-level-missing = Choose who has checked.
verifying-checker = Name of the third party
verifying-checker-hint = Only when a third party checked: the organisation that did. Its statement must be among the evidence.
verifying-decided-at = Decided
verifying-deadline = Answer until and including
verifying-corrected-because = Corrected, because
verifying-dispute-until = Can be disputed until ({ $days } days)
verifying-talk = What was said
verifying-said-question = Question of the team
verifying-said-answer = Answer
verifying-said-remark = Remark of the team
verifying-said-dispute = Dispute
verifying-no-evidence = There is no evidence for this figure.
verifying-nobody-hint = Write no names, addresses or telephone numbers.
verifying-answer-title = Answer the question
verifying-answer = Your answer
verifying-answer-send = Send the answer
verifying-dispute-title = Do you not agree?
verifying-dispute-lead = Explain what is not right. Somebody else of the team then decides. As long as that takes, the figure that was found counts.
verifying-dispute = What is not right?
verifying-dispute-send = Dispute it
verifying-withdraw-title = Taking it back
verifying-withdraw-lead = When you take the figure back, you can change it again.
verifying-withdraw = Take the figure back
verifying-correct = Correct this figure
verifying-correct-lead = This figure was checked. When you correct it, it is checked anew. Everybody can see that it was corrected.
verifying-correct-reason = Why does it change?
verifying-correct-save = Correct the figure
verifying-open-figure = Look at the figure
verifying-evidence-missing = When a third party checked, a file of that party belongs to it. There is no evidence for this figure.
verifying-staff-lead = Figures that wait, the oldest first.
verifying-none-waits = No figure waits.
verifying-decide = Decide the figure
verifying-decide-dispute = Decide the dispute
verifying-decide-lead = What did you find? It may be less or more than was declared. It counts for the result money.
verifying-value = Figure found
verifying-value-hint = On the participation ladder: how many rungs people rose on average, for example 1.5.
verifying-remark = Remark
verifying-remark-hint = The owner reads this.
verifying-decide-button = Decide
verifying-ask = Ask a question
verifying-question = Your question
verifying-question-hint = The owner gets a mail, and a reminder a week and a day before the last day.
verifying-ask-button = Send the question
verification-state-open = waits to be checked
verification-state-asked = question asked
verification-state-verified = checked
verification-state-disputed = disputed
verification-state-corrected = corrected
verification-state-withdrawn = taken back
flash-verifying-handed-in = Handed in. The team will look at it.
flash-verifying-answered = Your answer was sent.
flash-verifying-disputed = Your dispute was sent. Somebody else of the team decides it.
flash-verifying-withdrawn = Taken back. You can change the figure again.
flash-verifying-corrected = The figure was corrected and is checked anew.
flash-verifying-asked = The question was sent.
flash-verifying-decided = The figure was decided.

staff-todo-verify =
    { $count ->
        [one] 1 figure waits to be checked
       *[other] { $count } figures wait to be checked
    }
staff-todo-figure-disputes =
    { $count ->
        [one] 1 dispute about a check
       *[other] { $count } disputes about checks
    }
staff-todo-moderate =
    { $count ->
        [one] 1 note or file to look at
       *[other] { $count } notes or files to look at
    }
task-measuring = Reminders of moments of measuring and of questions about figures

letter-wave_due-subject = { $title }: time to measure
letter-wave_due-text = It is time for a moment of measuring: { $kind }. Enter the counts on your phone or computer. You need no names.
letter-figure_question-subject = { $title }: a question about your figures
letter-figure_question-text = The team checks the figure { $figure } and wants to know something. Read the question and answer it before the last day.
letter-figure_week_left-subject = { $title }: one week left to answer
letter-figure_week_left-text = The team waits for your answer about the figure { $figure }.
letter-figure_day_left-subject = { $title }: answer by tomorrow
letter-figure_day_left-text = The team waits for your answer about the figure { $figure }. Without an answer the figure cannot count.
letter-figure_overdue-subject = { $title }: your answer is late
letter-figure_overdue-text = The last day to answer about the figure { $figure } has passed. Answer as soon as you can. Without an answer the figure cannot count.
letter-figure_verified-subject = { $title }: a figure was checked
letter-figure_verified-text = The team decided the figure { $figure }. Do you not agree? Then you can dispute it within 14 days.
letter-figure_dispute_decided-subject = { $title }: your dispute was decided
letter-figure_dispute_decided-text = Somebody else of the team looked at the figure { $figure } again. This is the outcome.
