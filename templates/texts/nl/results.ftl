### Resultaatgeld: wat verdiend is, wat wordt uitbetaald en wat er met de rest gebeurt.

remainder-label = Wat gebeurt er met resultaatgeld dat overblijft?
remainder-refund = Resultaatgeld dat niet met gecontroleerde resultaten is verdiend, gaat naar verhouding terug naar de steuners.
remainder-match_fund = Resultaatgeld dat niet met gecontroleerde resultaten is verdiend, gaat naar het matchfonds { $fund }. Is dat fonds dan gestopt, dan gaat het naar verhouding terug naar de steuners.
remainder-field = Wat gebeurt er met resultaatgeld dat overblijft?
remainder-field-hint = Steuners lezen dit voor ze betalen. Wat een matchfonds zelf had toegevoegd, gaat altijd naar dat fonds terug.
remainder-choice-refund = Naar verhouding terug naar de steuners
remainder-choice-match_fund = Naar een matchfonds
remainder-fund-field = Welk matchfonds?
remainder-fund-hint = Alleen als het overgebleven geld naar een matchfonds gaat.
remainder-fund-none = Geen fonds
remainder-fund-missing = Kies een fonds als het geld naar een matchfonds gaat, en geen fonds als het teruggaat
late-days-field = Hoeveel dagen na de laatste streefdatum tellen resultaten nog mee?
late-days-hint = Daarna telt wat niet is gecontroleerd als nul.
late-days-wrong = Vul een heel getal in van 0 tot en met 730
late-days-label = Late resultaten
late-days-value =
    { $days ->
        [one] Resultaten tellen mee tot 1 dag na de laatste streefdatum van een project.
       *[other] Resultaten tellen mee tot { $days } dagen na de laatste streefdatum van een project.
    }

results-title = Resultaatgeld
results-of = Resultaatgeld van { $title }
results-lead = Geld boven de drempelwaarde betalen we uit naar gecontroleerde resultaten. Een penningmeester stelt voor, een ander keurt goed.
results-none = Er is nu geen project dat wordt uitgevoerd.
results-all = Resultaatgeld in totaal
results-promise = Beoogd resultaat
results-share = Aandeel
results-part = Deel van het geld
results-target = Doel
results-verified = Gecontroleerd
results-reached = Gehaald
results-due = Verdiend
results-before = Al vrijgegeven
results-now = Nu vrij te geven
results-what-next = Wat nu
results-open-figures = In controle
results-unverified = Nog niet gecontroleerd
results-late-days = Dagen tot te laat
results-next-approve = Wacht op een tweede penningmeester
results-next-wait = Nu niets vrij te geven
results-next-interim = Tussentijds vrij te geven
results-next-final = Klaar voor de eindafrekening
results-not-verified = Niet gecontroleerd
results-level-staff_checked = door ons team
results-level-third_party = door een derde
results-floor = Onder { $percent }% van het doel: niets.
results-cap = Hoogstens { $percent }% van het deel.
results-floor-and-cap = Onder { $floor }% van het doel: niets. Hoogstens { $cap }% van het deel.
results-why-floor = Minder gehaald dan de ondergrens.
results-why-cap = Tot het maximum.
results-why-open = Wacht: er loopt nog een controle, vraag of bezwaar.
results-why-waits = Wacht op controle.
results-why-late = Niet op tijd gecontroleerd: telt als nul.
results-why-lowered = Er is meer vrijgegeven dan nu verdiend is. Dat blijft bij de maker.
results-to = Naar { $name }
results-rest = Niet verdiend
results-rest-of-backers = Waarvan van steuners
results-stays = Waarvan van niemand: de bank nam die betalingen terug
results-late-from = Wat niet is gecontroleerd telt als nul vanaf
results-final-lead = Dit is de eindafrekening. Het project wordt afgerond. Alle steuners krijgen de brief met de resultaten. Wat niet is verdiend, gaat weg volgens de regel van de ronde. Dit kan niet worden teruggedraaid.
results-stale = Het voorstel klopt niet meer, omdat er iets is veranderd of omdat het te lang wachtte. Stel opnieuw voor.
results-reason-hint = De maker leest dit.
results-propose = Stel voor { $amount } vrij te geven
results-approve-lead = De uitbetaling gaat meteen op weg naar de makers. Dit kan niet worden teruggedraaid.
results-approve = Geef { $amount } vrij
results-release = Vrijgave { $number }: { $amount }
results-kind-interim = Tussentijds
results-kind-final = Eindafrekening
results-see-payouts = Bekijk de uitbetalingen
results-not-funded = Resultaatgeld komt alleen vrij voor een project dat wordt uitgevoerd.
results-still-closing = De beslissing over dit project wordt nog uitgevoerd. Zodra dat klaar is, kan resultaatgeld vrijkomen.
results-no-promises = Dit project heeft geen beoogde resultaten. Zonder die resultaten kan er geen resultaatgeld vrijkomen.
results-under-way = De eindafrekening wordt nog uitgevoerd.
results-nothing-now = Er is nu niets vrij te geven. Dat komt zodra een resultaat is gecontroleerd.
results-too-little = In de boeken staat minder resultaatgeld dan verdiend is. Kijk de correcties na.
approval-kind-results-release = Resultaatgeld vrijgeven
flash-results-proposed = Voorgesteld. Een andere penningmeester beslist.
flash-results-approved = Goedgekeurd. Het geld gaat op weg.
flash-results-withdrawn = Het voorstel is ingetrokken.
release-state-proposed = Voorgesteld
release-state-approved = Wordt uitgevoerd
release-state-done = Uitgevoerd
release-state-withdrawn = Ingetrokken
release-state-expired = Verlopen
staff-todo-results =
    { $count ->
        [one] Voor 1 project kan resultaatgeld worden vrijgegeven
       *[other] Voor { $count } projecten kan resultaatgeld worden vrijgegeven
    }
