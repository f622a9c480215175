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
claim-safe = Sending the money back the way you paid did not work. Your money is safe with us.
claim-paid-next = We transferred the money. Below you see to which account.
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

## Payouts to organisations
payouts-title = Payouts
payouts-payable = To be paid out
payouts-nothing-payable = There is no money to pay out yet.
payouts-became-payable = Granted
payouts-given = Decided
payouts-left = Left to pay out
payouts-choose-project = Choose a project
payouts-amount-hint = The amount is divided over the organisations of the project by their shares.
payouts-amount-wrong = This is not an amount. Write it as 250 or 250.50.
payouts-reason-hint = For example: first part of the start money. The organisation reads this too.
payouts-propose = Propose this payout
payouts-tranches = Tranches
payouts-none = Nothing has been paid out yet.
payouts-none-yet = Nothing has been paid to this organisation yet.
payouts-receiver = To
payouts-way = How
payouts-way-bank = By bank
payouts-way-provider = By the payment provider
payouts-waits-account = Waits for an account that was checked.
payouts-waits-cool-down = Waits until the changed account is three days old.
payouts-decision-title = Payout of { $amount }
payouts-expired = This proposal is older than a day and can no longer be approved. Withdraw it and propose it again.
payouts-approve-lead = You approve exactly these amounts for these organisations.
payouts-approve = Approve the payout of { $amount }
payouts-withdraw = Withdraw this proposal
payouts-accounts-waiting = Accounts to be checked
payouts-account-title = Account of { $organisation }
payouts-entered-by = Entered by
payouts-usable-at = Can be used from
payouts-current-account = Account so far
payouts-account-reason-hint = Write down how you checked whose account this is, for example by a letter of the bank or by calling a number you already had.
payouts-account-propose = The account is right: put it before a second person
payouts-account-approve-lead = Check yourself whose account this is. From then on payouts go there.
payouts-account-approve = Approve this account
payouts-account = Bank account
payouts-account-none = No account is known yet. Without one we cannot pay out.
payouts-account-enter = Enter an account
payouts-account-lead = Two treasurers check the account. A changed account is not used before three days have passed. All owners get an e-mail about it.
payouts-account-save = Save this account
payouts-account-take-back = Withdraw this account
payouts-no-organisation = You are not an owner or bookkeeper of an organisation.
payouts-decided-at = Decided on
payouts-sent-at = Sent on
payouts-open = See the payouts
payouts-letter-why = You get this e-mail because you are an owner of this organisation.
payouts-text = Payout project { $number } { $title }
payouts-too-much = There is not so much left to pay out.
payouts-not-payable = Nothing can be paid to this project now.
payouts-not-proposed = This payout has moved on.
payouts-no-such-account = This account can no longer be changed.
flash-payouts-proposed = Proposed. Another treasurer can approve the payout now.
flash-payouts-approved = Approved. The payout goes as soon as there is an account that was checked.
flash-payouts-withdrawn = Withdrawn. The money can be paid out again.
flash-payouts-account-proposed = Put forward. Another treasurer can approve the account now.
flash-payouts-account-verified = The account is approved.
flash-payouts-account-entered = Saved. Two treasurers check the account.
flash-payouts-account-taken-back = The account is withdrawn.
tranche-state-withdrawn = Withdrawn
account-state-entered = Being checked
account-state-verified = Checked
account-state-replaced = Replaced
account-state-withdrawn = Withdrawn
letter-tranche_approved-subject = { $amount } for { $organisation } is approved
letter-tranche_approved-text = We pay { $amount } to { $organisation }. The money goes to the account that we checked.
letter-tranche_paid-subject = { $amount } has been paid to { $organisation }
letter-tranche_paid-text = { $amount } is on the account of { $organisation }.
letter-tranche_returned-subject = The payout of { $amount } came back
letter-tranche_returned-text = The bank sent { $amount } back to us. See whether the account of { $organisation } is still right. The money is kept for you.
letter-account_entered-subject = An account was entered for { $organisation }
letter-account_entered-text = Somebody who is an owner of { $organisation } entered this account for payouts. Is that not right? Then withdraw the account at once.
letter-account_verified-subject = The account of { $organisation } has been checked
letter-account_verified-text = Two treasurers checked this account. From now on payouts to { $organisation } go there. Is that not right? Then withdraw the account at once, or contact us.

## What a second person approves
approval-kind-transfers-batch = A file of transfers
approval-kind-payouts-tranches = A payout
approval-kind-payouts-account = The account of an organisation

## Own account at the payment provider
payouts-connected = Account at the payment provider
payouts-connected-none = This organisation has no account of its own at the payment provider.
payouts-connected-lead = With an account of its own at our payment provider, payouts go there by themselves. The provider asks for details of the organisation. You do not have to: a bank account will do.
payouts-connect = Go to the payment provider
payouts-waits-balance = Waits for money at the payment provider; we try again by ourselves.
payouts-waits-provider = The payment provider cannot pay to this account now; we try again by ourselves.
connected-state-asked = Being made
connected-state-incomplete = Not finished
connected-state-verified = Checked by the payment provider

## What needs somebody today
staff-todo-transfers =
    { $count ->
        [one] 1 transfer waits for a file
       *[other] { $count } transfers wait for a file
    }
staff-todo-accounts =
    { $count ->
        [one] 1 account of an organisation is to be checked
       *[other] { $count } accounts of organisations are to be checked
    }
