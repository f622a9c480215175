### Rondes maken, hun data, verlengen en herinneren.

## Hoe lang nog
round-left-days =
    { $count ->
        [one] 1 dag
       *[other] { $count } dagen
    }
round-left-hours = { $count } uur
round-left-minutes =
    { $count ->
        [one] 1 minuut
       *[other] { $count } minuten
    }
round-left-both = { $days } en { $hours }
site-left-until = Nog { $left }, tot { $date }
project-state-sold_out = Alles is toegezegd
site-extended = Deze ronde duurt langer: tot { $date }. Eerst was dat { $old }.
site-extended-why = De reden:

## Een ronde maken en veranderen
round-new-title = Nieuwe ronde
round-edit-title = Ronde aanpassen
round-edit = Ronde aanpassen
round-form-lead = Alle tijden zijn die van Amsterdam. Wat al gepubliceerd is, kan later niet meer anders.
round-field-number = Nummer
round-field-title-nl = Titel in het Nederlands
round-field-title-en = Titel in het Engels
round-dates = Data
round-dates-lead = Een datum kan anders zolang die stap nog niet is gezet. De ronde gaat op deze momenten vanzelf verder.
round-money = Prijs en regels
round-money-fixed = De verkoop is begonnen. Prijs, kleinste bijdrage en regels staan vast.
round-field-price = Prijs van één Rikx in hele euro’s
round-field-price-hint = Bijvoorbeeld 100
round-field-minimum = Kleinste bijdrage
round-field-minimum-hint = Dit bedrag moet een heel aantal honderdsten van een Rikx kopen.
round-proposed-near-miss = Is er minder ontvangen, maar wel { $percent } procent van de drempelwaarde of meer? Dan zegt de maker of het ook met minder kan. Jij kiest dan of je bijdrage blijft. Kies je niets, dan krijg je je geld terug.
round-proposed-no-near-miss = Is er minder ontvangen, dan gaat het project niet door.
round-field-percent = Vanaf hoeveel procent van de drempelwaarde is het bijna gehaald?
round-field-percent-hint = Dan kiezen maker en steuners of het met minder doorgaat. Bij 0 is er geen keuze.
round-percent-wrong = Vul een heel getal in van 0 tot en met 99
round-propose = Stel een tekst voor de regels voor
round-propose-needs = Vul eerst een prijs, een kleinste bijdrage en een percentage in.
round-field-rule-nl = Regels in het Nederlands
round-field-rule-en = Regels in het Engels
round-field-rule-hint = Iedereen leest dit op de pagina van de ronde. Vanaf het begin van de verkoop staat het vast.
round-field-confirm = Ik heb prijs, bijdrage, percentage en regels nagekeken
round-field-confirm-hint = Alleen nodig als je een van deze verandert.
round-confirm-missing = Kijk prijs, bijdrage, percentage en regels na en zet het vinkje
round-save = Bewaar de ronde
flash-round-saved = De ronde is bewaard.
round-number-wrong = Vul een nummer in van 1 tot en met 9999
round-number-taken = Dit nummer heeft een andere ronde al
round-number-fixed = Het nummer staat vast zodra de ronde is begonnen
round-title-missing = Vul een titel in
round-price-wrong = Vul een prijs in hele euro’s in, van 1 tot en met 100000
round-minimum-wrong = Vul een bedrag in dat een heel aantal honderdsten van een Rikx koopt
round-rule-missing = Vul de regels in, of laat ze voorstellen
round-text-too-long = Deze tekst is te lang
round-fixed = Dit staat vast: er is al mee gewerkt. Vul weer in wat er stond.
round-moment-fixed = Deze stap is al gezet, of gaat alleen met een verlenging. Vul weer de oude datum in.
round-moment-past = Kies een moment dat nog komt
round-moment-order = Kies een later moment dan dat van de stap ervoor
round-not-allowed = De ronde is intussen verder gegaan. Open het formulier opnieuw.
moment-day = Dag
moment-time = Tijd
moment-time-hint = Bijvoorbeeld 17:00
moment-no-day = Vul een dag in, zoals 3-10-2026
moment-no-time = Vul een tijd in, zoals 17:00
moment-missing = In deze nacht gaat de klok vooruit: deze tijd bestaat dan niet. Kies een tijd vóór 2.00 uur of vanaf 3.00 uur.
moment-twice = In deze nacht gaat de klok terug: deze tijd is er twee keer. Kies een tijd vóór 2.00 uur of vanaf 3.00 uur.
round-proposed-rule =
    In deze ronde kost één Rikx { $price }. Je steunt een project vanaf { $minimum }. Een project gaat door als bij het sluiten de drempelwaarde is ontvangen.

    { $near_miss } Gaat een project niet door, dan krijg je je geld tot op de cent terug. Geld tot de drempelwaarde is startgeld. Geld daarboven is resultaatgeld: dat betalen we pas uit als de resultaten zijn gecontroleerd. { $remainder }

    We mogen deze ronde één keer verlengen, met hoogstens 30 dagen. Dan lees je waarom.
