### Plannen: hoe makers een project schrijven en indienen, en hoe beoordelaars dat met hen bespreken.

plans-plan = Plan
studio-part-plan = Plan
plans-new = Nieuw plan
plans-new-lead = Een plan begint met een ronde, een titel en een bedrag. De rest schrijf je daarna, in stappen en in elke volgorde. Tot je het plan indient, ziet alleen jouw organisatie het.
plans-no-round = Op dit moment kun je bij geen enkele ronde een plan indienen.
plans-until = tot { $moment }
plans-organisation = Organisatie
plans-choose-organisation = Kies de organisatie.
plans-choose-round = Kies een ronde waarvoor je nu een plan kunt indienen.
plans-begin = Begin het plan
plans-asked = Wat je vraagt
plans-asked-minimum = Minstens nodig
plans-asked-full = In totaal nodig
plans-hint-minimum = Het bedrag waarmee het project net kan beginnen. Daaruit volgt de drempelwaarde.
plans-hint-full = Het bedrag voor het hele project. Daaruit volgt de impactwaarde.
plans-full-below-minimum = Het totale bedrag kan niet lager zijn dan het minste bedrag.

plans-back = Terug naar het plan
plans-open = Open het plan
plans-saved-as-draft = Je kunt altijd opslaan en later verdergaan, ook als er nog iets ontbreekt.
plans-save-and-add = Opslaan en rijen toevoegen
plans-fixed = Dit plan is ingediend. Wat gevraagd en beloofd is, verandert niet meer.
plans-in-nl = Nederlands
plans-in-en = Engels
plans-in-dutch = In het Nederlands
plans-in-english = In het Engels
plans-rows-hint = Een lege rij telt niet mee. Wil je een rij weghalen? Maak hem dan leeg.
plans-needed = Vul dit in, of maak de hele rij leeg.
plans-too-long = Maak dit korter: hooguit { $max } tekens; het zijn er { $over } te veel.
plans-whole-number = Typ een heel getal van { $least } tot en met { $most }, in cijfers.
plans-decimal-number = Typ een getal van { $least } tot en met { $most }, met hoogstens twee cijfers achter de komma.
plans-target-is-baseline = Het doel is hetzelfde als het aantal bij het begin. Vul in wat er verandert.
plans-day-unreadable = Typ een dag, bijvoorbeeld 3-10-2027.
plans-day-ahead = Kies een dag die nog komt.
plans-hint-day = Bijvoorbeeld 3-10-2027 (dag, maand, jaar)
plans-texts-lead = Deze teksten staan op de openbare pagina zodra de experts je project hebben toegelaten. Schrijf geen namen of verhalen waaraan een deelnemer te herkennen is.
plans-picture-lead = Kies een foto van het werk of de plek. Laat deelnemers niet herkenbaar zien. Je kunt een plan ook zonder foto indienen.

plans-step-texts = Teksten
plans-step-people = Wie en hoe
plans-step-place = Plaats
plans-step-planning = Planning
plans-step-budget = Geld
plans-step-promises = Beoogde resultaten
plans-step-risks = Risico's en team
plans-step-picture = Foto

plans-field-whole = Het hele plan
plans-field-title = Titel
plans-field-aim = Doel in één zin
plans-field-target-group = Voor wie het project is
plans-field-text = Tekst
plans-field-contact = Contact
plans-field-participants = Aantal deelnemers
plans-field-method = Methoden
plans-field-sector = Sectoren
plans-field-theme = Thema's
plans-field-tag = Trefwoorden
plans-field-track = Trajecten
plans-field-function = Functies
plans-field-legal-basis = Wettelijke basis
plans-field-partners = Samen uitgevoerd
plans-field-area = Gebieden
plans-field-point = Plaats op de kaart
plans-field-start = Eerste dag
plans-field-months = Duur in maanden
plans-field-steps = Stappen
plans-field-asked = Gevraagd
plans-field-lines = Begroting
plans-field-co-funding = Geld van anderen
plans-field-promises = Beoogde resultaten
plans-field-risks = Risico's en wat eraan gedaan wordt
plans-field-team = Team
plans-field-picture = Foto

