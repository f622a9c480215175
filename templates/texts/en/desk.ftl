# The lists of the platform team, views that were kept, and one deed for many things.

## Navigation
staff-nav-here = Pages of this subject
staff-nav-group-projects = Projects and rounds
staff-nav-group-results = Results
staff-nav-group-in = Money in
staff-nav-group-out = Money out
staff-nav-group-books = Control
staff-nav-group-platform = Platform

## Today
staff-home-others = What waits for others in the team
staff-home-since = since { $moment }
staff-home-due = by { $moment }
staff-todo-claims = { $count ->
    [one] 1 refund was not claimed
   *[other] { $count } refunds were not claimed
}

## Keyboard shortcuts
keys-title = Keyboard shortcuts
keys-lead = These keys work on the pages of the team, except while you type something.
keys-search = To the search field
keys-next = Next row
keys-previous = Previous row
keys-open = Open the row
keys-pick = Choose the row
keys-help = This overview
keys-off = Switch the keys off in this browser
keys-close = Close

## Lists
list-choose = Filters and columns
list-raw-payment = This payment in the list of payments
list-apply = Show the list
list-columns = Columns
list-found = { $count ->
    [0] Nothing found
    [one] 1 found
   *[other] { $count } found
}
list-sum = Together
list-file = Download this list as CSV
list-file-hint = With the same filters, columns and order. It holds at most 50,000 rows. The download goes into the log.
list-rikx = Rikx
list-reserved-until = Reserved until
list-order-waiting = Order of waiting
list-number = Number
list-platform-fee = For the platform
list-sent = Sent
list-impact = Impact value
list-search-pledges = Look for a pledge
list-search-pledges-hint = A part of the reference or of the name. A whole reference opens the pledge itself.
list-search-payments = Search by reference
list-search-payments-hint = A part of the reference of the pledge, or of the number at the payment provider
list-search-cases = Look for a case
list-search-cases-hint = A part of the number it is about, or of what the program saw
list-search-names = Search by name
list-search-names-hint = A part of the name of the project or the organisation

## Views
views-title = Kept views
views-manage = Keep and change views
views-name = Name of this view
views-name-hint = The filters, columns and order of now are kept. Only you see this view.
views-keep = Keep this view
views-rename = Give another name
views-rename-label = New name for { $name }
views-remove = Remove
views-name-missing = Fill in a name.
views-name-long = The name can have at most 60 characters.
views-name-taken = You already have a view with this name.
views-too-many = You can keep 20 views of a list. Remove one first.
flash-view-kept = The view is kept.
flash-view-renamed = The view has another name.
flash-view-removed = The view is gone.

## Many at once
bulk-title = Many at once
bulk-lead = What the team did with many things at once. Decisions about money are always taken one by one.
bulk-none = Nothing was done with many things at once yet.
bulk-what = What happens
bulk-by = By
bulk-deed-close_cases = Close cases with an explanation
bulk-deed-show_notes = Show notes
bulk-deed-accept_evidence = Accept files
bulk-state-prepared = prepared
bulk-state-running = under way
bulk-state-done = done
bulk-state-dropped = not done
bulk-line-done = done
bulk-line-refused = not possible
bulk-line-waiting = waits
bulk-numbers = Before and after, in numbers
bulk-before = Before
bulk-after = After
bulk-progress = { $done } of { $all } done
bulk-over = Done: { $done }. Not possible: { $refused }.
bulk-reason-hint = This reason is written with everything that happens now.
bulk-confirm = Do this with { $count ->
    [one] 1 thing
   *[other] { $count } things
}
bulk-drop = Do not do it
bulk-waits-for-maker = Only whoever prepared this can let it begin.
bulk-each = What happens to each
bulk-number = Number
bulk-thing = What
bulk-id = Id
bulk-outcome = Outcome
bulk-why-not = Why not
bulk-report = Download the report as CSV
bulk-pick = Choose { $name } ({ $id })
bulk-pick-head = Choose
bulk-chosen = Go on with what is chosen
bulk-all = Go on with all that match ({ $count })
bulk-several-lead = Choose several and decide at once. You see first what happens.
bulk-nothing-chosen = Choose something in the list first.
bulk-not-prepared = This has begun already, or it is not done any more.
bulk-not-own = Only whoever prepared this can decide about it.
bulk-no-role = For this you need another role in the team.
bulk-gone = This is no longer there.
flash-bulk-nothing-chosen = Nothing happened. Choose something in the list first.
flash-bulk-started = It has begun. This page shows how far it is.
flash-bulk-dropped = It is not done.

## What somebody can download about themselves
data-part-desk-views = Kept views of lists
data-field-list = List
data-field-query = Filters, order and columns
data-part-desk-runs = What you did with many things at once