case-result_lowered = Een gecontroleerd resultaat werd lager nadat er geld voor was vrijgegeven
ledger-kind-result_released = Voor resultaten vrijgegeven
ledger-kind-result_moved = Niet verdiend, naar een matchfonds
paper-cause-results = Niet verdiend met resultaten
staff-cause-results = Niet verdiend met resultaten
data-cause-results = Niet verdiend met resultaten

results-studio-lead = Dit geld komt vrij naar de mate waarin een resultaat is gehaald en gecontroleerd. Meer dan beloofd telt als helemaal gehaald.
results-waits = Wacht op resultaten
results-studio-late = Lever je resultaten op tijd in. Wat niet is gecontroleerd, telt als nul vanaf { $date }.
results-studio-rest = Niet verdiend en weg volgens de regel van de ronde: { $amount } van steuners.
results-open = Bekijk het resultaatgeld
results-released-now = Nu vrijgegeven
results-released-all = Betaald voor resultaten
results-back-to-you = Gaat terug naar jou

results-letter-line = { $verified } van { $target } { $unit }
results-letter-line-own = { $verified } van { $target } { $unit }: nu { $amount }
results-letter-line-withheld = gecontroleerd, maar we tonen het aantal niet. Beloofd: { $target } { $unit }
results-letter-line-none = niet gecontroleerd, beloofd: { $target } { $unit }
letter-result_released-subject = { $amount } resultaatgeld vrijgegeven voor { $title }
letter-result_released-text = Twee penningmeesters hebben besloten over het resultaatgeld van { $title }. Hieronder staat per beoogd resultaat wat is gecontroleerd en wat nu vrijkomt.
letter-result_released-interim = De rest wacht op resultaten die nog gecontroleerd worden.
letter-result_released-final = Dit is de eindafrekening. Het project is afgerond.
letter-results_told-subject = De resultaten van { $title }
letter-results_told-text = Het project dat je steunde, is afgerond. Hieronder lees je wat er is beloofd en wat er is gecontroleerd. Van het resultaatgeld ({ $all }) is { $released } aan de makers betaald voor resultaten die zijn gehaald.
letter-results_told-back = Niet alles is gehaald. Van jouw bijdrage gaat { $back } terug naar de rekening waarmee je betaalde. Je hoeft niets te doen.
letter-results_told-fund = Niet alles is gehaald. Wat overbleef, { $rest }, gaat naar het matchfonds { $fund }. Zo stond het in de regels van de ronde.
letter-results_told-nothing = Van jouw bijdrage gaat niets terug.
site-books-results = Waarvan betaald voor resultaten
site-books-moved = Niet verdiend, naar een matchfonds of een ander project
