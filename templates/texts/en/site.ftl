### The public pages.

## How a project stands, beside the words in common.ftl
project-state-upcoming = Selling has not begun
project-state-deciding = Round closed: outcome follows

## Front page
site-home-title = Over the threshold together
site-home-lead = Back a social project in Rotterdam. It begins only when there is enough money. If not, you get your money back.
site-home-choose = Choose a project
site-home-projects = Projects that ask for support now
site-home-other-projects = Projects
site-home-steps = How it works
site-home-step-1 = Choose a project.
site-home-step-1-text = Experts have decided how much it is worth to the city. That value is given in Rikx.
site-home-step-2 = Make a pledge.
site-home-step-2-text = You can from 5 euros. We hold your money apart until the round has closed.
site-home-step-3 = Follow what comes of it.
site-home-step-3-text = When the threshold is reached, the project begins. Part of the money is paid only after verified results.
site-home-stats = Until now
site-home-behind = Who is behind this?
site-home-behind-text = Drempel is there for social projects in Rotterdam. Experts decide what a project is worth. The platform's team checks the money and the results. Anyone can look at the books.
site-stat-projects = Projects
site-stat-held = Received for projects
site-stat-backers = Backers
site-stat-carried-out = Carried out

## List of projects
site-projects-title = Projects
site-projects-lead = Find a project that suits you. Search by words and choose from lists.
site-search-label = Search projects
site-search = Search by words
site-all = All
site-status = Status
site-area = Area
site-sector = Sector
site-theme = Theme
site-method = Method
site-tag = Tag
site-round = Round
site-sort = Order
site-sort-closing = Closing first
site-sort-supported = Most support
site-sort-newest = Newest
site-sort-title = Title, A to Z
site-chips = Chosen filters
site-chip-remove = Remove:
site-found =
    { $count ->
        [0] No projects found
        [one] 1 project found
       *[other] { $count } projects found
    }
site-found-none = No project fits what you look for. Try another word or fewer filters.
site-all-projects = See all projects
site-days-left-until =
    { $days ->
        [one] 1 day left, until { $date }
       *[other] { $days } days left, until { $date }
    }

## A project
site-parts-label = Parts of this project
site-part-project = Project
site-part-updates = Updates
site-part-outcomes = Results
site-part-books = Open books
site-by = by
site-backers =
    { $count ->
        [0] No backers yet
        [one] 1 backer
       *[other] { $count } backers
    }
site-pledge = Back this project
site-as-of = As of { $moment }.
site-if-unmet = Does the project not go ahead? Then you get your whole pledge back.
site-if-near-miss = The backers choose whether they stay. Who does not choose gets the whole pledge back.
site-was-unmet = The threshold was not reached. All backers get their whole pledge back.
site-was-met = The threshold was reached. Money above it is paid only after verified results.
site-was-withdrawn = All backers get their whole pledge back.
site-was-terminated = Money that had not been paid out goes back to the backers, each in proportion.
site-closed-upcoming = Selling begins on { $date }.
site-closed-deciding = The round has closed. You can no longer pledge. The outcome follows.
site-closed-sold-out = The whole impact value has been sold. This project has its highest amount.
site-closed-all-reserved = All that was left is reserved. Come back later: what is not paid becomes free again.
site-closed-funded = The round has closed and the project goes ahead. You can no longer pledge.
site-closed-near_miss = The round has closed. The threshold was nearly reached. A choice follows.
site-closed-failed = The round has closed. This project does not go ahead.
site-closed-running = This project is under way. You can no longer pledge.
site-closed-reporting = This project is nearly done. You can no longer pledge.
site-closed-completed = This project was carried out. You can no longer pledge.
site-closed-withdrawn = The maker has withdrawn this project.
site-closed-terminated = This project was stopped early.
site-example = This is an example. Some of the figures are made up, because the real ones are not known.
site-about = What is it about?
site-who = Who is behind it?
site-partners = Carried out together by:
site-share = share of the money: { $percent }%
site-part-of = It belongs to the coalition
site-contact = A question about this project? Mail
site-budget = What is the money for?
site-budget-lead = With the threshold the project can begin. With the whole impact value it can do everything.
site-budget-for = Costs
site-budget-minimum = With the threshold
site-budget-full = With the impact value
site-sum = Total
site-planning = Planning
site-updates-none = There are no updates yet.
site-updates-all = All { $count } updates
site-follow = Follow this project by mail
site-questions = Questions
site-update-newer = Newer update:
site-update-older = Older update:
site-facts = Facts
site-fact-number = Number
site-fact-participants = Participants
site-fact-target-group = For whom
site-fact-start = Begins on
site-fact-duration = Takes
site-months =
    { $months ->
        [one] 1 month
       *[other] { $months } months
    }