round_plan-state-made = Ronde gemaakt
round_plan-state-changed = Ronde aangepast
round_plan-state-extended = Ronde verlengd
round-not-begun = De verkoop had moeten beginnen, maar er is geen enkel project toegelaten, of de ronde sluit al. Rond de waardering af of verzet de data. Zodra er een project is, begint de verkoop vanzelf.
round-in-valuation-left =
    { $count ->
        [one] 1 project wordt nog gewaardeerd en doet niet mee in de verkoop van deze ronde. Wijs het af of zet het in een latere ronde.
       *[other] { $count } projecten worden nog gewaardeerd en doen niet mee in de verkoop van deze ronde. Wijs ze af of zet ze in een latere ronde.
    }
case-round_not_begun = Een ronde kan niet in de verkoop
task-calendar = Rondes hun stappen laten zetten en aan het sluiten herinneren

## Verlengen
extension-title = { $round }: langer openhouden
extension-open = Langer openhouden
extension-lead = Een ronde kan één keer langer open blijven, hoogstens 30 dagen. Twee mensen beslissen. Eigenaren en steuners krijgen een e-mail met de reden. Aan bijdragen verandert niets.
extension-old = Sloot eerst
extension-new = Sluit dan
extension-once = Een ronde wordt één keer verlengd.
extension-reason-hint = Iedereen leest dit: op de pagina’s van de ronde en in de e-mail.
extension-propose = Stel de verlenging voor
extension-approve-lead = Na je besluit staat de nieuwe datum op de site en gaan de e-mails uit.
extension-approve = Verleng tot { $date }
extension-not-selling = Deze ronde is niet (meer) in de verkoop.
extension-already = Deze ronde is al een keer verlengd.
extension-not-later = Kies een moment na het sluiten zoals het nu is
extension-too-long = Kies een moment binnen 30 dagen na het sluiten zoals het nu is
extension-open-round = Bekijk de ronde
extension-reason-nl = Reden in het Nederlands
extension-reason-en = Reden in het Engels
extension-reason-missing = Schrijf waarom, in het Nederlands en in het Engels. Iedereen leest dit.
flash-extension-proposed = De verlenging is voorgesteld. Iemand anders beslist.
flash-extension-approved = De ronde is verlengd. De e-mails gaan uit.
flash-extension-withdrawn = Het voorstel is teruggenomen.
approval-kind-rounds-extend = Een ronde langer openhouden

## E-mails
round-letter-closes = Sluit
round-letter-open = Bekijk het project
letter-reminder_owner_week-subject = { $title }: nog { $left } in de verkoop
letter-reminder_owner_week-text = De ronde van je project sluit { $date }. Dat is over { $left }. Wil je mensen nog vragen om mee te doen, dan is dit het moment.
letter-reminder_owner_days-subject = { $title }: nog { $left } in de verkoop
letter-reminder_owner_days-text = De ronde van je project sluit { $date }. Dat is over { $left }. Geld dat daarna binnenkomt, telt niet mee en gaat terug.
letter-reminder_follower-subject = { $title }: nog { $left }
letter-reminder_follower-text = Je vroeg ons om je te herinneren. Tot { $date } kun je { $title } nog steunen.
letter-reminder_follower-why = Je krijgt deze e-mail omdat je { $title } volgt en een herinnering wilde.
letter-round_extended_owner-subject = { $round }: open tot { $date }
letter-round_extended_owner-text = De ronde van je project sluit later dan gezegd: { $date }. Eerst was dat { $old }.
letter-round_extended_owner-why = Je krijgt deze e-mail omdat je eigenaar bent van een project in deze ronde.
letter-round_extended_backer-subject = { $round }: open tot { $date }
letter-round_extended_backer-text = De ronde van een project dat je steunt, sluit later dan gezegd: { $date }. Eerst was dat { $old }. Aan je bijdrage verandert niets. Tot het sluiten kun je een betaalde bijdrage nog annuleren.
letter-round_extended_backer-why = Je krijgt deze e-mail omdat je in deze ronde een project steunt.

## Herinnering voor volgers
follow-field-remind = Herinner me 48 uur voor het sluiten
follow-field-remind-hint = Je krijgt dan één e-mail als je nog mee kunt doen.
account-mail-remind-on = Herinner me voor het sluiten
account-mail-remind-off = Herinner me niet meer
flash-reminder-set = Je keuze is bewaard.
