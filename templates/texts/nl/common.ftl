### Words that every page uses: frame, forms, pages, and the names of all states.

## Frame
skip-to-content = Ga naar de inhoud
language-other-code = en
language-other-name = English
nav-label = Hoofdmenu
nav-projects = Projecten
nav-rounds = Rondes
nav-impact = Resultaten
nav-how-it-works = Hoe het werkt
nav-account = Mijn Drempel
footer-label = Over Drempel
footer-contact = Contact en hulp
footer-how-it-works = Hoe het werkt
footer-conduct = Gedragscode
footer-complaints = Klacht melden
footer-privacy = Privacy
footer-terms = Voorwaarden
footer-accessibility = Toegankelijkheid
footer-security = Beveiliging
footer-signed-in-as = Je bent ingelogd als
footer-about = Drempel helpt sociale projecten in Rotterdam op weg. Een project start als de drempelwaarde is gehaald.
dev-notice = Dit is een proefomgeving. Er gaat geen echt geld om.
dev-link = Hulpmiddelen voor de proef

## Forms
form-optional = (niet verplicht)
form-all-required = Vul alle velden in, behalve als er (niet verplicht) bij staat.
form-error-prefix = Fout:
form-error-summary-title = Er is een probleem
form-not-filled-in = Niet ingevuld
form-change = Wijzig
form-choose = Maak een keuze
form-save = Opslaan
form-continue = Verder
form-back = Terug
form-filter = Filters
form-filter-apply = Toon projecten
form-filter-clear = Wis alle filters
form-yes = Ja
form-no = Nee
print = Print deze pagina
step = Stap
step-of = van

## Pages of a list
pager-label = Pagina's
pager-previous = Vorige
pager-next = Volgende
pager-page = Pagina
pager-of = van

## Progress of a project
progress-title = Stand van de bijdragen
progress-held = Ontvangen en vastgehouden
progress-received = Ontvangen toen de ronde sloot
progress-held-short = ontvangen
progress-processing = Betaling onderweg
progress-reserved = Gereserveerd, nog niet betaald
progress-threshold = Drempelwaarde
progress-threshold-short = drempelwaarde
progress-impact = Impactwaarde (hoogste bedrag)

## States of a project. "Uitgevoerd" (carried out) and "niet doorgegaan" (closed unsold) must never look alike.
project-state-draft = Concept
project-state-submitted = Ingediend
project-state-returned = Teruggestuurd voor aanpassing
project-state-in_valuation = Wordt gewaardeerd
project-state-listed = Steun gevraagd
project-state-rejected = Niet toegelaten
project-state-funded = Gaat door
project-state-near_miss = Bijna gehaald: er volgt een keuze
project-state-failed = Niet doorgegaan: drempel niet gehaald
project-state-running = In uitvoering
project-state-reporting = Resultaten worden verzameld
project-state-completed = Uitgevoerd
project-state-withdrawn = Ingetrokken door de organisatie
project-state-terminated = Voortijdig gestopt

## States of a pledge
pledge-state-reserved = Gereserveerd, nog niet betaald
pledge-state-processing = Betaling onderweg
pledge-state-held = Ontvangen en vastgehouden
pledge-state-released = Uitbetaald aan het project
pledge-state-expired = Verlopen, niet betaald
pledge-state-refunding = Wordt terugbetaald
pledge-state-refunded = Terugbetaald
pledge-state-disputed = Betwist bij de bank

## States of a payment
payment-state-created = Aangemaakt
payment-state-open = Wacht op betaling
payment-state-processing = Onderweg bij de bank
payment-state-succeeded = Betaald
payment-state-failed = Niet gelukt
payment-state-expired = Verlopen

## States of a refund
refund-state-due = Staat klaar
refund-state-requested = Aangevraagd
refund-state-pending = Onderweg
refund-state-succeeded = Terugbetaald
refund-state-failed = Niet gelukt
refund-state-unclaimed = Wacht op je rekeningnummer
refund-state-paid_by_bank = Terugbetaald via de bank

## States of a tranche
tranche-state-planned = Gepland
tranche-state-proposed = Voorgesteld
tranche-state-approved = Goedgekeurd
tranche-state-sent = Verstuurd naar de bank
tranche-state-confirmed = Uitbetaald
tranche-state-returned = Teruggekomen van de bank

## States of a round
round-state-planned = Gepland
round-state-submissions = Open voor nieuwe projecten
round-state-valuation = Projecten worden gewaardeerd
round-state-selling = Open voor bijdragen
round-state-closing = Wordt afgesloten
round-state-settled = Afgesloten
