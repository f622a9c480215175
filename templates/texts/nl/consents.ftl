### Een bijna gehaald project: de maker zegt hoe het met minder doorgaat, steuners kiezen. En een project dat de maker intrekt.

## Wat er mis kan zijn
settlement-nothing-due = Over de bijna gehaalde projecten kan nog niet worden besloten.
consent-not-asked = Aan dit project is niet gevraagd hoe het met minder doorgaat, of dat is al gezegd.
consent-asked-too-late = De tijd om dit te schrijven is voorbij. Iedereen krijgt zijn geld terug.
consent-words-missing = Schrijf hoe het project met minder geld doorgaat, in het Nederlands of in het Engels.
consent-words-too-long = Dit is te lang: hoogstens 4.000 tekens.
choice-nothing = Bij deze bijdrage valt niets te kiezen.
choice-too-late = De tijd om te kiezen is voorbij.
choice-not-held = We houden deze bijdrage niet meer vast, dus er valt niets te kiezen.
withdraw-still-plan = Zolang dit een plan is, trek je het in op de pagina van het plan.
withdraw-not-owner = Alleen een eigenaar van de organisatie kan het project intrekken.
withdraw-funded = Dit project heeft het geld gekregen, dus je kunt het niet zelf intrekken. Het team van Drempel kan het stoppen: schrijf ons.
withdraw-over = Dit project kan niet meer worden ingetrokken.
withdraw-reason-missing = Schrijf waarom je het project intrekt. Je steuners lezen dit.
withdraw-reason-too-long = Dit is te lang: hoogstens 1.000 tekens.

## Brieven
consent-least = Moet minstens blijven staan
consent-owner-until = Je kunt schrijven tot
consent-open = Schrijf hoe het doorgaat
consent-why = Je krijgt deze e-mail omdat je eigenaar bent van de organisatie van dit project.
withdraw-at = Ingetrokken op
choice-owner-says = Wat de maker zegt
choice-open = Maak je keuze
letter-consent_asked-subject = { $title }: de drempelwaarde is bijna gehaald, nu ben jij aan zet
letter-consent_asked-text = De ronde is gesloten. Je project heeft { $amount }, en de drempelwaarde is { $threshold }. Het kan met minder doorgaan als je steuners dat willen. Schrijf voor { $date } hoe het project met minder geld doorgaat. Daarna hebben je steuners vijf dagen om te kiezen. Schrijf je niets, dan krijgt iedereen zijn geld terug.
letter-choice_asked-subject = { $title }: laat je je bijdrage van { $amount } staan?
letter-choice_asked-text = De drempelwaarde is bijna gehaald. De maker wil met minder geld doorgaan, en schrijft hieronder hoe. Jij bepaalt wat er met je bijdrage gebeurt: laten staan, verhogen of terugnemen. Je kunt kiezen tot { $date }. Kies je niets, dan krijg je je hele bijdrage terug. Het project begint als er { $least } blijft staan.
letter-choice_reminder-subject = { $title }: je kunt nog één dag kiezen wat er met je { $amount } gebeurt
letter-choice_reminder-text = Je hebt nog niet gekozen. Je kunt je bijdrage laten staan, verhogen of terugnemen tot { $date }. Kies je niets, dan krijg je je hele bijdrage terug.
letter-raise_received-subject = { $title }: we hebben je extra { $amount } ontvangen
letter-raise_received-text = Dank je wel, het geld waarmee je verhoogt is binnen. We houden het veilig vast bij je bijdrage. Steuners kunnen kiezen tot { $date }. Daarna hoor je of het project begint.
letter-choice_won-subject = { $title }: het project begint, met jouw { $amount }
letter-choice_won-text = Goed nieuws: genoeg steuners lieten hun bijdrage staan, dus het project begint met minder geld. Je geld gaat naar het project.
letter-choice_left-subject = { $title }: je krijgt { $amount } terug
letter-choice_left-text = Het project begint met minder geld. Je hebt je bijdrage niet laten staan, dus je krijgt die helemaal terug, op dezelfde manier als je betaalde. Je hoeft niets te doen.
letter-choice_lost-subject = { $title }: het project begint niet, je krijgt { $amount } terug
letter-choice_lost-text = Er bleef te weinig staan om met minder geld te beginnen, dus het project begint niet. Je krijgt je hele bedrag terug, op dezelfde manier als je betaalde. Je hoeft niets te doen.
letter-project_withdrawn-subject = { $title } is ingetrokken door de maker, je krijgt { $amount } terug
letter-project_withdrawn-text = De maker heeft dit project ingetrokken, dus het begint niet. Hieronder staat waarom. Je krijgt je hele bedrag terug, op dezelfde manier als je betaalde. Je hoeft niets te doen.
letter-project_taken_back-subject = { $title } is ingetrokken
letter-project_taken_back-text = Een eigenaar van je organisatie heeft dit project ingetrokken. Niemand kan er nog aan bijdragen, en wie betaald heeft krijgt zijn geld terug.
settlement-line-consent = Wacht op een keuze