plans-hint-participants = Hoeveel mensen er in de hele looptijd meedoen.
plans-partners-lead = Voeren jullie het samen uit? Een eigenaar legt vast wie meedoet en hoe de uitbetalingen worden verdeeld; elke partner stemt daarmee in.
plans-partners-open = Partners en aandelen
plans-lists = Hoe het gebeurt
plans-areas = In welke gebieden is het?
plans-map = Kaart van Rotterdam met de rivier en de gebieden
plans-map-with-point = Kaart van Rotterdam met de plaats van dit project
plans-point-choose = Welk punt is het?
plans-point-hint = Heb je eigen coördinaten? Vul dan de twee vakken hieronder in.
plans-point-none = Geen punt op de kaart
plans-point-middle = Het midden van { $area }
plans-point-typed = Deze coördinaten:
plans-point-missing = Kies een punt, of "geen punt op de kaart".
plans-latitude = Breedtegraad (noord)
plans-latitude-hint = Bijvoorbeeld 51,9125
plans-latitude-wrong = Typ een breedtegraad in Nederland, bijvoorbeeld 51,9125.
plans-longitude = Lengtegraad (oost)
plans-longitude-hint = Bijvoorbeeld 4,4282
plans-longitude-wrong = Typ een lengtegraad in Nederland, bijvoorbeeld 4,4282.

plans-row-step = Stap { $row }
plans-row-line = Regel { $row }
plans-row-funder = Geldgever { $row }
plans-row-promise = Resultaat { $row }
plans-row-risk = Risico { $row }
plans-row-function = Functie { $row }
plans-label-for-nl = Waarvoor (Nederlands)
plans-label-for-en = Waarvoor (Engels)
plans-label-minimum = Minstens
plans-label-full = In totaal
plans-minimum-nothing = Minstens één regel moet een bedrag hebben dat minstens nodig is.
plans-asked-follows = Je vraagt de som van de regels hieronder. De bedragen in Rikx zijn naar boven afgerond op hele Rikx; de experts stellen de waarde vast.
plans-sum-lines = Som van de regels
plans-sums = { $minimum } minstens, { $full } in totaal
plans-co-funding-hint = Geld dat naast de Rikx komt. Noem organisaties, geen mensen.
plans-label-funder = Wie
plans-label-amount = Bedrag
plans-label-funding-state = Hoe zeker is het?
plans-funding-choose = Kies hoe zeker het is.
plans-funding-asked = aangevraagd
plans-funding-promised = toegezegd
plans-funding-received = ontvangen
plans-promises-lead = Elk resultaat krijgt een deel van het geld boven de drempelwaarde. Dat betalen we uit als het resultaat is gecontroleerd. De delen zijn samen 100.
plans-shares-now = Opgeslagen delen: { $sum }% van 100%
plans-label-indicator = Resultaat
plans-label-baseline = Aantal bij het begin
plans-label-target = Doel
plans-label-due = Klaar op
plans-label-share = Deel in procenten
plans-promise-limits = Onder- en bovengrens (niet verplicht)
plans-label-floor = Ondergrens in procenten
plans-hint-floor = Haalt het project minder dan dit deel van het doel? Dan betalen we niets voor dit resultaat. Leeg betekent: geen ondergrens.
plans-label-cap = Bovengrens in procenten
plans-hint-cap = Meer dan dit deel van het geld betalen we niet voor dit resultaat. Leeg betekent: alles.
plans-indicator-missing = Kies een resultaat.
plans-indicator-twice = Dit resultaat staat al in een andere rij.
plans-shares-above = Met deze rij zijn de delen samen meer dan 100.
plans-label-risk-nl = Wat er mis kan gaan (Nederlands)
plans-label-measure-nl = Wat je eraan doet (Nederlands)
plans-label-risk-en = Wat er mis kan gaan (Engels)
plans-label-measure-en = Wat je eraan doet (Engels)
plans-team-hint = Noem functies, zoals "meesterbakker" of "jobcoach". Geen namen van mensen.

