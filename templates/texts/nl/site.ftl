### De openbare pagina's.

## Stand van een project, naast de woorden in common.ftl
project-state-upcoming = Verkoop begint nog
project-state-deciding = Ronde gesloten: uitslag volgt

## Voorpagina
site-home-title = Samen over de drempel
site-home-lead = Steun een sociaal project in Rotterdam. Het start pas als er genoeg geld is. Anders krijg je je geld terug.
site-home-choose = Kies een project
site-home-projects = Projecten die nu steun vragen
site-home-other-projects = Projecten
site-home-steps = Zo werkt het
site-home-step-1 = Kies een project.
site-home-step-1-text = Experts hebben bepaald hoeveel het waard is voor de stad. Die waarde staat in Rikx.
site-home-step-2 = Geef een bijdrage.
site-home-step-2-text = Dat kan vanaf 5 euro. We houden je geld apart tot de ronde is gesloten.
site-home-step-3 = Volg wat ervan komt.
site-home-step-3-text = Is de drempelwaarde gehaald, dan begint het project. Een deel van het geld komt pas vrij na gecontroleerde resultaten.
site-home-stats = Tot nu toe
site-home-behind = Wie staat hierachter?
site-home-behind-text = Drempel is er voor sociale projecten in Rotterdam. Experts bepalen wat een project waard is. Het platformteam controleert het geld en de resultaten. Iedereen kan de boeken bekijken.
site-stat-projects = Projecten
site-stat-held = Ontvangen voor projecten
site-stat-backers = Steuners
site-stat-carried-out = Uitgevoerd

## Lijst van projecten
site-projects-title = Projecten
site-projects-lead = Zoek een project dat bij je past. Je kunt zoeken op woorden en kiezen uit lijsten.
site-search-label = Projecten zoeken
site-search = Zoek op woorden
site-all = Alles
site-status = Stand
site-area = Gebied
site-sector = Sector
site-theme = Thema
site-method = Aanpak
site-tag = Kenmerk
site-round = Ronde
site-sort = Volgorde
site-sort-closing = Sluit het eerst
site-sort-supported = Meeste steun
site-sort-newest = Nieuwste
site-sort-title = Titel, van A tot Z
site-chips = Gekozen filters
site-chip-remove = Haal weg:
site-found =
    { $count ->
        [0] Geen projecten gevonden
        [one] 1 project gevonden
       *[other] { $count } projecten gevonden
    }
site-found-none = Geen project past bij wat je zoekt. Probeer een ander woord of kies minder filters.
site-all-projects = Bekijk alle projecten
site-days-left-until =
    { $days ->
        [one] Nog 1 dag, tot { $date }
       *[other] Nog { $days } dagen, tot { $date }
    }

## Een project
site-parts-label = Onderdelen van dit project
site-part-project = Project
site-part-updates = Voortgang
site-part-outcomes = Resultaten
site-part-books = Open boeken
site-by = door
site-backers =
    { $count ->
        [0] Nog geen steuners
        [one] 1 steuner
       *[other] { $count } steuners
    }
site-pledge = Steun dit project
site-as-of = Stand van { $moment }.
site-if-unmet = Gaat het project niet door? Dan krijg je je hele bijdrage terug.
site-if-near-miss = De steuners kiezen of ze blijven. Wie niets kiest, krijgt zijn hele bijdrage terug.
site-was-unmet = De drempelwaarde is niet gehaald. Alle steuners krijgen hun hele bijdrage terug.
site-was-met = De drempelwaarde is gehaald. Geld daarboven komt pas vrij na gecontroleerde resultaten.
site-was-withdrawn = Alle steuners krijgen hun hele bijdrage terug.
site-was-terminated = Geld dat nog niet was uitbetaald, gaat naar verhouding terug naar de steuners.
site-closed-upcoming = De verkoop begint op { $date }.
site-closed-deciding = De ronde is gesloten. Je kunt geen bijdrage meer geven. De uitslag volgt.
site-closed-sold-out = De hele impactwaarde is verkocht. Dit project heeft zijn hoogste bedrag.
site-closed-all-reserved = Alles wat nog vrij was, is gereserveerd. Kijk later nog eens: wat niet wordt betaald, komt weer vrij.
site-closed-funded = De ronde is gesloten en het project gaat door. Je kunt geen bijdrage meer geven.
site-closed-near_miss = De ronde is gesloten. De drempelwaarde is bijna gehaald. Er volgt een keuze.
site-closed-failed = De ronde is gesloten. Dit project gaat niet door.
site-closed-running = Dit project is bezig. Je kunt geen bijdrage meer geven.
site-closed-reporting = Dit project is bijna klaar. Je kunt geen bijdrage meer geven.
site-closed-completed = Dit project is uitgevoerd. Je kunt geen bijdrage meer geven.
site-closed-withdrawn = De maker heeft dit project ingetrokken.
site-closed-terminated = Dit project is voortijdig gestopt.
site-example = Dit is een voorbeeld. Een deel van de cijfers is bedacht, omdat de echte niet bekend zijn.
site-about = Waar gaat het om?
site-who = Wie maakt het?
site-partners = Dit project doen samen:
site-share = deel van het geld: { $percent }%
site-part-of = Het hoort bij de samenwerking
site-contact = Een vraag over dit project? Mail
site-budget = Waar is het geld voor?
site-budget-lead = Met de drempelwaarde kan het project beginnen. Met de hele impactwaarde kan het alles doen.
site-budget-for = Kosten
site-budget-minimum = Bij de drempelwaarde
site-budget-full = Bij de impactwaarde
site-sum = Samen
site-planning = Planning
site-updates-none = Er zijn nog geen voortgangsberichten.
site-updates-all = Alle { $count } voortgangsberichten
site-follow = Volg dit project per mail
site-questions = Vragen
site-update-newer = Nieuwer bericht:
site-update-older = Ouder bericht:
site-facts = Kenmerken
site-fact-number = Nummer
site-fact-participants = Aantal deelnemers
site-fact-target-group = Voor wie
site-fact-start = Begint op
site-fact-duration = Duurt
site-months =
    { $months ->
        [one] 1 maand
       *[other] { $months } maanden
    }
