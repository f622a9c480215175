### Plans: how owners write and hand in a project, and how reviewers talk it over with them.

plans-plan = Plan
studio-part-plan = Plan
plans-new = New plan
plans-new-lead = A plan begins with a round, a title and an amount. The rest you write afterwards, in steps and in any order. Nobody but you and your organisation sees it until you hand it in.
plans-no-round = No round takes plans at the moment.
plans-until = until { $moment }
plans-organisation = Organisation
plans-choose-organisation = Choose the organisation.
plans-choose-round = Choose a round that takes plans.
plans-begin = Begin the plan
plans-asked = What you ask for
plans-asked-minimum = Needed at least
plans-asked-full = Needed in full
plans-hint-minimum = The amount with which the project can just start. The threshold follows from it.
plans-hint-full = The amount for the whole project. The impact value follows from it.
plans-full-below-minimum = The full amount cannot be less than the least amount.

plans-back = Back to the plan
plans-open = Open the plan
plans-saved-as-draft = You can save at any time and go on later, also when something is still missing.
plans-save-and-add = Save and add rows
plans-fixed = This plan was handed in. What was asked for and promised does not change any more.
plans-in-nl = Dutch
plans-in-en = English
plans-in-dutch = In Dutch
plans-in-english = In English
plans-rows-hint = An empty row is left out. To remove a row, make it empty.
plans-needed = Fill this in, or make the whole row empty.
plans-too-long = Make this shorter: at most { $max } characters; there are { $over } too many.
plans-whole-number = Type a whole number from { $least } to { $most }, in digits.
plans-decimal-number = Type a number from { $least } to { $most }, with at most two decimals.
plans-target-is-baseline = The target is the same as the number at the start. Fill in what changes.
plans-day-unreadable = Type a day, for example 3-10-2027.
plans-day-ahead = Choose a day that is still to come.
plans-hint-day = For example 3-10-2027 (day, month, year)
plans-texts-lead = These texts are on the public page once the experts have admitted your project. Do not write names or stories by which a participant can be recognised.
plans-picture-lead = Choose a picture of the work or the place. Do not show participants so that they can be recognised. A plan can be handed in without a picture.

plans-step-texts = Texts
plans-step-people = Who and how
plans-step-place = Place
plans-step-planning = Planning
plans-step-budget = Money
plans-step-promises = Promised results
plans-step-risks = Risks and team
plans-step-picture = Picture

plans-field-whole = The whole plan
plans-field-title = Title
plans-field-aim = Aim in one sentence
plans-field-target-group = Who the project is for
plans-field-text = Text
plans-field-contact = Contact
plans-field-participants = Number of participants
plans-field-method = Methods
plans-field-sector = Sectors
plans-field-theme = Themes
plans-field-tag = Tags
plans-field-track = Tracks
plans-field-function = Functions
plans-field-legal-basis = Legal basis
plans-field-partners = Carried out together
plans-field-area = Areas
plans-field-point = Place on the map
plans-field-start = First day
plans-field-months = Duration in months
plans-field-steps = Steps
plans-field-asked = Asked for
plans-field-lines = Budget
plans-field-co-funding = Money from elsewhere
plans-field-promises = Promised results
plans-field-risks = Risks and what is done about them
plans-field-team = Team
plans-field-picture = Picture

plans-hint-participants = How many people take part over the whole duration.
plans-partners-lead = Is it a joint project? An owner sets who takes part and how payouts are divided; each partner agrees.
plans-partners-open = Partners and shares
plans-lists = How it is done
plans-areas = In which areas does it take place?
plans-map = Map of Rotterdam with the river and the areas
plans-map-with-point = Map of Rotterdam with the place of this project
plans-point-choose = Which point is it?
plans-point-hint = For coordinates of your own, fill in the two boxes below.
plans-point-none = No point on the map
plans-point-middle = The middle of { $area }
plans-point-typed = These coordinates:
plans-point-missing = Choose a point, or "no point on the map".
plans-latitude = Latitude (north)
plans-latitude-hint = For example 51.9125
plans-latitude-wrong = Type a latitude in the Netherlands, for example 51.9125.
plans-longitude = Longitude (east)
plans-longitude-hint = For example 4.4282
plans-longitude-wrong = Type a longitude in the Netherlands, for example 4.4282.

