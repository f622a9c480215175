### Money that leaves: bank transfers, refunds that could not arrive, payouts.

## Bank transfers
transfers-title = Transfers
transfers-planned = Waits for a file
transfers-none-planned = Nothing is waiting.
transfers-planned-sum = { $count ->
    [one] 1 amount, { $amount } in all
   *[other] { $count } amounts, { $amount } in all
}
transfers-pick = Choose
transfers-choice = What goes into the file?
transfers-choice-all = Everything that is waiting
transfers-choice-picked = Only what is chosen above
transfers-reason-hint = For example: refunds of this week. Another treasurer reads this.
transfers-propose = Propose a file
transfers-files = Files for the bank
transfers-file = Proposed on
transfers-no-files = No file has been made yet.
transfers-file-title = File of { $moment }
transfers-purpose = What for
transfers-purpose-refund = Refund
transfers-purpose-claim = Refund to the account given
transfers-purpose-return = Back to the sender
transfers-purpose-tranche = Payout
transfers-name = Receiver
transfers-iban = Account
transfers-text = Description
transfers-end-to-end = Reference
transfers-lines = Transfers in this file
transfers-execution-day = To be paid on
transfers-downloaded = Downloaded on
transfers-sent-at = At the bank since
transfers-file-hash = Check number of the file (SHA-256)
transfers-expired = This proposal is older than a day and can no longer be approved. Withdraw it and propose it again.
transfers-approve-lead = Check the list. You approve exactly these accounts and amounts.
transfers-approve = { $count ->
    [one] Approve 1 transfer of { $amount }
   *[other] Approve { $count } transfers of { $amount } in all
}
transfers-to-the-bank = To the bank
transfers-to-the-bank-lead = Download the file and hand it to the bank. Each transfer is done when the next bank statement shows it.
transfers-download = Download the file
transfers-mark-sent = The file has been handed to the bank
transfers-withdraw-title = Withdraw
transfers-withdraw-lead = As long as nobody has downloaded the file, you can withdraw it. Its transfers then wait for a file again.
transfers-withdraw = Withdraw this file
transfers-nothing-chosen = Choose at least one transfer.
transfers-not-planned = One of these transfers is no longer waiting. Look at the list again.
transfers-not-approved = This file is not approved, or it has moved on.
transfers-not-downloaded = Download the file first.
transfers-not-withdrawable = This file can no longer be withdrawn: it may be at the bank already.
transfers-text-claim = Refund of pledge { $reference }
flash-transfers-proposed = Proposed. Another treasurer can approve the file now.
flash-transfers-approved = Approved. The file can go to the bank.
flash-transfers-sent = Noted: the file is at the bank.
flash-transfers-withdrawn = Withdrawn. The transfers wait for a file again.
batch-state-proposed = Proposed
batch-state-approved = Approved
batch-state-sent = At the bank
batch-state-confirmed = Paid
batch-state-withdrawn = Withdrawn
transfer-state-planned = Waiting
transfer-state-batched = In a file
transfer-state-sent = At the bank
transfer-state-confirmed = Paid
transfer-state-returned = Came back
transfer-state-cancelled = No longer needed

## Refunds that could not arrive
staff-nav-claims = Unclaimed
claims-lead = These refunds could not arrive. Their backers were asked for an account, with a reminder after 30 and after 90 days.
claims-none = No refund waits for an account.
claims-age = Days
claims-given = Account given
claims-not-given = Not yet
claims-reminders = Reminders
claim-title = Where may your money go?
claim-lead = We could not send { $amount } back the way you paid. Give us an account and we will transfer it.
claim-change-lead = You gave account { $account } before. What you fill in here takes its place.
claim-iban = Account number (IBAN)
claim-iban-hint = For example NL91 ABNA 0417 1643 00
claim-holder = Name of the account holder
claim-holder-hint = As the bank knows it.
claim-to-check = Continue
claim-privacy = We use these details only to send you this amount.
claim-check-title = Is this account right?
claim-check-lead = Look once more. The money goes to this account.
claim-confirm = Yes, pay me back here
claim-give = Give your account
claim-change = Give another account
claim-waits = You gave account { $account }. Two treasurers transfer the money, usually within a few working days.
claim-account = Account
claim-not-you = Was this not you? Then open your pledge and give an account yourself. We will first ask you to show that this is your mail address.
claim-iban-missing = Fill in your account number.
claim-iban-wrong = This account number is not right. See whether a character is missing or swapped.
claim-holder-missing = Fill in the name of the account holder.
claim-holder-too-long = Keep the name under 70 characters.
claim-nothing = No account is needed for this pledge.
claim-being-paid = Your money is already being transferred to the account you gave before. It can no longer be changed.
flash-claim-given = We noted your account and sent you an e-mail.
letter-claim_received-subject = We received your account
letter-claim_received-text = You gave an account for the refund of { $amount }. Two treasurers transfer the money, usually within a few working days.
letter-claim_changed-subject = Your account was changed
letter-claim_changed-text = Another account was given for the refund of { $amount }. The money goes to the new account.
letter-claim_paid-subject = Your money has been transferred
letter-claim_paid-text = We sent { $amount } for { $title } back to the account you gave.
letter-claim_returned-subject = Your money came back to us
letter-claim_returned-text = The bank sent { $amount } back to us. Perhaps the account no longer exists. The money is safe with us. Open your pledge and give an account.
letter-claim_reminder-subject = We still have money of yours
letter-claim_reminder-text = We could not send back { $amount } for { $title }. Open your pledge and give an account, and we will transfer it.
letter-claim_last_reminder-subject = Last reminder: we still have money of yours
letter-claim_last_reminder-text = We still keep { $amount } for you, of your pledge to { $title }. Open your pledge and give an account, and we will transfer it. This is the last reminder; your money remains yours.
