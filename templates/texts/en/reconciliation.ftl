### Comparing the books, and alarms.

staff-nav-reconciliation = Reconciliation
reconciliation-title = Do the books agree?
reconciliation-intro = Every night the program compares the books with the provider, the bank and the pages. Each difference becomes a case.
reconciliation-open-cases = Open cases
reconciliation-oldest = Oldest case
reconciliation-none = None
reconciliation-suspense = In suspense
reconciliation-ways = The last comparison
reconciliation-way = Held against
reconciliation-way-provider = The provider
reconciliation-way-bank = The bank
reconciliation-way-totals = The pages
reconciliation-day = Day
reconciliation-day-hint = A day that is over, such as 24-11-2026
reconciliation-by-count = Lines that agree
reconciliation-by-cents = Money that agrees
reconciliation-matched = Agree
reconciliation-differing = Differ
reconciliation-differing-cents = Difference in money
reconciliation-when = Done at
reconciliation-by = By
reconciliation-never = Not compared yet
reconciliation-no-lines = No lines
reconciliation-run = Compare now
reconciliation-newest = Done before
reconciliation-no-day = Fill in a day, such as 24-11-2026.
reconciliation-not-over = Choose a day that is over.
reconciliation-outside = The provider does not answer now. The other comparisons are done.
flash-reconciliation-done = The comparison is done.

## Cases the program finds itself
case-invariant_broken = A rule of the books does not hold
case-cause-invariant_broken = Somebody changed something in the database, or the program has a fault
staff-todo-cases =
    { $count ->
        [one] 1 open case
       *[other] { $count } open cases
    }
staff-todo-approvals =
    { $count ->
        [one] 1 proposal waits for a second person
       *[other] { $count } proposals wait for a second person
    }
staff-todo-invariants =
    { $count ->
        [one] Alarm: 1 rule of the books does not hold
       *[other] Alarm: { $count } rules of the books do not hold
    }
staff-todo-alarm = Alarm: { $what } ({ $detail })

## What lasts too long
alarm-payment-created = a payment has no payment page after 30 minutes
alarm-payment-open = a payment page is still open an hour after its end
alarm-payment-processing = a payment has been under way for two weeks
alarm-refund-due = a refund has not been asked for after an hour
alarm-refund-requested = a refund has no answer after an hour
alarm-refund-pending = a refund has been under way for ten days
alarm-transfer-planned = a bank transfer has been waiting for a week
alarm-batch-approved = an approved file for the bank has not been sent after two days
alarm-tranche-approved = an approved tranche is not on its way after two days
alarm-claim-given = a backer gave an account a week ago and is not paid
alarm-transfer-sent = a bank transfer is not confirmed after five days
alarm-letter-queued = a letter has been waiting for an hour
alarm-job-overdue = a job is an hour late
alarm-settlement-executing = a settlement has been running for two days
alarm-proposal-waiting = a proposal is about to expire
alarm-unsealed = a posting is not sealed after an hour
alarm-suspense = money has been in suspense for more than a day
alarm-case-old = a case is older than five days
alarm-task-off = a task has been off for a day
alarm-task-late = a task by the clock is an hour late
task-reconciliation = Comparing the books
task-alarms = Looking for what lasts too long
task-invariants = Checking the rules of the books
