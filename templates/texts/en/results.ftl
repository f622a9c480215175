### Result money: what was earned, what is paid out and what becomes of the rest.

remainder-label = What happens to result money that is left over?
remainder-refund = Result money that was not earned by verified results goes back to the backers, each in proportion to what they gave.
remainder-match_fund = Result money that was not earned by verified results goes to the match fund { $fund }. If that fund has ended by then, it goes back to the backers, each in proportion to what they gave.
remainder-field = What happens to result money that is left over?
remainder-field-hint = Backers read this before they pay. What a match fund itself had added always goes back to that fund.
remainder-choice-refund = Back to the backers in proportion
remainder-choice-match_fund = To a match fund
remainder-fund-field = Which match fund?
remainder-fund-hint = Only when the money that is left over goes to a match fund.
remainder-fund-none = No fund
remainder-fund-missing = Choose a fund when the money goes to a match fund, and no fund when it goes back
late-days-field = How many days after the last due day do results still count?
late-days-hint = After that, what was not verified counts as zero.
late-days-wrong = Enter a whole number from 0 to 730
late-days-label = Late results
late-days-value =
    { $days ->
        [one] Results count until 1 day after the last due day of a project.
       *[other] Results count until { $days } days after the last due day of a project.
    }

results-title = Result money
results-of = Result money of { $title }
results-lead = We pay out money above the threshold for verified results. One treasurer proposes, another approves.
results-none = No project is being carried out now.
results-all = Result money in all
results-promise = Promised result
results-share = Share
results-part = Part of the money
results-target = Target
results-verified = Verified
results-reached = Reached
results-due = Earned
results-before = Released before
results-now = To release now
results-what-next = What next
results-open-figures = Being checked
results-unverified = Not verified yet
results-late-days = Days until too late
results-next-approve = Waits for a second treasurer
results-next-wait = Nothing to release now
results-next-interim = Can be released in part
results-next-final = Ready for the final settlement
results-not-verified = Not verified
results-level-staff_checked = by our team
results-level-third_party = by a third party
results-floor = Below { $percent }% of the target: nothing.
results-cap = At most { $percent }% of the part.
results-floor-and-cap = Below { $floor }% of the target: nothing. At most { $cap }% of the part.
results-why-floor = Less was reached than the floor.
results-why-cap = Up to the cap.
results-why-open = Waits: a check, a question or a dispute is open.
results-why-waits = Waits to be verified.
results-why-late = Not verified in time: counts as zero.
results-why-lowered = More was released than is earned now. The maker keeps that.
results-to = To { $name }
results-rest = Not earned
results-rest-of-backers = Of which from backers
results-stays = Of which nobody's: the bank took those payments back
results-late-from = What is not verified counts as zero from
results-final-lead = This is the final settlement. The project is completed, all backers get the letter with the results, and what was not earned leaves by the rule of the round. This cannot be undone.
results-stale = The proposal no longer fits, because something changed or because it waited too long. Propose again.
results-reason-hint = The maker reads this.
results-propose = Propose to release { $amount }
results-approve-lead = The payout is on its way to the makers at once. This cannot be undone.
results-approve = Release { $amount }
results-release = Release { $number }: { $amount }
results-kind-interim = In part
results-kind-final = Final settlement
results-see-payouts = See the payouts
results-not-funded = Result money is released only for a project that is being carried out.
results-still-closing = The decision about this project is still being carried out. Once that is done, result money can be released.
results-no-promises = This project has no promised results. Without them no result money can be released.
results-under-way = The final settlement is still being carried out.
results-nothing-now = There is nothing to release now. There will be as soon as a result is verified.
results-too-little = The books hold less result money than was earned. Look at the corrections.
approval-kind-results-release = Release result money
flash-results-proposed = Proposed. Another treasurer decides.
flash-results-approved = Approved. The money is on its way.
flash-results-withdrawn = The proposal was withdrawn.
release-state-proposed = Proposed
release-state-approved = Being carried out
release-state-done = Carried out
release-state-withdrawn = Withdrawn
release-state-expired = Expired
staff-todo-results =
    { $count ->
        [one] Result money can be released for 1 project
       *[other] Result money can be released for { $count } projects
    }
case-result_lowered = A verified result was lowered after money had been released for it
ledger-kind-result_released = Released for results
ledger-kind-result_moved = Not earned, to a match fund
paper-cause-results = Not earned by results
staff-cause-results = Not earned by results
data-cause-results = Not earned by results

results-studio-lead = This money is released to the extent that a result was reached and verified. More than promised counts as reached in full.
results-waits = Waits for results
results-studio-late = Hand in your results in time. What is not verified counts as zero from { $date }.
results-studio-rest = Not earned, and gone by the rule of the round: { $amount } from backers.
results-open = See the result money
results-released-now = Released now
results-released-all = Paid for results
results-back-to-you = Goes back to you

results-letter-line = { $verified } of { $target } { $unit }
results-letter-line-own = { $verified } of { $target } { $unit }: now { $amount }
results-letter-line-withheld = verified, but the number is not shown. Promised: { $target } { $unit }
results-letter-line-none = not verified, promised: { $target } { $unit }
letter-result_released-subject = { $amount } of result money released for { $title }
letter-result_released-text = Two treasurers decided about the result money of { $title }. Below you see for each promised result what was verified and what is released now.
letter-result_released-interim = The rest waits for results that are still to be verified.
letter-result_released-final = This is the final settlement. The project is completed.
letter-results_told-subject = The results of { $title }
letter-results_told-text = The project that you backed is completed. Below you read what was promised and what was verified. Of the result money ({ $all }), { $released } was paid to the makers for results that were reached.
letter-results_told-back = Not everything was reached. Of your pledge { $back } goes back to the account you paid with. You need not do anything.
letter-results_told-fund = Not everything was reached. What was left over, { $rest }, goes to the match fund { $fund }. The rules of the round said so.
letter-results_told-nothing = Nothing of your pledge goes back.
site-books-results = Of which paid for results
site-books-moved = Not earned, to a match fund or another project
