### A near miss: the owner says how it goes on with less, backers choose. And a project that its owner takes back.

## What can be wrong
settlement-nothing-due = No near miss can be decided yet.
consent-not-asked = This project was not asked how it goes on with less, or has said so already.
consent-asked-too-late = The time to say this is over. Everybody gets their money back.
consent-words-missing = Write how the project goes on with less money, in Dutch or in English.
consent-words-too-long = This is too long: 4,000 characters at most.
choice-nothing = There is nothing to choose for this pledge.
choice-too-late = The time to choose is over.
choice-not-held = This pledge is no longer held, so there is nothing to choose.
withdraw-still-plan = As long as this is a plan, withdraw it on the page of the plan.
withdraw-not-owner = Only an owner of the organisation can take the project back.
withdraw-funded = This project was funded, so you cannot take it back yourself. The Drempel team can stop it: write to us.
withdraw-over = This project can no longer be taken back.
withdraw-reason-missing = Write why you take the project back. Backers will read it.
withdraw-reason-too-long = This is too long: 1,000 characters at most.

## Letters
consent-least = Must be kept at least
consent-owner-until = You can write until
consent-open = Write how it goes on
consent-why = You get this message because you are an owner of the organisation of this project.
withdraw-at = Taken back on
choice-owner-says = What the owner says
choice-open = Make your choice
letter-consent_asked-subject = { $title }: the threshold was nearly reached, it is your turn
letter-consent_asked-text = The round has closed. Your project holds { $amount }, and the threshold is { $threshold }. It can go on with less when your backers agree. Write until { $date } how the project goes on with less money. After that your backers have five days to choose. If you do not write, everybody gets their money back.
letter-choice_asked-subject = { $title }: do you keep your pledge of { $amount }?
letter-choice_asked-text = The threshold was nearly reached. The owner wants to go on with less money, and writes below how. You decide what happens with your pledge: keep it, add to it, or take it back. You can choose until { $date }. If you do not choose, you get your whole pledge back. The project starts when { $least } is kept.
letter-choice_reminder-subject = { $title }: choose before tomorrow what happens with your { $amount }
letter-choice_reminder-text = You have not chosen yet. You can keep your pledge, add to it, or take it back until { $date }. If you do not choose, you get your whole pledge back.
letter-raise_received-subject = { $title }: we received your extra { $amount }
letter-raise_received-text = Thank you, the money you added has arrived. We keep it safe with your pledge. Backers can choose until { $date }. Then you hear whether the project starts.
letter-choice_won-subject = { $title }: the project starts, with your { $amount }
letter-choice_won-text = Good news: enough backers kept their pledge, so the project starts with less money. Your money goes to the project.
letter-choice_left-subject = { $title }: you get { $amount } back
letter-choice_left-text = The project starts with less money. You did not keep your pledge, so you get it back completely, the way you paid. You need not do anything.
letter-choice_lost-subject = { $title }: the project does not start, you get { $amount } back
letter-choice_lost-text = Too little was kept to start with less money, so the project does not start. You get your whole amount back, the way you paid. You need not do anything.
letter-project_withdrawn-subject = { $title } was taken back by its owner, you get { $amount } back
letter-project_withdrawn-text = The owner has taken this project back, so it does not start. Below is the reason. You get your whole amount back, the way you paid. You need not do anything.
letter-project_taken_back-subject = { $title } has been taken back
letter-project_taken_back-text = An owner of your organisation has taken this project back. Nobody can pledge for it any more, and everybody who paid gets their money back.
settlement-line-consent = Waits for a choice

## The page of a pledge
choice-title = Your choice
choice-question = What do you want to do with your pledge?
choice-question-hint = If you choose nothing, you get your whole pledge back.
choice-keep = I keep my pledge
choice-raise = I keep my pledge and add to it
choice-withdraw = I take my pledge back
choice-amount = Amount to add, in euros
choice-amount-hint = Only when you add to it. You pay it on the page of the bank, the way you paid before; a bank transfer takes too long, then it is iDEAL | Wero.
choice-amount-limits = At least { $minimum }, at most { $available }.
choice-button = Confirm my choice
choice-until = You can choose, and choose otherwise, until { $date }. Your money stays safe with us until then. Who takes a pledge back gets the money after the decision.
choice-least = The project starts when { $amount } or more is kept.
choice-made-silent = You have not chosen yet.
choice-made-keep = You keep your pledge.
choice-made-raise = You keep your pledge and add to it.
choice-made-withdraw = You take your pledge back. You get it back with the decision, together with what you added.
choice-added = What you added. It goes the way of your pledge, and counts once it is paid.
choice-adds-to = This adds to your pledge
choice-next-added = This adds to your pledge and goes the same way: it is kept, or it goes back.
choice-next-asked = The threshold was nearly reached. The owner is writing how the project can go on with less money. After that you choose what happens with your pledge. You get a letter then.
choice-next-choosing = The threshold was nearly reached. Choose until { $date } what happens with your pledge.
choice-next-due = The time to choose is over. Now it is decided whether the project starts. You get a letter then.
choice-next-decided = It has been decided whether the project starts. Your money is on its way.
choice-next-withdrawn = The owner has taken the project back. You get your whole amount back.
flash-choice-made = Your choice is noted. You can change it until the term.
withdraw-backers-title = The owner took this project back

