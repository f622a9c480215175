### The pages of the platform team.

staff-nav-label = Platform team
staff-nav-home = Today
staff-nav-rounds = Rounds
staff-nav-pledges = Pledges
staff-nav-payments = Payments
staff-nav-refunds = Refunds
staff-nav-jobs = Technology

## Today
staff-home-title = Platform team
staff-home-today = What needs somebody now
staff-home-nothing = Nothing is waiting for you.
staff-home-numbers = The platform in numbers
staff-todo-submitted =
    { $count ->
        [one] Round { $round }: look at 1 submitted project
       *[other] Round { $round }: look at { $count } submitted projects
    }
staff-todo-propose = Round { $round }: propose the settlement
staff-todo-own-proposal = Round { $round }: your proposal waits for another treasurer
staff-todo-approve = Round { $round }: a proposal waits for approval
staff-todo-executing = Round { $round }: the settlement is being carried out
staff-todo-paused = Round { $round }: the settlement is paused
staff-todo-closes-soon = Round { $round }: the sale is about to close
staff-todo-disputes =
    { $count ->
        [one] 1 disputed pledge
       *[other] { $count } disputed pledges
    }
staff-todo-refunds-failed =
    { $count ->
        [one] 1 refund did not arrive
       *[other] { $count } refunds did not arrive
    }
staff-todo-jobs =
    { $count ->
        [one] 1 job is stuck
       *[other] { $count } jobs are stuck
    }
staff-todo-letters =
    { $count ->
        [one] 1 letter was not sent
       *[other] { $count } letters were not sent
    }
staff-number-pledges-reserved = Pledges reserved
staff-number-pledges-processing = Pledges on their way
staff-number-pledges-held = Pledges held
staff-number-pledges-released = Pledges gone to a project
staff-number-refunds-under-way = Refunds on their way
staff-number-refunds-done = Refunds that arrived

## Rounds
staff-round = Round
staff-state = State
staff-closing = Closing
staff-round-submissions = Submissions from
staff-round-valuation = Valuation from
staff-round-selling = Sale from
staff-round-closes = Sale until
staff-round-settled = Settled
staff-projects = Projects
staff-project = Project
staff-processing = On its way
staff-reserved = Reserved
staff-held-at-decision = Held when decided
staff-timeline = What happened
staff-by = by

## Lists
staff-filter-label = Choose what you see
staff-filter-all = All
staff-reference = Reference
staff-made = Made
staff-paid = Paid
staff-finished = Finished
staff-attempts = Attempts
staff-trouble = What went wrong
staff-provider-id = Number at the payment provider

## A pledge
staff-pledge-title = Pledge { $reference }
staff-pledge-amount = Amount
staff-pledge-kind = Kind
staff-kind-gift = Gift
staff-kind-purchase = Purchase by a company
staff-pledge-backer = The backer's e-mail address
staff-pledge-name = Name
staff-pledge-made = Made on
staff-pledge-held = Received on
staff-pledge-company = Company
staff-pledge-kvk = Chamber of Commerce number
staff-pledge-contract = Contract reference
staff-payment = Payment
staff-payment-none = This pledge has no payment.
staff-payment-state = State
staff-payment-method = Way to pay
staff-payment-fee = Cost of the payment provider
staff-payment-id = Our number
staff-payment-session = Payment page at the provider
staff-payment-intent = Payment at the provider
staff-refund-cause = Why it goes back
staff-cause-round_failed = Threshold not reached
staff-cause-cancelled = Cancelled by the backer
staff-cause-late = Paid too late
staff-cause-withdrawn = Project withdrawn
staff-cause-terminated = Project stopped
staff-books = In the books
staff-books-none = The books say nothing about this pledge yet.
staff-books-moment = Moment
staff-books-kind = Posting
staff-books-account = Account

## Technology
staff-jobs-waiting = Jobs waiting
staff-jobs-oldest = The oldest job waits for
staff-jobs-failing = Jobs that fail
staff-jobs-none = All jobs succeed.
staff-jobs-kind = Job
staff-jobs-subject = Subject
staff-jobs-next = Next attempt
staff-letters-queued = Letters queued
staff-letters-sent = Letters sent
staff-letters-skipped = Letters no longer needed
staff-letters-failed = Letters not sent
staff-seconds =
    { $count ->
        [one] 1 second
       *[other] { $count } seconds
    }
staff-minutes =
    { $count ->
        [one] 1 minute
       *[other] { $count } minutes
    }
