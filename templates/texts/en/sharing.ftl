### Sharing: what of the pages is seen elsewhere.

language-locale = en_GB
language-other-locale = nl_NL
site-live = Live updates
sharing-title = Share
sharing-button = Share this page
sharing-mail = Mail this page
sharing-feed = Follow news in a feed reader
sharing-feed-projects = Follow new projects in a feed reader (Atom)
sharing-embed = Put this project on your own site
sharing-embed-code = Copy this code to your site
sharing-calendar = Put the dates in your calendar
calendar-plans = { $round }: plans must be in
calendar-selling = { $round }: pledging begins
calendar-closes = { $round } closes
receipts-all = Download all papers (zip)
flash-no-papers = You have no receipts or invoices yet.
map-views = View
map-as-list = List
map-as-map = Map
map-label = Map of Rotterdam with the projects
map-beside = Not on the map