plans-row-step = Step { $row }
plans-row-line = Line { $row }
plans-row-funder = Funder { $row }
plans-row-promise = Result { $row }
plans-row-risk = Risk { $row }
plans-row-function = Function { $row }
plans-label-for-nl = What for (Dutch)
plans-label-for-en = What for (English)
plans-label-minimum = At least
plans-label-full = In full
plans-minimum-nothing = At least one line must have an amount that is needed at least.
plans-asked-follows = You ask for what the lines below sum to. The amounts in Rikx are rounded up to whole Rikx; the experts set the final value.
plans-sum-lines = Sum of the lines
plans-sums = { $minimum } at least, { $full } in full
plans-co-funding-hint = Money that comes beside the Rikx. Name organisations, not people.
plans-label-funder = Who
plans-label-amount = Amount
plans-label-funding-state = How sure is it?
plans-funding-choose = Choose how sure it is.
plans-funding-asked = asked for
plans-funding-promised = promised
plans-funding-received = received
plans-promises-lead = Each result carries a share of the money above the threshold. It is paid out once the result has been verified. The shares sum to 100.
plans-shares-now = Saved shares: { $sum }% of 100%
plans-label-indicator = Result
plans-label-baseline = Number at the start
plans-label-target = Target
plans-label-due = Due on
plans-label-share = Share in percent
plans-promise-limits = Lower and upper limit (optional)
plans-label-floor = Lower limit in percent
plans-hint-floor = If the project reaches less than this part of the target, we pay nothing for this result. Empty means: no lower limit.
plans-label-cap = Upper limit in percent
plans-hint-cap = We pay no more than this part of the money for this result. Empty means: all of it.
plans-indicator-missing = Choose a result.
plans-indicator-twice = This result stands in another row already.
plans-shares-above = With this row the shares sum to more than 100.
plans-label-risk-nl = What may go wrong (Dutch)
plans-label-measure-nl = What you do about it (Dutch)
plans-label-risk-en = What may go wrong (English)
plans-label-measure-en = What you do about it (English)
plans-team-hint = Name functions, such as "master baker" or "job coach". No names of people.

plans-state-draft = You are still writing this plan. Hand it in when nothing is missing.
plans-state-submitted = The plan was handed in. We read it. If we have remarks, it comes back to you.
plans-state-returned = The plan came back with remarks. Change it and hand it in again.
plans-window-until = You can hand in until { $moment }.
plans-window-closed = This round takes no plans at the moment.
plans-window-of = You cannot hand in plans for round { $round } now. Handing in ends at { $moment }. A draft stays a draft; you can move it to another round that takes plans.
plans-obstacle = Before it can be handed in
plans-checklist = What is there and what is missing
plans-step-done = done
plans-step-not-needed = not there, and not required
plans-gap-empty = Still missing: { $field }
plans-gap-both = Not yet there in both languages: { $field }
plans-gap-shares = The shares of the results sum to { $sum }. They must sum to 100.
plans-gap-start = The first day must be after the round has closed.
plans-gap-due = A result is due before the project starts.
plans-gaps-count = { $count ->
    [one] One thing is missing. Then you can hand the plan in.
   *[other] { $count } things are missing. Then you can hand the plan in.
}
plans-incomplete = Something is still missing. Look at the list below.
plans-not-now = This cannot be done any more: the plan was changed by somebody else meanwhile. Look at how it stands now.
plans-submit = Hand in the plan
plans-submit-conduct = You keep to the code of conduct.
plans-submit-lead = Nothing is missing. Once you hand in, you can change nothing until we have read it.
plans-all = Everything in this plan
plans-preview = See the page as the public would see it
plans-preview-notice = This is a preview. Only the organisations of this plan and the platform team see this page.
plans-preview-closed = This project is not on sale.
plans-move = Move to another round
plans-move-to = To which round?
plans-withdraw = Withdraw the plan
plans-withdraw-lead = A withdrawn plan does not come back. Nobody else sees it.
plans-withdraw-sure = Yes, I want to withdraw this plan
plans-withdraw-unsure = Tick the box if you are sure.

