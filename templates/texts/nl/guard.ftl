problem-form-title = Verstuur het formulier opnieuw
problem-form = Dit formulier hoort niet bij deze browser, of je hebt intussen opnieuw ingelogd. Er is niets veranderd. Ga terug met de knop Vorige van je browser: wat je hebt ingevuld staat er nog. Laad daarna de pagina opnieuw en verstuur het formulier nog een keer. Je browser moet cookies van deze site toestaan.
form-trap-label = Laat dit veld leeg
form-trapped = Er was een verborgen veld ingevuld. Daarom hebben we niets gedaan. Verstuur het formulier nog een keer.
form-too-fast = Dat ging heel snel. Controleer wat je hebt ingevuld en verstuur het formulier nog een keer.
limit-minutes = { $count ->
    [one] Dit is te vaak gedaan. Probeer het over 1 minuut opnieuw.
   *[other] Dit is te vaak gedaan. Probeer het over { $count } minuten opnieuw.
    }
limit-hours = Dit is te vaak gedaan. Probeer het over { $count } uur opnieuw.
shield-only-bank = Je kunt nu alleen betalen met iDEAL of met een overboeking. Iemand probeert gestolen kaarten uit. Daarom nemen we nu geen kaarten aan. Probeer het later opnieuw als je met een kaart wilt betalen.
shield-title = Bescherming tegen kaartmisbruik
shield-lead = Wie gestolen kaarten uitprobeert, doet veel kleine betalingen die mislukken. Dan gaat de bescherming vanzelf een uur aan. Zo lang kan alleen betaald worden met iDEAL of een overboeking.
shield-is-up = De bescherming staat aan tot { $date }.
shield-is-down = De bescherming staat uit. Alle betaalwijzen werken.
shield-raise = Zet de bescherming een uur aan
shield-lower = Zet de bescherming uit
shield-reason = Waarom?
shield-failed-minute = Mislukte betalingen in de laatste minuut
shield-failed = Mislukte betalingen in de laatste vijf minuten
shield-tries = Alle pogingen in de laatste vijf minuten
shield-state-up = Aangezet
shield-state-down = Uitgezet
shield-todo = Betalen met een kaart kan nu niet: de bescherming tegen kaartmisbruik staat aan
flash-shield-up = De bescherming staat aan.
flash-shield-down = De bescherming staat uit.
