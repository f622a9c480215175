### De ronde afsluiten: wat het platformteam ziet en wat er niet mag.

## Waarom iets niet kan
settlement-not-selling = Deze ronde is niet (meer) open voor bijdragen.
settlement-not-closing = Deze ronde wordt niet afgesloten. Een voorstel kan pas als de verkoop is gesloten.
settlement-reason-missing = Schrijf op waarom.
settlement-reason-too-long = Houd de reden onder de 1000 tekens.
settlement-not-treasurer = Alleen een penningmeester mag dit doen.
settlement-factor-not-fresh = Bevestig eerst opnieuw dat jij het bent, met je code.
settlement-own-proposal = Je kunt je eigen voorstel niet goedkeuren. Dat doet een andere penningmeester.
settlement-outdated = De lijst is veranderd sinds dit voorstel. Bekijk de nieuwe lijst en stel die opnieuw voor.
settlement-proposal-expired = Dit voorstel is ouder dan een dag. Stel het opnieuw voor.
settlement-nothing-proposed = Er is geen voorstel om goed te keuren.
settlement-already-proposed = Deze lijst is al voorgesteld. Een andere penningmeester kan hem nu goedkeuren.
settlement-already-approved = Deze ronde is al goedgekeurd. Hieronder zie je hoe het loopt.
settlement-not-running = Er is nu niets om te pauzeren.
settlement-not-paused = Er staat niets op pauze.

## Toestand van een afwikkeling
settlement-state-proposed = Voorgesteld
settlement-state-expired = Vervallen
settlement-state-executing = Wordt uitgevoerd
settlement-state-paused = Gepauzeerd
settlement-state-done = Uitgevoerd

## De pagina
settlement-title = Ronde { $round } afsluiten
settlement-early = Deze ronde verkoopt nog niet. De verkoop begint op { $moment }.
settlement-selling = De verkoop loopt tot { $moment }. Dan begint het afsluiten vanzelf. Dit is hoe het nu zou aflopen.
settlement-readiness = Is alles klaar?
settlement-ready = Alles is klaar.
settlement-not-ready = Nog niet alles is klaar. Wie nu voorstelt, legt in de reden uit waarom dat kan.
settlement-ready-open-sessions = Open betaalpagina's
settlement-ready-processing = Betalingen onderweg
settlement-ready-disputes = Betwiste bijdragen
settlement-ready-refunds = Terugbetalingen onderweg
settlement-ready-differences = Verschillen met de boeken
settlement-dry-run = Wat er zou gebeuren
settlement-decided = Wat er is besloten
settlement-outcome = Gaan door: { $funded }. Gaan niet door: { $failed }.
settlement-pledges-count =
    { $count ->
        [one] Het gaat om 1 bijdrage.
       *[other] Het gaat om { $count } bijdragen.
    }
settlement-no-projects = In deze ronde staan geen projecten te koop.
settlement-hash = Controlegetal van de lijst
settlement-decision = Besluit
settlement-threshold = Drempelwaarde
settlement-held = Vastgehouden
settlement-start = Startgeld
settlement-result = Resultaatgeld
settlement-refund = Terug naar steuners
settlement-pledges = Bijdragen
settlement-backers = Steuners
settlement-total = Totaal
settlement-amount = Bedrag
settlement-count = Aantal
settlement-effects = Gevolgen
settlement-effect-releases =
    { $count ->
        [one] Over 1 bijdrage hoort de steuner dat het project doorgaat.
       *[other] Over { $count } bijdragen horen de steuners dat het project doorgaat.
    }
settlement-effect-refunds =
    { $count ->
        [one] 1 bijdrage gaat helemaal terug.
       *[other] { $count } bijdragen gaan helemaal terug.
    }
settlement-effect-time = Verwachte tijd: { $time }.
settlement-at-provider = Volgens onze boeken staat bij de betaaldienst { $amount }.
settlement-shortage = Daar komt voor de terugbetalingen { $amount } tekort.
settlement-letters = Iedere steuner krijgt één mail per bijdrage. Gaat het project door, dan staat erin wat er met het geld gebeurt. Gaat het niet door, dan komt het geld terug. Is het geld terug, dan volgt daar nog een mail over.
settlement-proposal = Voorstel
settlement-proposed-by = Voorgesteld door
settlement-approved-by = Goedgekeurd door
settlement-expires = Geldig tot
settlement-finished = Klaar op
settlement-reason = Reden
settlement-only-treasurers = Alleen penningmeesters kunnen voorstellen en goedkeuren.
settlement-wait-for-other = Je hebt dit zelf voorgesteld. Nu is een andere penningmeester aan zet.
settlement-approve-lead = Na goedkeuring staat de lijst vast en begint de uitvoering meteen. Dit kun je niet terugdraaien.
settlement-approve = Keur de afwikkeling van ronde { $round } goed
settlement-begin-title = Nu al sluiten
settlement-begin-lead = Vanaf dat moment kan niemand meer een bijdrage geven. Open betaalpagina's worden gesloten.
settlement-begin-reason-hint = Waarom sluit de ronde eerder dan gepland?
settlement-begin = Sluit de verkoop nu
settlement-propose-title = Voorstellen
settlement-propose-reason-hint = Waarom mag de ronde zo worden afgewikkeld? Noem ook wat nog niet klaar is.
settlement-propose = Stel deze lijst voor
settlement-board = Uitvoering
settlement-reloads = Deze pagina ververst zichzelf.
settlement-reload-off = Zet dat uit
settlement-reload-on = Laat de pagina zichzelf verversen
settlement-lines = Bijdragen
settlement-lines-done = { $done } van { $planned } bijdragen verwerkt
settlement-rate = Snelheid: { $second } per seconde, { $minute } in de laatste minuut.
settlement-left = Nog ongeveer { $time }.
settlement-effect = Gevolg
settlement-line-release = Naar het project
settlement-line-refund = Terug naar de steuner
settlement-planned = Gepland
settlement-done = Verwerkt
settlement-amount-planned = Bedrag gepland
settlement-amount-done = Bedrag verwerkt
settlement-refunds = Terugbetalingen
settlement-aside = Opzij gelegd
settlement-failed = Terugbetalingen die niet lukten
settlement-retried = Terugbetalingen die opnieuw worden geprobeerd
settlement-pause = Pauzeer
settlement-resume = Ga verder
settlement-retry = Probeer wat opzij ligt opnieuw
settlement-pause-lead = Bij een pauze begint er niets nieuws. Terugbetalingen die klaarstaan, worden niet verstuurd. Wat al bij de betaaldienst ligt, gaat door.
settlement-protocol = Download het protocol (CSV)

## Korte berichten
flash-closing-begun = De verkoop is gesloten.
flash-closing-proposed = De lijst is voorgesteld. Een andere penningmeester kan hem nu goedkeuren.
flash-closing-approved = De afwikkeling is goedgekeurd. De uitvoering is begonnen.
flash-closing-paused = De uitvoering staat op pauze.
flash-closing-resumed = De uitvoering gaat verder.
