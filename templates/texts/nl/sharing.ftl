### Delen: wat van de pagina's elders te zien is.

language-locale = nl_NL
language-other-locale = en_GB
site-live = Live bijwerken
share-title = Delen
share-button = Deel deze pagina
share-mail = Mail deze pagina
share-feed = Volg nieuws in een feedlezer
share-feed-projects = Volg nieuwe projecten in een feedlezer (Atom)
share-embed = Zet dit project op je eigen site
share-embed-code = Kopieer deze code naar je site
share-calendar = Zet de datums in je agenda
calendar-plans = { $round }: plannen moeten binnen zijn
calendar-selling = { $round }: steunen kan vanaf nu
calendar-closes = { $round } sluit
receipts-all = Download alle papieren (zip)
flash-no-papers = Je hebt nog geen bonnen of facturen.
map-views = Weergave
map-as-list = Lijst
map-as-map = Kaart
map-label = Kaart van Rotterdam met de projecten
map-beside = Niet op de kaart