## De pagina van een bijdrage
choice-title = Je keuze
choice-question = Wat wil je met je bijdrage doen?
choice-question-hint = Kies je niets, dan krijg je je hele bijdrage terug.
choice-keep = Ik laat mijn bijdrage staan
choice-raise = Ik laat mijn bijdrage staan en verhoog hem
choice-withdraw = Ik neem mijn bijdrage terug
choice-amount = Bedrag erbij, in euro
choice-amount-hint = Alleen als je verhoogt. Je betaalt op de pagina van de bank, zoals je eerder betaalde; een overschrijving duurt te lang, dan wordt het iDEAL | Wero.
choice-amount-limits = Minstens { $minimum }, hoogstens { $available }.
choice-button = Bevestig mijn keuze
choice-until = Je kunt kiezen, en weer anders kiezen, tot { $date }. Tot dan houden we je geld veilig vast. Neem je je bijdrage terug, dan krijg je het geld na het besluit.
choice-least = Het project begint als er { $amount } of meer blijft staan.
choice-made-silent = Je hebt nog niet gekozen.
choice-made-keep = Je laat je bijdrage staan.
choice-made-raise = Je laat je bijdrage staan en verhoogt hem.
choice-made-withdraw = Je neemt je bijdrage terug. Je krijgt hem terug bij het besluit, samen met wat je erbij deed.
choice-added = Wat je erbij deed. Dat gaat mee met je bijdrage, en telt zodra het betaald is.
choice-adds-to = Dit hoort bij je bijdrage
choice-next-added = Dit hoort bij je bijdrage en gaat dezelfde weg: het blijft staan, of het gaat terug.
choice-next-asked = De drempelwaarde is bijna gehaald. De maker schrijft hoe het project met minder geld kan doorgaan. Daarna kies je wat er met je bijdrage gebeurt. Je krijgt dan een e-mail.
choice-next-choosing = De drempelwaarde is bijna gehaald. Kies voor { $date } wat er met je bijdrage gebeurt.
choice-next-due = De tijd om te kiezen is voorbij. Nu wordt besloten of het project begint. Je krijgt dan een e-mail.
choice-next-decided = Er is besloten of het project begint. Je geld is onderweg.
choice-next-withdrawn = De maker heeft het project ingetrokken. Je krijgt je hele bedrag terug.
flash-choice-made = Je keuze is genoteerd. Je kunt hem tot het einde van de termijn veranderen.
withdraw-backers-title = De maker heeft dit project ingetrokken

## De studio
consent-title = Bijna gehaald: met minder door?
consent-stage-asked = De drempelwaarde is bijna gehaald. Schrijf hoe het project met minder geld doorgaat, daarna kiezen je steuners.
consent-stage-choosing = Je steuners hebben je tekst en kiezen.
consent-stage-due = De tijd is voorbij. Het team van Drempel kijkt wat bleef staan en besluit dan.
consent-stage-decided = Er is besloten.
consent-stage-withdrawn = Het project is ingetrokken.
consent-lead = Vertel je steuners eenvoudig wat er verandert: wat je doet, voor hoeveel mensen, en wat je weglaat. Zij lezen dit voor ze kiezen.
consent-words-nl = In het Nederlands
consent-words-en = In het Engels
consent-words-hint = Eén taal is genoeg; wie de andere leest, ziet dezelfde tekst.
consent-fixed = Als dit verstuurd is, kun je het niet meer veranderen. Al je steuners krijgen meteen een e-mail en hebben vijf dagen om te kiezen.
consent-button = Verstuur dit aan mijn steuners
consent-or-withdraw = Lukt het niet met minder?
consent-your-words = Wat je schreef
consent-choices = Hoe je steuners kiezen
consent-kept = Tot nu toe blijft staan: { $kept }. Het project begint met { $least } of meer.
consent-choice = Keuze
consent-keep = Blijft staan
consent-raise = Blijft staan en verhoogd
consent-withdraw = Teruggenomen
consent-silent = Nog geen keuze
consent-added = Erbij
consent-choose-until = Steuners kunnen kiezen tot
consent-next = Schrijf voor { $moment } hoe het project met minder doorgaat
consent-not-owner = Alleen een eigenaar van de organisatie kan schrijven hoe het project met minder doorgaat.
flash-consent-said = Je steuners krijgen een e-mail.
withdraw-title = Dit project intrekken
withdraw-lead = Je kunt een project intrekken zolang het geld nog niet is toegekend. Vanaf dat moment kan niemand meer bijdragen. Wie betaald heeft, krijgt alles terug, en een e-mail met je reden.
withdraw-held =
    { $backers ->
        [0] Nog niemand heeft betaald.
        [one] 1 steuner krijgt { $amount } terug.
       *[other] { $backers } steuners krijgen { $amount } terug.
    }
