### What a backer did: own impact and certificate of support.

own-impact-title = Your support for { $project }
own-impact-lead = This is your part of what { $maker } does, and what has been published of it.
own-impact-link = What your pledge did
own-impact-all-title = What your pledges did
own-impact-none = You have not supported a project yet.
own-impact-sum = Of your pledges { $amount } stays, over { $count ->
    [one] one project.
   *[other] { $count } projects.
}
own-impact-completed = { $count ->
    [one] One of them has been carried out.
   *[other] { $count } of them have been carried out.
}
own-impact-part-label = Your part
own-impact-part = { $rikx } Rikx of the { $all } Rikx that the project is worth
own-impact-share = About { $percent } percent of the money of all backers came from you.
own-impact-share-small = Less than 1 percent of the money of all backers came from you.
own-impact-share-all = All money of backers came from you.
own-impact-held = Received and held
own-impact-start = To the start of the project
own-impact-result-waits = For results: paid once verified
own-impact-result-fund = For verified results, and what was not earned to a fund
own-impact-result-paid = Paid for verified results
own-impact-returned = Back to you
own-impact-results = What was reached
own-impact-told = { $name }: { $value }, promised are { $target } { $unit } (measured on { $day }).
own-impact-not-measured = { $name }: not measured yet, promised are { $target } { $unit }.
own-impact-not-told = { $name }: measured, but the number is not shown here. Promised are { $target } { $unit }.
own-impact-public = You see the same figures as everybody. Small numbers are not shown and others are rounded, so that nobody can be recognised.
own-impact-all-results = All results of this project
certificate-link = Certificate of support
certificate-title = Certificate of support: { $project }
certificate-lead = { $name } supported { $project }.
certificate-somebody = A backer
certificate-thanks = Thank you. Your support helps this project to go on.
certificate-no-rights = This certificate says thank you. It is not a receipt of a gift, and gives no right to money, interest or an advantage in taxes.
