### What happens by itself, with a switch.

staff-tasks = What happens by itself
staff-tasks-intro = A treasurer or administrator can switch each task off and on again. What has begun is finished.
staff-task = Task
staff-task-rhythm = When
staff-task-switch = Switch
staff-task-off-since = Off since
staff-task-next = Next time
staff-task-ran = Last time
staff-task-took = Took
staff-task-outcome = Outcome
staff-task-failures = Failed in a row
staff-task-result = Result
staff-task-never = Not yet
staff-task-done = Done
staff-task-failed = Failed
staff-task-run = Do this now
staff-task-turn-off = Switch off
staff-task-turn-on = Switch on
staff-task-reason = Why
staff-task-reason-hint = This is kept in the history of this task.
staff-rhythm-always = All the time
staff-rhythm-jobs = When there is work
staff-rhythm-every = Every { $time }
staff-rhythm-daily = Every day after { $hour }:00
staff-milliseconds = { $count } ms
staff-hours =
    { $count ->
        [one] 1 hour
       *[other] { $count } hours
    }
staff-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
task-state-on = On
task-state-off = Off
flash-task-on = The task is on again.
flash-task-off = The task is off.
flash-task-asked = The task begins shortly.

## What each task does
task-refunds = Sending refunds
task-letters = Sending letters
task-sealing = Sealing the books
task-sessions = Asking for payment pages for those in line
task-closing = Ending the sale of a round
task-payment-check = Looking at payments at the provider
task-refund-check = Looking at refunds at the provider
task-updates-publish = Publishing progress updates
task-updates-mail = Preparing letters about progress
task-payouts-pay = Make payouts
task-balance = Reading the provider's balance
task-forget = Tidy data that had its time
task-erasures = Erase people who asked for it