site-fact-impact = Impact value
site-fact-threshold = Threshold
site-fact-price = Price of one Rikx
site-fact-track = Track
site-fact-function = Function
site-fact-legal-basis = Legal basis
site-round-of = Round { $round }
site-report = Is something wrong on this page?
site-report-link = Tell us

## Results of a project
site-promises = Promised results
site-promises-lead = This is what the maker promises. Each result carries a part of the result money. That part is paid to the extent that the result was reached and verified.
site-promises-none = The maker has not promised results yet.
site-never-carried-out = This project was not carried out. So nothing was measured.
site-promise = Result
site-target = Target
site-due = By
site-share-of-value = Share
site-not-counted = not counted yet
site-waves = Per moment of measuring
site-wave-intake = Intake
site-wave-interim = Interim
site-wave-end = End
site-wave-follow_up_6 = After 6 months
site-wave-follow_up_12 = After 12 months
site-small-cells = We show counts, never people. Counts of participants below 10 are not shown. Others are rounded to 5.

## Open books of a project
site-books-title = Open books
site-books-lead = Every cent that came in and went out for this project, without names.
site-books-received = Received
site-books-held = Held
site-books-released = Released
site-books-refunded = Refunded
site-books-fees = Payment fees
site-books-fees-text = Payment fees are not taken from the pledges: the platform pays them.
site-books-result-money = Of the money released, { $amount } is result money. It waits for verified results.
site-books-refunds-open = Of the refunds, { $amount } is still on its way.
site-books-days = Per day
site-books-day = Day
site-books-none = No money has come in or gone out yet.
site-books-csv = Download as CSV
site-books-day-hint = A day runs from midnight to midnight, Dutch time.
site-books-disputed = Disputed

## Rounds
site-rounds-lead = In a round, projects ask for support at the same time. At the end the money received decides which go ahead.
site-rounds-none = No round has been planned yet.
site-round-window = Selling from { $from } to { $to }.
site-round-price = One Rikx costs
site-round-minimum = You can back a project from { $amount }.
site-round-opens = Selling begins on { $date }.
site-round-closed = Selling has been closed since { $date }.
site-round-more = More about this round
site-round-empty = There are no projects in this round yet.
site-round-dates = When
site-round-submissions = Makers submit from
site-round-valuation = Valuation from
site-round-selling = Selling from
site-round-closes = Selling closes
site-round-settled = Settled on
site-round-rule = Rules of this round
site-minimum = Smallest pledge
site-project = Project
site-held-short = Received
site-of-threshold = Of the threshold
site-tally-projects =
    { $count ->
        [0] No projects yet
        [one] 1 project
       *[other] { $count } projects
    }
site-tally-carried-out = { $count } carried out
site-tally-going = { $count } under way
site-tally-failed = { $count } not started
site-tally-going-label = Under way
site-tally-failed-label = Not started: threshold not reached

## Organisations and coalitions
site-kind-maker = Maker
site-kind-company = Company
site-kind-partner = Partner
site-organisation-no-projects = This organisation has no projects here now.
site-coalitions = Coalitions
site-coalition-chain = Coalition: a chain
site-coalition-learning = Coalition: learning together
site-chain-steps = The steps of the chain
site-learning-questions = What these organisations want to find out
site-coalition-partners = Who takes part?
site-founder = began this

## Results of everything together
site-impact-title = Results
site-impact-lead = What all projects reached together. We count what makers reported at their latest moment of measuring.
site-impact-small = The total adds up what the pages of the projects show. A count that is not shown there is not in it, so the total can be off by two for each project.
site-impact-totals = Promised and counted
site-impact-none = Nothing has been counted yet.
site-learning-title = Learning together
site-learning-lead = Some organisations ask the same questions and share what they find, also when something does not work.
site-learning-none = There are no learning questions yet.