plans-state-draft = Je bent dit plan nog aan het schrijven. Dien het in als er niets meer ontbreekt.
plans-state-submitted = Het plan is ingediend. Wij lezen het. Hebben we opmerkingen, dan komt het terug bij jou.
plans-state-returned = Het plan is teruggekomen met opmerkingen. Pas het aan en dien het opnieuw in.
plans-window-until = Je kunt indienen tot { $moment }.
plans-window-closed = Bij deze ronde kun je nu geen plannen indienen.
plans-window-of = Je kunt nu geen plannen indienen voor ronde { $round }. Indienen kan tot { $moment }. Een concept blijft een concept; je kunt het naar een andere ronde verplaatsen die plannen aanneemt.
plans-obstacle = Voordat het plan ingediend kan worden
plans-checklist = Wat er is en wat er ontbreekt
plans-step-done = klaar
plans-step-not-needed = niet ingevuld, en niet verplicht
plans-gap-empty = Ontbreekt nog: { $field }
plans-gap-both = Nog niet in beide talen: { $field }
plans-gap-shares = De delen van de resultaten zijn samen { $sum }. Dat moet 100 zijn.
plans-gap-start = De eerste dag moet na het sluiten van de ronde zijn.
plans-gap-due = Een resultaat moet klaar zijn voordat het project begint.
plans-gaps-count = { $count ->
    [one] Er ontbreekt één ding. Daarna kun je het plan indienen.
   *[other] Er ontbreken { $count } dingen. Daarna kun je het plan indienen.
}
plans-incomplete = Er ontbreekt nog iets. Kijk in de lijst hieronder.
plans-not-now = Dit kan niet meer: iemand anders heeft het plan intussen veranderd. Kijk hoe het er nu voor staat.
plans-submit = Dien het plan in
plans-submit-conduct = Je houdt je aan de gedragscode.
plans-submit-lead = Er ontbreekt niets. Na het indienen kun je niets veranderen tot wij het hebben gelezen.
plans-all = Alles in dit plan
plans-preview = Bekijk de pagina zoals iedereen die zou zien
plans-preview-notice = Dit is een voorbeeld. Alleen de organisaties van dit plan en het platformteam zien deze pagina.
plans-preview-closed = Dit project is niet te koop.
plans-move = Verplaats naar een andere ronde
plans-move-to = Naar welke ronde?
plans-withdraw = Trek het plan in
plans-withdraw-lead = Een ingetrokken plan komt niet terug. Niemand anders ziet het.
plans-withdraw-sure = Ja, ik wil dit plan intrekken
plans-withdraw-unsure = Vink het vakje aan als je het zeker weet.

plans-version = Versie
plans-versions = Versies
plans-versions-count = { $count ->
    [one] Er is 1 versie ingediend
   *[other] Er zijn { $count } versies ingediend
}
plans-versions-none = Er is nog geen versie ingediend.
plans-version-of = Versie { $number }, { $moment }
plans-version-by = Versie { $number }, ingediend door { $name }
plans-compare = Vergelijk
plans-compare-from = Wat er was
plans-compare-to = Wat er is
plans-compared = Van versie { $from } naar versie { $to }
plans-no-differences = Er is geen verschil.
plans-was = Wat er was
plans-is = Wat er is
plans-marked = Met de veranderingen gemerkt
plans-other-picture = een andere foto
plans-says-asked = { $amount } minstens, { $full } in totaal
plans-says-line = { $label }: { $amount } minstens, { $full } in totaal
plans-says-promise = { $name }: van { $baseline } naar { $target }, uiterlijk { $day }, deel { $share }%
plans-says-floor = , onder { $percent }% van het doel niets
plans-says-cap = , hoogstens { $percent }% van het deel

