### Words that every page uses: frame, forms, pages, and the names of all states.

## Frame
skip-to-content = Skip to content
language-other-code = nl
language-other-name = Nederlands
nav-label = Main menu
nav-projects = Projects
nav-rounds = Rounds
nav-impact = Results
nav-how-it-works = How it works
nav-account = My Drempel
footer-label = About Drempel
footer-contact = Contact and help
footer-how-it-works = How it works
footer-conduct = Code of conduct
footer-complaints = Make a complaint
footer-privacy = Privacy
footer-terms = Terms
footer-accessibility = Accessibility
footer-security = Security
footer-signed-in-as = You are signed in as
footer-about = Drempel helps social projects in Rotterdam get going. A project starts once its threshold is reached.
dev-notice = This is a test environment. No real money moves.
dev-link = Test tools

## Forms
form-optional = (optional)
form-all-required = Fill in every field, except where it says (optional).
form-error-prefix = Error:
form-error-summary-title = There is a problem
form-not-filled-in = Not filled in
form-change = Change
form-choose = Make a choice
form-save = Save
form-continue = Continue
form-back = Back
form-filter = Filters
form-filter-apply = Show projects
form-filter-clear = Clear all filters
form-yes = Yes
form-no = No
print = Print this page
step = Step
step-of = of

## Pages of a list
pager-label = Pages
pager-previous = Previous
pager-next = Next
pager-page = Page
pager-of = of

## Progress of a project
progress-title = Support so far
progress-held = Received and held
progress-received = Received when the round closed
progress-held-short = received
progress-processing = Payment on its way
progress-reserved = Reserved, not yet paid
progress-threshold = Threshold
progress-threshold-short = threshold
progress-impact = Impact value (most that can be pledged)

## States of a project. "Carried out" and "closed: threshold not reached" must never look alike.
project-state-draft = Draft
project-state-submitted = Submitted
project-state-returned = Sent back for changes
project-state-in_valuation = Being valued
project-state-listed = Asking for support
project-state-rejected = Not admitted
project-state-funded = Goes ahead
project-state-near_miss = Nearly reached: a choice follows
project-state-failed = Not started: threshold not reached
project-state-running = Under way
project-state-reporting = Results being gathered
project-state-completed = Carried out
project-state-withdrawn = Withdrawn by the organisation
project-state-terminated = Stopped early

## States of a pledge
pledge-state-reserved = Reserved, not yet paid
pledge-state-processing = Payment on its way
pledge-state-held = Received and held
pledge-state-released = Paid out to the project
pledge-state-expired = Expired, not paid
pledge-state-refunding = Being refunded
pledge-state-refunded = Refunded
pledge-state-disputed = Disputed at the bank

## States of a payment
payment-state-created = Created
payment-state-open = Waiting for payment
payment-state-processing = On its way at the bank
payment-state-succeeded = Paid
payment-state-failed = Failed
payment-state-expired = Expired

## States of a refund
refund-state-due = Ready
refund-state-requested = Requested
refund-state-pending = On its way
refund-state-succeeded = Refunded
refund-state-failed = Failed
refund-state-unclaimed = Waiting for your account number
refund-state-paid_by_bank = Refunded by bank transfer

## States of a tranche
tranche-state-planned = Planned
tranche-state-proposed = Proposed
tranche-state-approved = Approved
tranche-state-sent = Sent to the bank
tranche-state-confirmed = Paid out
tranche-state-returned = Returned by the bank

## States of a round
round-state-planned = Planned
round-state-submissions = Open for new projects
round-state-valuation = Projects being valued
round-state-selling = Open for pledges
round-state-closing = Being closed
round-state-settled = Closed