site-fact-impact = Impactwaarde
site-fact-threshold = Drempelwaarde
site-fact-price = Prijs per Rikx
site-fact-track = Soort traject
site-fact-function = Functie
site-fact-legal-basis = Wet
site-round-of = Ronde { $round }
site-report = Klopt er iets niet op deze pagina?
site-report-link = Meld het ons

## Resultaten van een project
site-promises = Beoogde resultaten
site-promises-lead = Dit belooft de maker. Bij elk resultaat hoort een deel van het resultaatgeld. Dat deel komt vrij naar de mate waarin het resultaat is gehaald en gecontroleerd.
site-promises-none = De maker heeft nog geen resultaten beloofd.
site-never-carried-out = Dit project is niet uitgevoerd. Er is dus niets gemeten.
site-promise = Resultaat
site-target = Doel
site-due = Op
site-share-of-value = Deel
site-not-counted = nog niet geteld
site-waves = Per meetmoment
site-wave-intake = Begin
site-wave-interim = Tussentijds
site-wave-end = Einde
site-wave-follow_up_6 = Na 6 maanden
site-wave-follow_up_12 = Na 12 maanden
site-small-cells = We tonen aantallen, nooit mensen. Aantallen deelnemers onder de 10 tonen we niet. Andere ronden we af op 5.

## Open boeken van een project
site-books-title = Open boeken
site-books-lead = Elke cent die voor dit project binnenkwam en wegging, zonder namen.
site-books-received = Ontvangen
site-books-held = Vastgehouden
site-books-released = Vrijgegeven
site-books-refunded = Terugbetaald
site-books-fees = Betaalkosten
site-books-fees-text = De betaalkosten gaan niet af van de bijdragen: het platform betaalt ze.
site-books-result-money = Van het vrijgegeven geld is { $amount } resultaatgeld. Dat wacht op gecontroleerde resultaten.
site-books-refunds-open = Van de terugbetalingen is { $amount } nog onderweg.
site-books-days = Per dag
site-books-day = Dag
site-books-none = Er is nog geen geld binnengekomen of weggegaan.
site-books-csv = Download als CSV
site-books-day-hint = Een dag loopt van middernacht tot middernacht, Nederlandse tijd.
site-books-disputed = Betwist

## Rondes
site-rounds-lead = In een ronde vragen projecten tegelijk om steun. Aan het eind beslist het ontvangen geld welke doorgaan.
site-rounds-none = Er is nog geen ronde gepland.
site-round-window = Verkoop van { $from } tot { $to }.
site-round-price = Eén Rikx kost
site-round-minimum = Je steunt een project vanaf { $amount }.
site-round-opens = De verkoop begint op { $date }.
site-round-closed = De verkoop is gesloten sinds { $date }.
site-round-more = Meer over deze ronde
site-round-empty = In deze ronde staan nog geen projecten.
site-round-dates = Wanneer
site-round-submissions = Makers dienen in vanaf
site-round-valuation = Waardering vanaf
site-round-selling = Verkoop vanaf
site-round-closes = Verkoop sluit
site-round-settled = Afgewikkeld op
site-round-rule = Regels van deze ronde
site-minimum = Kleinste bijdrage
site-project = Project
site-held-short = Ontvangen
site-of-threshold = Van de drempelwaarde
site-tally-projects =
    { $count ->
        [0] Nog geen projecten
        [one] 1 project
       *[other] { $count } projecten
    }
site-tally-carried-out = { $count } uitgevoerd
site-tally-going = { $count } op weg
site-tally-failed = { $count } niet doorgegaan
site-tally-going-label = Op weg
site-tally-failed-label = Niet doorgegaan: drempel niet gehaald

## Organisaties en samenwerkingen
site-kind-maker = Maker
site-kind-company = Bedrijf
site-kind-partner = Partner
site-organisation-no-projects = Deze organisatie heeft hier nu geen projecten.
site-coalitions = Samenwerkingen
site-coalition-chain = Samenwerking: een keten
site-coalition-learning = Samenwerking: samen leren
site-chain-steps = De stappen van de keten
site-learning-questions = Wat deze organisaties willen weten
site-coalition-partners = Wie doen er mee?
site-founder = begon hiermee

## Resultaten van alles samen
site-impact-title = Resultaten
site-impact-lead = Wat alle projecten samen hebben bereikt. We tellen wat makers melden op hun laatste meetmoment.
site-impact-small = Het totaal telt op wat op de pagina's van de projecten staat. Een aantal dat daar niet staat, zit er niet in. Zo kan het totaal er per project twee naast zitten.
site-impact-totals = Beloofd en geteld
site-impact-none = Er is nog niets geteld.
site-learning-title = Samen leren
site-learning-lead = Sommige organisaties stellen dezelfde vragen en delen wat ze vinden, ook als iets niet werkt.
site-learning-none = Er zijn nog geen leervragen.