remark-title = Opmerkingen
remark-on = Opmerking over:
remark-about = Waar gaat het over?
remark-answer = Antwoord
remark-to-answer = Antwoord of meld als gedaan
remark-to-field = Naar dit deel
remark-done = Meld als gedaan
remark-open-count = { $count ->
    [0] Alle opmerkingen zijn gedaan.
    [one] Eén opmerking staat nog open.
   *[other] { $count } opmerkingen staan nog open.
}
remark-state-written = Nog niet verstuurd
remark-state-open = Open
remark-state-done = Gedaan
remark-write = Schrijf een opmerking
remark-write-lead = De maker ziet de opmerking als je het plan terugstuurt.
remark-text = Opmerking
remark-save = Bewaar de opmerking
remark-remove = Haal weg
plans-remark-empty = Schrijf op wat er anders moet.
plans-remark-too-long = Maak dit korter: hooguit 2.000 tekens.
plans-no-remarks = Schrijf minstens één opmerking voordat je het plan terugstuurt.
plans-remarks-waiting = Er zijn opmerkingen die niet zijn verstuurd. Haal ze weg, of stuur het plan terug.

plans-staff-title = Plannen
plans-staff-window-closed = Deze ronde neemt geen plannen meer aan. Stuur je dit plan terug, dan kan het alleen bij een andere ronde opnieuw worden ingediend.
plans-handed-in = Ingediend
plans-on-version = bij versie { $number }
plans-decide = Beslis
plans-return = Stuur terug naar de maker
plans-return-lead = { $count ->
    [one] De maker krijgt één opmerking, hier en per brief.
   *[other] De maker krijgt { $count } opmerkingen, hier en per brief.
}
plans-return-needs = Wil je het plan terugsturen? Schrijf dan eerst op wat er anders moet.
plans-accept = Stuur door naar de experts
plans-accept-lead = Is alles duidelijk? Dan gaat het plan naar de experts.
plans-only-reviewers = Alleen beoordelaars schrijven opmerkingen en beslissen over een plan.

studio-next-plan = Maak het plan af en dien het in

letter-plan_submitted-subject = { $title }: je plan is ingediend
letter-plan_submitted-text = We hebben je plan ontvangen. We lezen het en schrijven je als we opmerkingen hebben, of als het naar de experts gaat.
letter-plan_returned-subject = { $title }: pas je plan aan
letter-plan_returned-text = We hebben je plan gelezen en hebben opmerkingen. Hieronder staan ze allemaal; in het plan staat elke opmerking bij het deel waar het over gaat. Pas het plan aan en dien het opnieuw in, uiterlijk { $day }.
letter-plan_accepted-subject = { $title }: je plan gaat naar de experts
letter-plan_accepted-text = We hebben je plan gelezen. Het is volledig en gaat naar de experts. Zij stellen de waarde vast.
plans-letter-why = Je krijgt deze brief omdat je eigenaar bent van de organisatie die dit plan indiende.

flash-plans-begun = Het plan is begonnen. Vul het in je eigen tempo in.
flash-plans-saved = Opgeslagen in het plan.
flash-plans-submitted = Het plan is ingediend.
flash-plans-withdrawn = Het plan is ingetrokken.
flash-plans-moved = Het plan hoort nu bij de andere ronde.
flash-plans-answered = De opmerking is gemeld als gedaan.
flash-plans-comment-written = De opmerking is bewaard.
flash-plans-comment-removed = De opmerking is weggehaald.
flash-plans-returned = Het plan is teruggestuurd, met de opmerkingen.
flash-plans-accepted = Het plan is doorgestuurd naar de experts.
plans-never-handed-in = Van dit project is hier nooit een plan ingediend.
staff-project-public = Bekijk het project op de site
thing-settlement = Sluiting van de ronde
thing-termination = Einde voor de tijd
thing-release = Resultaatgeld
thing-tranche = Uitbetaling
thing-verification = Controle van een cijfer
