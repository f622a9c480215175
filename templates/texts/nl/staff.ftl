### De pagina's van het platformteam.

staff-nav-label = Platformteam
staff-nav-home = Vandaag
staff-nav-rounds = Rondes
staff-nav-pledges = Bijdragen
staff-nav-payments = Betalingen
staff-nav-refunds = Terugbetalingen
staff-nav-jobs = Techniek

## Vandaag
staff-home-title = Platformteam
staff-home-today = Wat nu iemand nodig heeft
staff-home-nothing = Er wacht niets op je.
staff-home-numbers = Het platform in getallen
staff-todo-submitted =
    { $count ->
        [one] Ronde { $round }: 1 ingediend project bekijken
       *[other] Ronde { $round }: { $count } ingediende projecten bekijken
    }
staff-todo-propose = Ronde { $round }: de afwikkeling voorstellen
staff-todo-own-proposal = Ronde { $round }: je voorstel wacht op een andere penningmeester
staff-todo-approve = Ronde { $round }: een voorstel wacht op goedkeuring
staff-todo-executing = Ronde { $round }: de afwikkeling loopt
staff-todo-paused = Ronde { $round }: de afwikkeling staat op pauze
staff-todo-closes-soon = Ronde { $round }: de verkoop sluit bijna
staff-todo-disputes =
    { $count ->
        [one] 1 betwiste bijdrage
       *[other] { $count } betwiste bijdragen
    }
staff-todo-refunds-failed =
    { $count ->
        [one] 1 terugbetaling is niet gelukt
       *[other] { $count } terugbetalingen zijn niet gelukt
    }
staff-todo-jobs =
    { $count ->
        [one] 1 taak loopt vast
       *[other] { $count } taken lopen vast
    }
staff-todo-letters =
    { $count ->
        [one] 1 brief is niet verstuurd
       *[other] { $count } brieven zijn niet verstuurd
    }
staff-number-pledges-reserved = Bijdragen gereserveerd
staff-number-pledges-processing = Bijdragen onderweg
staff-number-pledges-held = Bijdragen vastgehouden
staff-number-pledges-released = Bijdragen naar een project
staff-number-refunds-under-way = Terugbetalingen onderweg
staff-number-refunds-done = Terugbetalingen aangekomen

## Rondes
staff-round = Ronde
staff-state = Toestand
staff-closing = Afsluiten
staff-round-submissions = Inzenden vanaf
staff-round-valuation = Waarderen vanaf
staff-round-selling = Verkoop vanaf
staff-round-closes = Verkoop tot
staff-round-settled = Afgesloten op
staff-projects = Projecten
staff-project = Project
staff-processing = Onderweg
staff-reserved = Gereserveerd
staff-held-at-decision = Vastgehouden bij het besluit
staff-timeline = Wat er gebeurde
staff-by = door

## Lijsten
staff-filter-label = Kies wat je ziet
staff-filter-all = Alles
staff-reference = Kenmerk
staff-made = Gemaakt
staff-paid = Betaald
staff-finished = Klaar
staff-attempts = Pogingen
staff-trouble = Wat er misging
staff-provider-id = Nummer bij de betaaldienst

## Een bijdrage
staff-pledge-title = Bijdrage { $reference }
staff-pledge-amount = Bedrag
staff-pledge-kind = Soort
staff-kind-gift = Gift
staff-kind-purchase = Aankoop door een bedrijf
staff-pledge-backer = E-mailadres van de steuner
staff-pledge-name = Naam
staff-pledge-made = Gemaakt op
staff-pledge-held = Ontvangen op
staff-pledge-company = Bedrijf
staff-pledge-kvk = KvK-nummer
staff-pledge-contract = Contractkenmerk
staff-payment = Betaling
staff-payment-none = Bij deze bijdrage hoort geen betaling.
staff-payment-state = Toestand
staff-payment-method = Betaalwijze
staff-payment-fee = Kosten van de betaaldienst
staff-payment-id = Ons nummer
staff-payment-session = Betaalpagina bij de betaaldienst
staff-payment-intent = Betaling bij de betaaldienst
staff-refund-cause = Waarom terug
staff-cause-round_failed = Drempel niet gehaald
staff-cause-cancelled = Ingetrokken door de steuner
staff-cause-late = Te laat betaald
staff-cause-withdrawn = Project ingetrokken
staff-cause-terminated = Project gestopt
staff-books = In de boeken
staff-books-none = In de boeken staat nog niets over deze bijdrage.
staff-books-moment = Moment
staff-books-kind = Boeking
staff-books-account = Rekening

## Techniek
staff-jobs-waiting = Taken die wachten
staff-jobs-oldest = Oudste taak wacht
staff-jobs-failing = Taken die niet lukken
staff-jobs-none = Alle taken lukken.
staff-jobs-kind = Taak
staff-jobs-subject = Onderwerp
staff-jobs-next = Volgende poging
staff-letters-queued = Brieven in de rij
staff-letters-sent = Brieven verstuurd
staff-letters-skipped = Brieven niet meer nodig
staff-letters-failed = Brieven niet verstuurd
staff-seconds =
    { $count ->
        [one] 1 seconde
       *[other] { $count } seconden
    }
staff-minutes =
    { $count ->
        [one] 1 minuut
       *[other] { $count } minuten
    }
