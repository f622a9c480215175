### What there is to say about money that counts again later, about what a backer adds, and about a round that stays open longer.

consent-not-owner = Only an owner of the organisation can write how the project goes on with less.
choice-matched = { $name } adds { $ratio } percent of what you add, { $most } at most, as long as the fund has money.
choice-not-matched = No match fund adds to what you add.
letter-dispute_late-subject = { $title }: you get { $amount } back
letter-dispute_late-text = Your bank had asked for this payment back. That is why your pledge did not count for a while. Now the money is with us again. Meanwhile it was decided about this project, and nobody could choose any more. What two people have decided does not change afterwards. So you get your whole amount back, the way you paid. You need not do anything.
extension-reason-nl = Reason in Dutch
extension-reason-en = Reason in English
extension-reason-missing = Write why, in Dutch and in English. Everybody reads this.
