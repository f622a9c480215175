### Meten: het formulier, het bestand, en wat een project meet.

measuring-open = Vul het meetmoment in
measuring-figure = Cijfer
measuring-mean = Gemiddeld cijfer, van 0 tot en met 10
measuring-people-asked = Hoeveel mensen gaven een cijfer?
measuring-mean-of = { $mean } gemiddeld, van { $people } mensen
measuring-mean-unreadable = Vul een cijfer in met hooguit twee cijfers achter de komma, bijvoorbeeld 7,4.
measuring-number-missing = Vul ook hier een getal in.
measuring-ladder-1 = Trede 1: geïsoleerd
measuring-ladder-2 = Trede 2: contacten buitenshuis
measuring-ladder-3 = Trede 3: georganiseerde activiteiten
measuring-ladder-4 = Trede 4: onbetaald werk
measuring-ladder-5 = Trede 5: betaald werk met hulp
measuring-ladder-6 = Trede 6: betaald werk
measuring-mean-rung = Gemiddeld op trede { $mean }, van { $people } mensen
measuring-grid-total = Samen { $people }
measuring-rung-social = Sociaal
measuring-rung-educational = Educatief
measuring-rung-work-like = Arbeidsmatig
measuring-workplace-protected = Beschutte werkplaats
measuring-workplace-societal = Maatschappelijke werkplaats
measuring-workplace-entrepreneur = Werkplaats bij een ondernemer
measuring-other-place = Op een andere plek
measuring-unit-hint = In { $unit }
measuring-ladder-hint = Hoeveel mensen staan op elke trede? Een leeg vak telt als 0.
measuring-grid-hint = Hoeveel mensen werken waar? Tel iedereen één keer.
measuring-parts = Delen van het meten
measuring-is-fixed = Ingeleverd voor controle. Dit cijfer verander je alleen bij Controle.
measuring-warn-reached = { $name }: hier staan { $people } mensen, maar je hebt { $others } mensen bereikt. Klopt dat?
measuring-warn-participants = { $name }: hier staan { $people } mensen, maar het project heeft plaats voor { $others } deelnemers. Klopt dat?
measuring-note-waiting = nog niet te zien: het team kijkt ernaar
measuring-note-shown = te zien voor iedereen
measuring-note-refused = niet te zien: { $reason }
measuring-tracked-title = Wat je meet
measuring-tracked-lead = Wat je hebt beloofd, meet je altijd. Kies hier wat je daarnaast wilt meten. Wat je al hebt gemeten, blijft staan.
measuring-is-promised = beloofd
measuring-locations = Plekken
measuring-locations-lead = Werken deelnemers op verschillende plekken? Voeg ze hier toe. Dan vul je de werkladder per plek in.
measuring-locations-none = Er zijn nog geen plekken.
measuring-location = Naam van de plek
measuring-location-hint = Bijvoorbeeld: Noord, West of M4H. Geen naam van een persoon.
measuring-location-add = Voeg de plek toe
measuring-location-names = Dit lijkt op gegevens van een persoon. Geef de plek een andere naam.
outcomes-part-too-large = Dit zijn er meer dan bij { $whole }, waar ze deel van zijn.
outcomes-no-note = Deze toelichting is er niet meer, of er is al over besloten.
outcomes-note-reason-missing = Schrijf op waarom de toelichting niet te zien is, in hooguit 500 tekens.
flash-outcomes-tracked = Opgeslagen wat je meet.
flash-outcomes-location = De plek is toegevoegd.
flash-outcomes-file = Alle meetmomenten uit het bestand zijn opgeslagen.

sheet-title = Invullen met een bestand
sheet-lead = Vul je liever een rekenblad in? Download het voorbeeld, vul de getallen in, sla het op als csv en stuur het op. Voordat we iets opslaan, zie je alles nog een keer.
sheet-template-title = Het voorbeeld
sheet-template-lead = In het voorbeeld staat een rij voor elk getal. Laat een waarde leeg als je die niet hebt gemeten. Voor nog een meetmoment kopieer je de rijen met een ander moment of een andere dag. Namen van mensen horen er niet in.
sheet-template = Download het voorbeeld
sheet-send-title = Het bestand sturen
sheet-file = Bestand
sheet-file-hint = Een csv-bestand van hooguit 128 kB en 2000 rijen, met komma’s of puntkomma’s.
sheet-look = Bekijk wat erin staat
sheet-missing = Kies een bestand.
sheet-wrong = { $count ->
        [one] Er is 1 ding niet goed. Er is niets opgeslagen.
       *[other] Er zijn { $count } dingen niet goed. Er is niets opgeslagen.
    }
