### Wat vanzelf gebeurt, met een schakelaar.

staff-tasks = Wat vanzelf gebeurt
staff-tasks-intro = Een penningmeester of beheerder kan elke taak uitzetten en weer aanzetten. Wat al begonnen is, wordt afgemaakt.
staff-task = Taak
staff-task-rhythm = Wanneer
staff-task-switch = Schakelaar
staff-task-off-since = Uit sinds
staff-task-next = Volgende keer
staff-task-ran = Laatste keer
staff-task-took = Duurde
staff-task-outcome = Afloop
staff-task-failures = Mislukt achter elkaar
staff-task-result = Resultaat
staff-task-never = Nog niet
staff-task-done = Gelukt
staff-task-failed = Mislukt
staff-task-run = Doe dit nu
staff-task-turn-off = Uitzetten
staff-task-turn-on = Aanzetten
staff-task-reason = Waarom
staff-task-reason-hint = Dit komt in de geschiedenis van deze taak.
staff-rhythm-always = Steeds
staff-rhythm-jobs = Als er werk is
staff-rhythm-every = Elke { $time }
staff-rhythm-daily = Elke dag na { $hour }.00 uur
staff-milliseconds = { $count } ms
staff-hours =
    { $count ->
        [one] 1 uur
       *[other] { $count } uur
    }
staff-days =
    { $count ->
        [one] 1 dag
       *[other] { $count } dagen
    }
task-state-on = Aan
task-state-off = Uit
flash-task-on = De taak staat weer aan.
flash-task-off = De taak staat uit.
flash-task-asked = De taak begint zo.

## Wat elke taak doet
task-refunds = Terugbetalingen versturen
task-letters = Brieven versturen
task-sealing = De boeken verzegelen
task-sessions = Betaalpagina's vragen voor wie in de rij staat
task-closing = De verkoop van een ronde sluiten
task-payment-check = Betalingen nakijken bij de betaaldienst
task-refund-check = Terugbetalingen nakijken bij de betaaldienst
task-updates-publish = Voortgangsberichten plaatsen
task-updates-mail = Brieven over voortgang klaarzetten
task-payouts-pay = Uitbetalingen doen
task-balance = Het saldo bij de betaaldienst lezen
task-forget = Gegevens opruimen waarvan de tijd om is
task-erasures = Mensen wissen die dat vroegen
