### What the public sees of results: figures, pictures, everything together, what was learned.

## How far a figure was checked
figures-result = Result
figures-checked = Checked
figures-level-declared = told by the maker
figures-level-documented = told by the maker, with evidence
figures-level-staff-checked = checked by the team
figures-level-third-party = checked from outside
figures-levels = "Told by the maker" means that nobody has checked it yet. Others were checked by the team of the platform or by somebody from outside, on the day shown.
figures-withheld = Sometimes we do not show a larger count either, because a small one could be worked out from it.
figures-ladder-note = We round the average rung to half a rung.
figures-between = { $low } to { $high }
figures-ladder-mean = Average rung on the participation ladder
figures-locations = Places of work:
figures-evidence = See the evidence for these figures
figures-corrections = Corrected
figures-corrected-because = was corrected, because: { $reason }
figures-csv = Download these figures as CSV

## The participation ladder and the work ladder
figures-rungs-1 = 1 isolated
figures-rungs-2 = 2 contacts outside the home
figures-rungs-3 = 3 organised activities
figures-rungs-4 = 4 unpaid work
figures-rungs-5 = 5 paid work with support
figures-rungs-6 = 6 paid work
figures-rungs-1-2 = 1-2 few contacts
figures-rungs-3-4 = 3-4 activities or unpaid work
figures-rungs-5-6 = 5-6 paid work
figures-rung-social = Social
figures-rung-educational = Educational
figures-rung-work-like = Work-like
figures-place-protected = Protected workshop
figures-place-societal = Societal workshop
figures-place-entrepreneur = With an entrepreneur
figures-place-protected-short = Protected
figures-place-societal-short = Societal
figures-place-entrepreneur-short = Entrepreneur

## Families of indicators
figures-family-reach = People reached
figures-family-training = Training and certificates
figures-family-outflow = Where people went
figures-family-ladder = Participation ladder
figures-family-grid = Work ladder
figures-family-people = What people say about themselves
figures-family-planet = Planet
figures-family-place = Place
figures-family-prosperity = Prosperity
figures-family-milestones = Milestones
figures-family-other = Other

## Pictures
pictures-title = In pictures
pictures-table = Show as a table
pictures-csv = Download as CSV
pictures-promises = Promised and reached
pictures-family-outflow = Where people went
pictures-of-target = { $value } of { $target }
pictures-figure = Figure
pictures-checked = Checked
pictures-told = Told by the maker
pictures-small = Fewer than 10: somewhere in here
pictures-not-yet = Not reached yet
pictures-target = The line marks what was promised
pictures-ladder = Steps on the participation ladder
pictures-moment = Moment
pictures-people = People: { $count }
pictures-people-mean = People: { $count }. Average rung: { $mean }
pictures-not-told = How they are spread is not shown
pictures-all-people = All together
pictures-grid = Place on the work ladder. { $moment }
pictures-rung = Rung
pictures-funding = Support over time
pictures-funding-words = From { $first } to { $last } { $amount } came in. The threshold is { $threshold }.
pictures-threshold = Threshold: { $amount }
pictures-received = Received in all

## Everything together
impact-narrow = Choose projects
impact-year = Year of measuring
impact-family = Kind of result
impact-empty = No project fits this choice.
impact-money = What became of the money
impact-held = Held until the round is decided
impact-for-start = To makers, to start
impact-for-results = To makers, for results
impact-waiting = Waiting for results
impact-returned = Back to backers
impact-checked = Checked
impact-and-hidden =
    { $count ->
        [one] for 1 project we do not show the count
       *[other] for { $count } projects we do not show the count
    }
impact-not-additive = cannot be added up
impact-group = Group
impact-by-year = { $name }, by year
impact-by-area = { $name }, by area
impact-by-theme = { $name }, by theme

## What was learned
learning-no-answers = Nobody has answered this yet.
learning-of-project = ({ $project })
updates-field-question = Does this update answer a question?
updates-field-question-hint = Your organisation takes part in learning together. An update that answers a question also stands on that page.
updates-no-question = No question
