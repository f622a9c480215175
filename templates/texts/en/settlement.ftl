### Closing a round: what the platform team sees, and what is not allowed.

## Why something cannot be done
settlement-not-selling = This round is not open for pledges (any more).
settlement-not-closing = This round is not being closed. A proposal is possible once the sale has ended.
settlement-reason-missing = Write down why.
settlement-reason-too-long = Keep the reason under 1000 characters.
settlement-not-treasurer = Only a treasurer may do this.
settlement-factor-not-fresh = First confirm again that it is you, with your code.
settlement-own-proposal = You cannot approve your own proposal. Another treasurer does that.
settlement-outdated = The list has changed since this proposal. Look at the new list and propose that one.
settlement-proposal-expired = This proposal is more than a day old. Propose it again.
settlement-nothing-proposed = There is no proposal to approve.
settlement-already-proposed = This list has been proposed already. Another treasurer can approve it now.
settlement-already-approved = This round has been approved already. Below you see how it is going.
settlement-not-running = There is nothing to pause now.
settlement-not-paused = Nothing is paused.

## States of a settlement
settlement-state-proposed = Proposed
settlement-state-expired = Expired
settlement-state-executing = Being carried out
settlement-state-paused = Paused
settlement-state-done = Carried out

## The page
settlement-title = Closing round { $round }
settlement-early = This round does not sell yet. The sale begins on { $moment }.
settlement-selling = The sale runs until { $moment }. Then the closing begins by itself. This is how it would end now.
settlement-readiness = Is everything ready?
settlement-ready = Everything is ready.
settlement-not-ready = Not everything is ready. Who proposes now explains in the reason why that is all right.
settlement-ready-open-sessions = Open payment pages
settlement-ready-processing = Payments on their way
settlement-ready-disputes = Disputed pledges
settlement-ready-refunds = Refunds on their way
settlement-ready-differences = Differences with the books
settlement-dry-run = What would happen
settlement-decided = What was decided
settlement-outcome = Go ahead: { $funded }. Do not: { $failed }.
settlement-pledges-count =
    { $count ->
        [one] This is about 1 pledge.
       *[other] This is about { $count } pledges.
    }
settlement-no-projects = No projects are for sale in this round.
settlement-hash = Check number of the list
settlement-decision = Decision
settlement-threshold = Threshold
settlement-held = Held
settlement-start = Start money
settlement-result = Result money
settlement-refund = Back to backers
settlement-pledges = Pledges
settlement-backers = Backers
settlement-total = Total
settlement-amount = Amount
settlement-count = Number
settlement-effects = Effects
settlement-effect-releases =
    { $count ->
        [one] For 1 pledge the backer hears that the project goes on.
       *[other] For { $count } pledges the backers hear that the project goes on.
    }
settlement-effect-refunds =
    { $count ->
        [one] 1 pledge goes back completely.
       *[other] { $count } pledges go back completely.
    }
settlement-effect-time = Expected time: { $time }.
settlement-at-provider = By our books the payment provider keeps { $amount }.
settlement-shortage = For the refunds { $amount } is missing there.
settlement-letters = Every backer gets one letter per pledge: the project goes on, with what happens to the money, or it does not and the money comes back. Another letter follows when the money has been sent back.
settlement-proposal = Proposal
settlement-proposed-by = Proposed by
settlement-approved-by = Approved by
settlement-expires = Valid until
settlement-finished = Finished
settlement-reason = Reason
settlement-only-treasurers = Only treasurers can propose and approve.
settlement-wait-for-other = You proposed this yourself. It is another treasurer's turn now.
settlement-approve-lead = After the approval the list is fixed and the execution begins at once. This cannot be undone.
settlement-approve = Approve the settlement of round { $round }
settlement-begin-title = Close early
settlement-begin-lead = From that moment nobody can pledge any more. Open payment pages are ended.
settlement-begin-reason-hint = Why does the round close before its date?
settlement-begin = End the sale now
settlement-propose-title = Propose
settlement-propose-reason-hint = Why may the round be settled like this? Also name what is not ready yet.
settlement-propose = Propose this list
settlement-board = Execution
settlement-reloads = This page reloads itself.
settlement-reload-off = Turn that off
settlement-reload-on = Let the page reload itself
settlement-lines = Pledges
settlement-lines-done = { $done } of { $planned } pledges processed
settlement-rate = Rate: { $second } per second, { $minute } in the last minute.
settlement-left = About { $time } left.
settlement-effect = Effect
settlement-line-release = To the project
settlement-line-refund = Back to the backer
settlement-planned = Planned
settlement-done = Processed
settlement-amount-planned = Amount planned
settlement-amount-done = Amount processed
settlement-refunds = Refunds
settlement-aside = Put aside
settlement-failed = Refunds that did not arrive
settlement-retried = Refunds that are tried again
settlement-pause = Pause
settlement-resume = Go on
settlement-retry = Try again what was put aside
settlement-pause-lead = During a pause nothing new begins. Refunds that are waiting are not sent. What the payment provider already has goes on.
settlement-protocol = Download the protocol (CSV)

## Short messages
flash-closing-begun = The sale has ended.
flash-closing-proposed = The list is proposed. Another treasurer can approve it now.
flash-closing-approved = The settlement is approved. The execution has begun.
flash-closing-paused = The execution is paused.
flash-closing-resumed = The execution goes on.
