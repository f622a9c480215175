### Vergelijken van de boeken, en alarmen.

staff-nav-reconciliation = Vergelijken
reconciliation-title = Kloppen de boeken?
reconciliation-intro = Elke nacht vergelijkt het programma de boeken met de betaaldienst, de bank en de pagina's. Elk verschil wordt een zaak.
reconciliation-open-cases = Open zaken
reconciliation-oldest = Oudste zaak
reconciliation-none = Geen
reconciliation-suspense = Op de tussenrekening
reconciliation-ways = De laatste vergelijking
reconciliation-way = Waarmee
reconciliation-way-provider = De betaaldienst
reconciliation-way-bank = De bank
reconciliation-way-totals = De pagina's
reconciliation-day = Dag
reconciliation-day-hint = Een dag die voorbij is, bijvoorbeeld 24-11-2026
reconciliation-by-count = Regels die kloppen
reconciliation-by-cents = Geld dat klopt
reconciliation-matched = Kloppen
reconciliation-differing = Verschillen
reconciliation-differing-cents = Verschil in geld
reconciliation-when = Gedaan op
reconciliation-by = Door
reconciliation-never = Nog niet vergeleken
reconciliation-no-lines = Geen regels
reconciliation-run = Nu vergelijken
reconciliation-newest = Eerder gedaan
reconciliation-no-day = Vul een dag in, bijvoorbeeld 24-11-2026.
reconciliation-not-over = Kies een dag die voorbij is.
reconciliation-outside = De betaaldienst antwoordt nu niet. De andere vergelijkingen zijn gedaan.
flash-reconciliation-done = De vergelijking is gedaan.

## Zaken die het programma zelf vindt
case-invariant_broken = Een regel van de boeken klopt niet
case-cause-invariant_broken = Iemand veranderde iets in de databank, of er zit een fout in het programma
staff-todo-cases =
    { $count ->
        [one] 1 open zaak
       *[other] { $count } open zaken
    }
staff-todo-approvals =
    { $count ->
        [one] 1 voorstel wacht op een tweede persoon
       *[other] { $count } voorstellen wachten op een tweede persoon
    }
staff-todo-invariants =
    { $count ->
        [one] Alarm: 1 regel van de boeken klopt niet
       *[other] Alarm: { $count } regels van de boeken kloppen niet
    }
staff-todo-alarm = Alarm: { $what } ({ $detail })

## Wat te lang duurt
alarm-payment-created = een betaling heeft na 30 minuten nog geen betaalpagina
alarm-payment-open = een betaalpagina is een uur na haar einde nog open
alarm-payment-processing = een betaling is al twee weken onderweg
alarm-refund-due = een terugbetaling is na een uur nog niet gevraagd
alarm-refund-requested = een terugbetaling heeft na een uur nog geen antwoord
alarm-refund-pending = een terugbetaling is al tien dagen onderweg
alarm-transfer-planned = een overboeking wacht al een week
alarm-batch-approved = een goedgekeurd bestand voor de bank is na twee dagen niet verstuurd
alarm-tranche-approved = een goedgekeurde deelbetaling is na twee dagen niet op weg
alarm-claim-given = een steuner gaf een week geleden een rekening en is niet betaald
alarm-transfer-sent = een overboeking is na vijf dagen niet bevestigd
alarm-letter-queued = een brief wacht al een uur
alarm-job-overdue = een taak is een uur te laat
alarm-settlement-executing = een afwikkeling duurt al twee dagen
alarm-proposal-waiting = een voorstel verloopt bijna
alarm-unsealed = een boeking is na een uur nog niet verzegeld
alarm-suspense = geld staat langer dan een dag op de tussenrekening
alarm-case-old = een zaak is ouder dan vijf dagen
alarm-task-off = een taak staat al een dag uit
alarm-task-late = een taak op de klok is een uur te laat
task-reconciliation = De boeken vergelijken
task-alarms = Kijken wat te lang duurt
task-invariants = De regels van de boeken nakijken
