### Wat iedereen van resultaten ziet: cijfers, plaatjes, alles bij elkaar, wat er is geleerd.

## Hoe ver een cijfer is gecontroleerd
figures-result = Resultaat
figures-checked = Controle
figures-level-declared = opgegeven door de maker
figures-level-documented = opgegeven door de maker, met bewijs
figures-level-staff-checked = gecontroleerd door het team
figures-level-third-party = gecontroleerd van buiten
figures-levels = "Opgegeven door de maker" betekent dat nog niemand het heeft gecontroleerd. Andere cijfers zijn op de genoemde dag gecontroleerd door het team van het platform of door iemand van buiten.
figures-withheld = Soms laten we ook een groter aantal niet zien, omdat je er een klein aantal uit kunt afleiden.
figures-ladder-note = De gemiddelde trede ronden we af op een halve trede.
figures-between = { $low } tot { $high }
figures-ladder-mean = Gemiddelde trede op de participatieladder
figures-locations = Werkplekken:
figures-evidence = Bekijk het bewijs bij deze cijfers
figures-corrections = Verbeterd
figures-corrected-because = is verbeterd, omdat: { $reason }
figures-csv = Deze cijfers downloaden als CSV

## De participatieladder en de werkladder
figures-rungs-1 = 1 geïsoleerd
figures-rungs-2 = 2 contacten buiten de deur
figures-rungs-3 = 3 georganiseerde activiteiten
figures-rungs-4 = 4 onbetaald werk
figures-rungs-5 = 5 betaald werk met ondersteuning
figures-rungs-6 = 6 betaald werk
figures-rungs-1-2 = 1-2 weinig contacten
figures-rungs-3-4 = 3-4 activiteiten of onbetaald werk
figures-rungs-5-6 = 5-6 betaald werk
figures-rung-social = Sociaal
figures-rung-educational = Educatief
figures-rung-work-like = Arbeidsmatig
figures-place-protected = Beschermde werkplaats
figures-place-societal = Maatschappelijke werkplaats
figures-place-entrepreneur = Bij een ondernemer
figures-place-protected-short = Beschermd
figures-place-societal-short = Maatschappelijk
figures-place-entrepreneur-short = Ondernemer

## Soorten resultaten
figures-family-reach = Mensen bereikt
figures-family-training = Training en diploma's
figures-family-outflow = Waar mensen naartoe gingen
figures-family-ladder = Participatieladder
figures-family-grid = Werkladder
figures-family-people = Wat mensen over zichzelf zeggen
figures-family-planet = Planeet
figures-family-place = Plek
figures-family-prosperity = Welvaart
figures-family-milestones = Mijlpalen
figures-family-other = Overig

## Plaatjes
pictures-title = In beeld
pictures-table = Als tabel tonen
pictures-csv = Downloaden als CSV
pictures-promises = Beloofd en bereikt
pictures-family-outflow = Waar mensen naartoe gingen
pictures-of-target = { $value } van { $target }
pictures-figure = Cijfer
pictures-checked = Gecontroleerd
pictures-told = Opgegeven door de maker
pictures-small = Minder dan 10: ergens hierbinnen
pictures-not-yet = Nog niet bereikt
pictures-target = De streep is wat er is beloofd
pictures-ladder = Stappen op de participatieladder
pictures-moment = Moment
pictures-people = Mensen: { $count }
pictures-people-mean = Mensen: { $count }. Gemiddelde trede: { $mean }
pictures-not-told = Hoe ze verdeeld zijn, tonen we niet
pictures-all-people = Samen
pictures-grid = Plek op de werkladder. { $moment }
pictures-rung = Trede
pictures-funding = Steun door de tijd
pictures-funding-words = Van { $first } tot { $last } kwam { $amount } binnen. De drempel is { $threshold }.
pictures-threshold = Drempel: { $amount }
pictures-received = In totaal ontvangen

## Alles bij elkaar
impact-narrow = Projecten kiezen
impact-year = Jaar van meten
impact-family = Soort resultaat
impact-empty = Geen enkel project past bij deze keuze.
impact-money = Wat er met het geld gebeurde
impact-held = Vastgehouden tot de ronde is beslist
impact-for-start = Naar makers, om te beginnen
impact-for-results = Naar makers, voor resultaten
impact-waiting = Wacht op resultaten
impact-returned = Terug naar steuners
impact-checked = Gecontroleerd
impact-and-hidden =
    { $count ->
        [one] bij 1 project tonen we het aantal niet
       *[other] bij { $count } projecten tonen we het aantal niet
    }
impact-not-additive = niet op te tellen
impact-group = Groep
impact-by-year = { $name }, per jaar
impact-by-area = { $name }, per gebied
impact-by-theme = { $name }, per thema

## Wat er is geleerd
learning-no-answers = Nog niemand heeft hierop geantwoord.
learning-of-project = ({ $project })
updates-field-question = Geeft dit bericht antwoord op een vraag?
updates-field-question-hint = Jouw organisatie doet mee aan samen leren. Een bericht dat een vraag beantwoordt, staat ook op die pagina.
updates-no-question = Geen vraag