sheet-faults = Wat niet goed is
sheet-row = Rij
sheet-column = Kolom
sheet-what = Wat er aan de hand is
sheet-more = En nog { $count } andere.
sheet-check-lead = Dit staat er in het bestand. Er is nog niets opgeslagen.
sheet-replaces = Dit meetmoment is al ingevuld. De cijfers uit het bestand komen in de plaats van de oude; andere cijfers en de toelichting blijven staan.
sheet-save = Sla alles op
sheet-other = Kies een ander bestand
sheet-too-large = Het bestand is te groot. Stuur een bestand van hooguit 128 kB.
sheet-not-utf8 = Het bestand is niet goed opgeslagen. Kies bij het opslaan voor csv met UTF-8.
sheet-unreadable = Het bestand is niet te lezen. Sla het opnieuw op als csv.
sheet-too-many-rows = Het bestand heeft te veel rijen. Stuur er hooguit 2000 tegelijk.
sheet-empty = Er staat geen enkel getal in het bestand.
sheet-column-missing = De kolom { $found } moet er één keer zijn, in de eerste rij. Begin met het voorbeeld.
sheet-column-unknown = De kolom { $found } kennen we niet. Haal die weg.
sheet-cells = Deze rij heeft { $found } vakken in plaats van 8.
sheet-wave-unknown = { $found } is geen meetmoment. Kies intake, interim, end, follow_up_6 of follow_up_12.
sheet-day-wrong = { $found } is geen dag. Schrijf bijvoorbeeld 2026-10-03 of 3-10-2026.
sheet-indicator-unknown = { $found } is geen cijfer dat dit project meet.
sheet-row-wrong = { $found } is geen trede. Op de participatieladder is dat 1 tot en met 6, op de werkladder social, educational of work_like.
sheet-place-wrong = { $found } is geen soort werkplek. Kies protected, societal of entrepreneur.
sheet-must-be-empty = Dit vak hoort hier leeg te zijn. Er staat: { $found }.
sheet-location-unknown = { $found } is geen plek van dit project. Voeg de plek eerst toe.
sheet-value-wrong = Vul een heel getal in van 0 tot en met 1000000. Er staat: { $found }.
sheet-people-wrong = Vul in hoeveel mensen een cijfer gaven. Er staat: { $found }.
sheet-twice = Dit getal staat ook al in rij { $found }.

moderation-title = Bekijken
moderation-lead = Toelichtingen en bestanden van eigenaren. Anderen zien ze pas als iemand van het team heeft gekeken of er niets over personen in staat.
moderation-notes = Toelichtingen
moderation-none = Er wacht niets.
moderation-reason = Waarom niet?
moderation-reason-hint = Alleen nodig als je weigert. De eigenaar leest dit.
moderation-show = Laat zien
moderation-accept = In orde
moderation-refuse = Weiger
note-state-waiting = toelichting wacht
note-state-shown = toelichting te zien
note-state-refused = toelichting geweigerd
flash-moderated = Opgeslagen.