plans-version = Version
plans-versions = Versions
plans-versions-count = { $count ->
    [one] 1 version was handed in
   *[other] { $count } versions were handed in
}
plans-versions-none = No version was handed in yet.
plans-version-of = Version { $number }, { $moment }
plans-version-by = Version { $number }, handed in by { $name }
plans-compare = Compare
plans-compare-from = What was
plans-compare-to = What is
plans-compared = From version { $from } to version { $to }
plans-no-differences = There is no difference.
plans-was = What was
plans-is = What is
plans-marked = Changes marked
plans-other-picture = another picture
plans-says-asked = { $amount } at least, { $full } in full
plans-says-line = { $label }: { $amount } at least, { $full } in full
plans-says-promise = { $name }: from { $baseline } to { $target }, by { $day }, share { $share }%
plans-says-floor = , below { $percent }% of the target nothing
plans-says-cap = , at most { $percent }% of the share

remark-title = Remarks
remark-on = Remark on:
remark-about = What is it about?
remark-answer = Answer
remark-to-answer = Answer or mark as done
remark-to-field = Go to this part
remark-done = Mark as done
remark-open-count = { $count ->
    [0] All remarks are done.
    [one] One remark is still open.
   *[other] { $count } remarks are still open.
}
remark-state-written = Not sent yet
remark-state-open = Open
remark-state-done = Done
remark-write = Write a remark
remark-write-lead = The owner sees it when you send the plan back.
remark-text = Remark
remark-save = Save the remark
remark-remove = Remove
plans-remark-empty = Write what should be different.
plans-remark-too-long = Make this shorter: at most 2,000 characters.
plans-no-remarks = Write at least one remark before you send the plan back.
plans-remarks-waiting = There are remarks that were not sent. Remove them, or send the plan back.

plans-staff-title = Plans
plans-staff-window-closed = This round takes no plans any more. If you send this plan back, it can only be handed in again for another round.
plans-handed-in = Handed in
plans-on-version = on version { $number }
plans-decide = Decide
plans-return = Send back to the owner
plans-return-lead = { $count ->
    [one] The owner gets one remark, here and by letter.
   *[other] The owner gets { $count } remarks, here and by letter.
}
plans-return-needs = To send the plan back, first write what should be different.
plans-accept = Pass on to the experts
plans-accept-lead = Is everything clear? Then the plan goes to the experts.
plans-only-reviewers = Only reviewers write remarks and decide on a plan.

studio-next-plan = Finish the plan and hand it in

letter-plan_submitted-subject = { $title }: your plan has been handed in
letter-plan_submitted-text = We have received your plan. We read it and write to you when we have remarks, or when it goes to the experts.
letter-plan_returned-subject = { $title }: please change your plan
letter-plan_returned-text = We have read your plan and have remarks. Below you see them all; in the plan each stands beside its part. Change the plan and hand it in again, at the latest at { $day }.
letter-plan_accepted-subject = { $title }: your plan goes to the experts
letter-plan_accepted-text = We have read your plan. It is complete and goes to the experts, who set its value.
plans-letter-why = You get this letter because you are an owner of the organisation that handed in this plan.

flash-plans-begun = The plan has been begun. Fill it in at your own pace.
flash-plans-saved = Saved in the plan.
flash-plans-submitted = The plan has been handed in.
flash-plans-withdrawn = The plan has been withdrawn.
flash-plans-moved = The plan now belongs to the other round.
flash-plans-answered = The remark is marked as done.
flash-plans-comment-written = The remark has been saved.
flash-plans-comment-removed = The remark has been removed.
flash-plans-returned = The plan has been sent back, with the remarks.
flash-plans-accepted = The plan has been passed on to the experts.
plans-never-handed-in = No plan of this project was ever handed in here.
staff-project-public = See the project on the site
thing-settlement = Closing of the round
thing-termination = End before its time
thing-release = Result money
thing-tranche = Payout
thing-verification = Check of a figure
