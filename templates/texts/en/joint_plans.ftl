# Joint plans: what partners read, answer and refuse.

plans-already-begun = You are writing a plan of this name for this round already. Open that plan, or choose another name.
plans-gap-partner = { $name } has not agreed to { $percent }% yet.
plans-gap-partner-refused = { $name } takes no part: { $reason }
plans-gap-partner-left = { $name } no longer takes part: { $reason }
plans-gap-partner-gone = { $name } no longer belongs to the coalition.

shares-members = { $count } organisations
shares-part = Part
shares-said-no = No
shares-not-agreed-by = Not agreed yet: { $who }. The plan cannot go on yet.
shares-not-whole = The parts make { $given }% together. They must make 100%: divide anew.
shares-set-anew = Divide anew
shares-joint-title = Together with others
shares-read-and-answer = Read the plan and answer
shares-read-first = Read the whole plan first. Only organisations that are asked can read it.
shares-to-answer = To the answer
shares-answer = Your answer
shares-agree-lead = You carry this plan out together then. The share is fixed as soon as the project is on sale.
shares-you-agreed = You agreed.
shares-refuse = No, we take no part
shares-refuse-lead = The organisation that asks you reads why. After that you no longer see this plan.
shares-leave = We take no part after all
shares-leave-lead = The plan cannot go on then until the parts are divided anew. The organisation that asked you reads why. After that you no longer see this plan.
shares-reason = Why not?
shares-reason-hint = For example: with another part we would take part.
shares-reason-given = Why
shares-reason-missing = Write why you take no part.
shares-reason-too-long = That is too long. Use 1,000 characters at most.
flash-shares-refused = Saved. The organisation that asked you gets a mail.

letter-share-refused-subject = { $partner } takes no part in { $title }
letter-share-refused-text = { $partner } does not agree to its part of { $title }.
letter-share-left-subject = { $partner } no longer takes part in { $title }
letter-share-left-text = { $partner } had agreed, but takes no part in { $title } after all.
letter-share-no-next = The plan cannot go on until the parts are divided anew. Ask this partner once more, or go on without it.
letter-share-no-button = Divide anew
