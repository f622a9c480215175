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
