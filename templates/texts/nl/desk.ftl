# De lijsten van het platformteam, bewaarde weergaven, en één handeling voor veel dingen tegelijk.

## Navigatie
staff-nav-here = Pagina's van dit onderwerp
staff-nav-group-projects = Projecten en rondes
staff-nav-group-results = Resultaten
staff-nav-group-in = Geld erin
staff-nav-group-out = Geld eruit
staff-nav-group-books = Controle
staff-nav-group-platform = Beheer

## Vandaag
staff-home-others = Wat op anderen in het team wacht
staff-home-since = sinds { $moment }
staff-home-due = voor { $moment }
staff-todo-claims = { $count ->
    [one] 1 terugbetaling is niet opgehaald
   *[other] { $count } terugbetalingen zijn niet opgehaald
}

## Sneltoetsen
keys-title = Sneltoetsen
keys-lead = Deze toetsen werken op de pagina's van het team, behalve als je iets typt.
keys-search = Naar het zoekveld
keys-next = Volgende regel
keys-previous = Vorige regel
keys-open = Regel openen
keys-pick = Regel kiezen
keys-help = Dit overzicht
keys-off = Zet de toetsen uit in deze browser
keys-close = Sluiten

## Lijsten
list-choose = Filters en kolommen
list-raw-payment = Deze betaling in de lijst van betalingen
list-apply = Toon de lijst
list-columns = Kolommen
list-found = { $count ->
    [0] Niets gevonden
    [one] 1 gevonden
   *[other] { $count } gevonden
}
list-sum = Samen
list-file = Download deze lijst als CSV
list-file-hint = Met dezelfde filters, kolommen en volgorde. Er staan hoogstens 50.000 regels in. De download komt in het logboek.
list-rikx = Rikx
list-reserved-until = Gereserveerd tot
list-order-waiting = Volgorde van wachten
list-number = Nummer
list-platform-fee = Voor het platform
list-sent = Verstuurd
list-impact = Impactwaarde
list-search-pledges = Zoek een bijdrage
list-search-pledges-hint = Een deel van het kenmerk of van de naam. Met een heel kenmerk opent de bijdrage zelf.
list-search-payments = Zoek op kenmerk
list-search-payments-hint = Een deel van het kenmerk van de bijdrage, of van het nummer bij de betaaldienst
list-search-cases = Zoek een zaak
list-search-cases-hint = Een deel van het nummer waar het over gaat, of van wat het programma zag
list-search-names = Zoek op naam
list-search-names-hint = Een deel van de naam van het project of de organisatie

## Weergaven
views-title = Bewaarde weergaven
views-manage = Weergaven bewaren en wijzigen
views-name = Naam van deze weergave
views-name-hint = De filters, kolommen en volgorde van nu worden bewaard. Alleen jij ziet deze weergave.
views-keep = Bewaar deze weergave
views-rename = Andere naam geven
views-rename-label = Nieuwe naam voor { $name }
views-remove = Weghalen
views-name-missing = Vul een naam in.
views-name-long = De naam mag hoogstens 60 tekens lang zijn.
views-name-taken = Je hebt al een weergave met deze naam.
views-too-many = Je kunt per lijst 20 weergaven bewaren. Haal er eerst een weg.
flash-view-kept = De weergave is bewaard.
flash-view-renamed = De weergave heeft een andere naam.
flash-view-removed = De weergave is weg.

## Veel tegelijk
bulk-title = Veel tegelijk
bulk-lead = Wat het team met veel dingen tegelijk deed. Besluiten over geld neem je altijd één voor één.
bulk-none = Er is nog niets met veel dingen tegelijk gedaan.
bulk-what = Wat er gebeurt
bulk-by = Door
bulk-deed-close_cases = Zaken sluiten met een uitleg
bulk-deed-show_notes = Toelichtingen laten zien
bulk-deed-accept_evidence = Bestanden goedkeuren
bulk-state-prepared = klaargezet
bulk-state-running = bezig
bulk-state-done = klaar
bulk-state-dropped = niet gedaan
bulk-line-done = gedaan
bulk-line-refused = kan niet
bulk-line-waiting = wacht
bulk-numbers = Voor en na, in getallen
bulk-before = Voor
bulk-after = Na
bulk-progress = { $done } van { $all } gedaan
bulk-over = Gedaan: { $done }. Kon niet: { $refused }.
bulk-reason-hint = Deze reden komt bij alles te staan wat nu gebeurt.
bulk-confirm = Doe dit met { $count ->
    [one] 1 ding
   *[other] { $count } dingen
}
bulk-drop = Niet doen
bulk-waits-for-maker = Alleen wie dit heeft klaargezet, kan het laten beginnen.
bulk-each = Wat er met elk gebeurt
bulk-number = Nummer
bulk-thing = Wat
bulk-id = Id
bulk-outcome = Uitkomst
bulk-why-not = Waarom niet
bulk-report = Download het verslag als CSV
bulk-pick = Kies { $name } ({ $id })
bulk-pick-head = Kiezen
bulk-chosen = Verder met wat gekozen is
bulk-all = Verder met alles wat past ({ $count })
bulk-several-lead = Kies er meer en bekijk ze in één keer. Je ziet eerst wat er gebeurt.
bulk-nothing-chosen = Kies eerst iets in de lijst.
bulk-not-prepared = Dit is al begonnen, of het wordt niet meer gedaan.
bulk-not-own = Alleen wie dit heeft klaargezet, kan hierover beslissen.
bulk-no-role = Hiervoor heb je een andere rol in het team nodig.
bulk-gone = Dit is er niet meer.
flash-bulk-nothing-chosen = Er gebeurde niets. Kies eerst iets in de lijst.
flash-bulk-started = Het is begonnen. Deze pagina laat zien hoe ver het is.
flash-bulk-dropped = Het wordt niet gedaan.

## Wat iemand over zichzelf kan downloaden
data-part-desk-views = Bewaarde weergaven van lijsten
data-field-list = Lijst
data-field-query = Filters, volgorde en kolommen
data-part-desk-runs = Wat je met veel dingen tegelijk deed