withdraw-reason = Waarom trek je het in?
withdraw-reason-hint = Je steuners en iedereen op de pagina van het project lezen dit.
withdraw-final = Dit kun je niet ongedaan maken.
withdraw-button = Trek het project in en betaal iedereen terug
withdraw-done = Wie betaald heeft, krijgt zijn geld terug.
withdraw-write-to-us = Schrijf ons
withdraw-public-title = Ingetrokken door de maker
flash-withdrawn = Het project is ingetrokken. De terugbetalingen worden klaargemaakt.

## De pagina van een project
near-title = Bijna gehaald
near-asked = De ronde is gesloten en de drempelwaarde is bijna gehaald. De maker kan tot { $date } schrijven hoe het project met minder geld doorgaat. Daarna kiezen de steuners.
near-choosing = De drempelwaarde is bijna gehaald. De steuners kiezen tot { $date } of ze hun bijdrage laten staan. Met { $least } of meer gaat het project door.
near-due = De steuners hebben gekozen. Nu wordt besloten of het project doorgaat.
near-saved = De drempelwaarde is bijna gehaald. Er bleef genoeg staan om met minder geld door te gaan.
near-failed = De drempelwaarde is bijna gehaald, maar er bleef te weinig staan om door te gaan. Alle steuners krijgen hun geld terug.

## De sluiting
settlement-waits = Wacht op een keuze
settlement-near =
    { $count ->
        [one] Bijna gehaald: 1 project, waarvan maker en steuners eerst kiezen.
       *[other] Bijna gehaald: { $count } projecten, waarvan makers en steuners eerst kiezen.
    }
settlement-effect-consents =
    { $count ->
        [one] 1 bijdrage blijft vastgehouden; de steuner krijgt de vraag als de maker heeft geschreven.
       *[other] { $count } bijdragen blijven vastgehouden; de steuners krijgen de vraag als de maker heeft geschreven.
    }
settlement-near-title = Bijna gehaald
settlement-near-lead = Deze projecten wachten op hun maker en steuners. Is de tijd van een project voorbij, dan kan er op deze pagina over worden besloten; de andere wachten verder. De ronde is klaar als er geen meer wacht.
settlement-near-until = Tot
settlement-near-kept = Blijft staan, in totaal
settlement-earlier = Eerdere besluiten
settlement-earlier-one = Goedgekeurd op { $moment }.
near_miss-state-asked = De maker is gevraagd
near_miss-state-choosing = Steuners kiezen
near_miss-state-due = Klaar voor een besluit
near_miss-state-decided = Besloten
near_miss-state-withdrawn = Ingetrokken
staff-todo-near-due = Ronde { $round }: over een bijna gehaald project kan worden besloten
staff-todo-near-waits = Ronde { $round }: bijna gehaalde projecten wachten op makers en steuners

## Wat er gebeurde, in een lijst
choice-state-keep = Keuze: laten staan
choice-state-raise = Keuze: laten staan en verhogen
choice-state-withdraw = Keuze: terugnemen
choice-matched = { $name } legt { $ratio } procent bij van wat je bijlegt, hoogstens { $most }, zolang er geld in het fonds zit.
choice-not-matched = Bij wat je bijlegt, doet geen matchfonds iets.