## The studio
consent-title = Nearly reached: go on with less?
consent-stage-asked = The threshold was nearly reached. Write how the project goes on with less money, then your backers choose.
consent-stage-choosing = Your backers have your words and choose.
consent-stage-due = The time is over. The Drempel team decides by what was kept.
consent-stage-decided = It has been decided.
consent-stage-withdrawn = The project was taken back.
consent-lead = Tell your backers plainly what changes: what you do, for how many people, and what you leave out. They read this before they choose.
consent-words-nl = In Dutch
consent-words-en = In English
consent-words-hint = One language is enough; who reads the other sees the same text.
consent-fixed = You cannot change this after you have sent it. All your backers get a letter at once and have five days to choose.
consent-button = Send this to my backers
consent-or-withdraw = Does it not work with less?
consent-your-words = What you wrote
consent-choices = How your backers choose
consent-kept = Kept so far: { $kept }. The project starts with { $least } or more.
consent-choice = Choice
consent-keep = Kept
consent-raise = Kept by who adds
consent-withdraw = Taken back
consent-silent = No choice yet
consent-added = Added
consent-choose-until = Backers can choose until
consent-next = Write before { $moment } how the project goes on with less
consent-not-owner = Only an owner of the organisation can write how the project goes on with less.
flash-consent-said = Your backers are being written to.
withdraw-title = Take this project back
withdraw-lead = You can take a project back as long as it has not been funded. Nobody can pledge any more from that moment. Everybody who paid gets everything back, and a letter with your reason.
withdraw-held =
    { $backers ->
        [0] Nobody has paid yet.
        [one] 1 backer gets { $amount } back.
       *[other] { $backers } backers get { $amount } back.
    }
withdraw-reason = Why do you take it back?
withdraw-reason-hint = Your backers and everybody on the page of the project read this.
withdraw-final = This cannot be undone.
withdraw-button = Take the project back and refund everybody
withdraw-done = Everybody who paid gets the money back.
withdraw-write-to-us = Write to us
withdraw-public-title = Taken back by its maker
flash-withdrawn = The project is taken back. The refunds are being made.

## The page of a project
near-title = Nearly reached
near-asked = The round has closed and the threshold was nearly reached. The maker can write until { $date } how the project goes on with less money. After that the backers choose.
near-choosing = The threshold was nearly reached. The backers choose until { $date } whether they keep their pledge. With { $least } or more the project goes ahead.
near-due = The backers have chosen. Now it is decided whether the project goes ahead.
near-saved = The threshold was nearly reached. Enough was kept to go ahead with less money.
near-failed = The threshold was nearly reached, but too little was kept to go ahead. All backers get their money back.

## The closing
settlement-waits = Waits for a choice
settlement-near =
    { $count ->
        [one] Nearly reached: 1 project, whose owner and backers choose first.
       *[other] Nearly reached: { $count } projects, whose owners and backers choose first.
    }
settlement-effect-consents =
    { $count ->
        [one] 1 pledge stays held; its backer is asked when the owner has written.
       *[other] { $count } pledges stay held; their backers are asked when the owner has written.
    }
settlement-near-title = Nearly reached
settlement-near-lead = These projects wait for their owner and backers. When the time of one is over, it can be proposed and approved on this page; the others go on waiting. The round ends when none waits.
settlement-near-until = Until
settlement-near-kept = Kept in all
settlement-earlier = Earlier decisions
settlement-earlier-one = Approved on { $moment }.
near_miss-state-asked = The owner is asked
near_miss-state-choosing = Backers choose
near_miss-state-due = Ready to decide
near_miss-state-decided = Decided
near_miss-state-withdrawn = Taken back
staff-todo-near-due = Round { $round }: a near miss can be decided
staff-todo-near-waits = Round { $round }: near misses wait for owners and backers

## What happened, in a list
choice-state-keep = Choice: keep
choice-state-raise = Choice: keep and add
choice-state-withdraw = Choice: take back
choice-matched = { $name } adds { $ratio } percent of what you add, { $most } at most, as long as the fund has money.
choice-not-matched = No match fund adds to what you add.
