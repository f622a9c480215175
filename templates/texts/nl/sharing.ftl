### Delen: wat van de pagina's elders te zien is.

language-locale = nl_NL
language-other-locale = en_GB
site-live = Live bijwerken
sharing-title = Delen
sharing-button = Deel deze pagina
sharing-mail = Mail deze pagina
sharing-feed = Volg nieuws in een feedlezer
sharing-feed-projects = Volg nieuwe projecten in een feedlezer (Atom)
sharing-embed = Zet dit project op je eigen site
sharing-embed-code = Kopieer deze code naar je site
sharing-calendar = Zet de datums in je agenda
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