verifying-title = Controle
verifying-lead = Resultaatgeld wordt betaald op cijfers die zijn gecontroleerd. Lever hier cijfers in, met bewijs. Daarna staan ze vast.
verifying-no-waves = Er is nog geen meetmoment om in te leveren.
verifying-hand-in-lead = Vink de cijfers aan die gecontroleerd moeten worden. Stuur eerst het bewijs dat erbij hoort.
verifying-hand-in = Lever in voor controle
verifying-nothing-chosen = Vink minstens één cijfer aan.
verifying-answer-by = Antwoord tot en met { $day }
verifying-standing-declared = opgegeven, zonder bewijs
verifying-standing-documented = opgegeven, met bewijs
verifying-standing-open = wacht op controle
verifying-standing-asked = het team heeft een vraag
verifying-standing-disputed = bezwaar
verifying-standing-staff-checked = gecontroleerd door het team
verifying-standing-third-party = gecontroleerd door een derde partij
verifying-wave = Meetmoment
verifying-declared = Opgegeven
verifying-verified = Vastgesteld
verifying-handed-in-at = Ingeleverd
verifying-level = Wie controleerde?
verifying-level-missing = Kies wie er heeft gecontroleerd.
verifying-checker = Naam van de derde partij
verifying-checker-hint = Alleen bij controle door een derde partij: de organisatie die controleerde. Haar verklaring moet bij het bewijs zitten.
verifying-decided-at = Beslist
verifying-deadline = Antwoord tot en met
verifying-corrected-because = Verbeterd, omdat
verifying-dispute-until = Bezwaar kan tot ({ $days } dagen)
verifying-talk = Wat er is gezegd
verifying-said-question = Vraag van het team
verifying-said-answer = Antwoord
verifying-said-remark = Opmerking van het team
verifying-said-dispute = Bezwaar
verifying-no-evidence = Er is geen bewijs bij dit cijfer.
verifying-nobody-hint = Schrijf geen namen, adressen of telefoonnummers op.
verifying-answer-title = Beantwoord de vraag
verifying-answer = Je antwoord
verifying-answer-send = Stuur het antwoord
verifying-dispute-title = Ben je het er niet mee eens?
verifying-dispute-lead = Leg uit wat er niet klopt. Iemand anders van het team beslist dan. Zolang dat duurt, telt het vastgestelde cijfer.
verifying-dispute = Wat klopt er niet?
verifying-dispute-send = Maak bezwaar
verifying-withdraw-title = Terugnemen
verifying-withdraw-lead = Neem je het cijfer terug, dan kun je het weer wijzigen.
verifying-withdraw = Neem het cijfer terug
verifying-correct = Verbeter dit cijfer
verifying-correct-lead = Dit cijfer is gecontroleerd. Als je het verbetert, wordt het opnieuw gecontroleerd. Iedereen kan zien dat het is verbeterd.
verifying-correct-reason = Waarom wordt het anders?
verifying-correct-save = Verbeter het cijfer
verifying-open-figure = Bekijk het cijfer
verifying-evidence-missing = Bij controle door een derde partij hoort een bestand van die partij. Er is geen bewijs bij dit cijfer.
verifying-staff-lead = Cijfers die wachten, het oudste eerst.
verifying-none-waits = Er wacht geen cijfer.
verifying-decide = Stel het cijfer vast
verifying-decide-dispute = Beslis over het bezwaar
verifying-decide-lead = Wat heb je vastgesteld? Dat mag minder of meer zijn dan is opgegeven. Het telt voor het resultaatgeld.
verifying-value = Vastgesteld cijfer
verifying-value-hint = Op de participatieladder: hoeveel treden mensen gemiddeld stegen, bijvoorbeeld 1,5.
verifying-remark = Opmerking
verifying-remark-hint = De eigenaar leest dit.
verifying-decide-button = Stel vast
verifying-ask = Stel een vraag
verifying-question = Je vraag
verifying-question-hint = De eigenaar krijgt een mail, en een herinnering een week en een dag voor de laatste dag.
verifying-ask-button = Stuur de vraag
verification-state-open = wacht op controle
verification-state-asked = vraag gesteld
verification-state-verified = gecontroleerd
verification-state-disputed = bezwaar
verification-state-corrected = verbeterd
verification-state-withdrawn = teruggenomen
flash-verifying-handed-in = Ingeleverd. Het team kijkt ernaar.
flash-verifying-answered = Je antwoord is verstuurd.
flash-verifying-disputed = Je bezwaar is verstuurd. Iemand anders van het team beslist erover.
flash-verifying-withdrawn = Teruggenomen. Je kunt het cijfer weer wijzigen.
flash-verifying-corrected = Het cijfer is verbeterd en wordt opnieuw gecontroleerd.
flash-verifying-asked = De vraag is verstuurd.
flash-verifying-decided = Het cijfer is vastgesteld.

staff-todo-verify =
    { $count ->
        [one] 1 cijfer wacht op controle
       *[other] { $count } cijfers wachten op controle
    }
staff-todo-figure-disputes =
    { $count ->
        [one] 1 bezwaar tegen een controle
       *[other] { $count } bezwaren tegen een controle
    }
staff-todo-moderate =
    { $count ->
        [one] 1 toelichting of bestand om te bekijken
       *[other] { $count } toelichtingen of bestanden om te bekijken
    }
task-measuring = Herinneringen aan meetmomenten en aan vragen over cijfers

letter-wave_due-subject = { $title }: tijd om te meten
letter-wave_due-text = Het is tijd voor een meetmoment: { $kind }. Vul de aantallen in op je telefoon of computer. Namen heb je niet nodig.
letter-figure_question-subject = { $title }: een vraag over je cijfers
letter-figure_question-text = Het team controleert het cijfer { $figure } en wil iets weten. Lees de vraag en beantwoord haar voor de laatste dag.
letter-figure_week_left-subject = { $title }: nog een week om te antwoorden
letter-figure_week_left-text = Het team wacht op je antwoord over het cijfer { $figure }.
letter-figure_day_left-subject = { $title }: antwoord uiterlijk morgen
letter-figure_day_left-text = Het team wacht op je antwoord over het cijfer { $figure }. Zonder antwoord kan het cijfer niet meetellen.
letter-figure_overdue-subject = { $title }: je antwoord is te laat
letter-figure_overdue-text = De laatste dag om te antwoorden over het cijfer { $figure } is voorbij. Antwoord zo snel mogelijk. Zonder antwoord kan het cijfer niet meetellen.
letter-figure_verified-subject = { $title }: een cijfer is gecontroleerd
letter-figure_verified-text = Het team heeft het cijfer { $figure } vastgesteld. Ben je het er niet mee eens? Dan kun je binnen 14 dagen bezwaar maken.
letter-figure_dispute_decided-subject = { $title }: over je bezwaar is beslist
letter-figure_dispute_decided-text = Iemand anders van het team heeft opnieuw naar het cijfer { $figure } gekeken. Dit is de uitkomst.
