### Resultaten: beoogde resultaten, meetmomenten en aantallen.

outcomes-title = Resultaten
outcomes-lead = Hier zie je wat je hebt beloofd en wat je hebt geteld. Je vult aantallen in, nooit namen.
outcomes-no-promises = Dit project heeft nog geen beoogde resultaten.
outcomes-promises = Beoogde resultaten
outcomes-promise = Beoogd resultaat
outcomes-start = Bij het begin
outcomes-target = Doel
outcomes-newest = Laatste stand
outcomes-due = Klaar op
outcomes-share = Aandeel
outcomes-of = { $count } van { $target }
outcomes-not-counted = niet gemeten
outcomes-waves = Alle meetmomenten
outcomes-correct-row = Klopt er iets niet?
outcomes-correct = Verbeter
outcomes-who-sees = Jij en het platformteam zien alle aantallen. Op de openbare pagina tonen we aantallen mensen onder de 10 niet, en ronden we andere af op vijf.

outcomes-kind-intake = Begin
outcomes-kind-interim = Tussentijds
outcomes-kind-end = Einde
outcomes-kind-follow-up-6 = Zes maanden na het einde
outcomes-kind-follow-up-12 = Twaalf maanden na het einde

outcomes-enter = Meetmoment invullen
outcomes-due-now = Het is tijd voor dit meetmoment: { $kind }.
outcomes-counts-only = Tel alle mensen of dingen bij elkaar op, vanaf het begin van het project. Na dit formulier zie je alles nog een keer voordat het wordt opgeslagen.
outcomes-kind = Welk meetmoment is het?
outcomes-kind-hint = Vul je dezelfde soort en dezelfde dag nog een keer in? Dan vervang je de aantallen.
outcomes-kind-missing = Kies welk meetmoment het is.
outcomes-day = Op welke dag heb je geteld?
outcomes-day-hint = Bijvoorbeeld 3-10-2026
outcomes-counts-hint = Niet gemeten? Laat het vak leeg. Niemand bereikt? Vul 0 in. Vul minstens één aantal in.
outcomes-count-hint = Doel: { $target } { $unit }
outcomes-note-nl = Toelichting in het Nederlands
outcomes-note-en = Toelichting in het Engels
outcomes-note-hint = Hooguit 500 tekens. Schrijf geen namen, adressen of telefoonnummers op.
outcomes-to-check = Controleer de aantallen

outcomes-check-title = Klopt dit?
outcomes-replaces = Voor deze dag is dit meetmoment al ingevuld. Als je opslaat, komen deze aantallen in de plaats van de oude. We bewaren welke aantallen er eerst stonden.
outcomes-was = nu: { $count }
outcomes-save = Sla het meetmoment op
outcomes-change = Terug om te wijzigen

outcomes-not-measured = Voor dit project vul je nu geen aantallen in. Dat kan zodra het project te koop staat, en tot na de afronding.
outcomes-day-missing = Vul de dag in waarop je hebt geteld, bijvoorbeeld 3-10-2026.
outcomes-day-ahead = Deze dag moet nog komen. Vul een dag in tot en met vandaag.
outcomes-day-too-early = Deze dag ligt te ver terug. De vroegste dag is { $first }, een jaar voor de start van het project.
outcomes-count-unreadable = Vul een heel getal in met alleen cijfers, bijvoorbeeld 12 of 1250.
outcomes-count-too-large = Vul een getal in van 0 tot en met 1 000 000.
outcomes-nothing-counted = Vul minstens één aantal in.
outcomes-not-promised = Een van de aantallen hoort niet bij dit project. Begin opnieuw met een leeg formulier.
outcomes-mean-out-of-range = Vul een cijfer in van 0 tot en met 10, met hoogstens twee cijfers achter de komma.
outcomes-people-missing = Vul in om hoeveel mensen het gaat: minstens één.
outcomes-cells-wrong = De verdeling past niet bij dit resultaat. Begin opnieuw met een leeg formulier.
outcomes-fixed = Dit getal ({ $indicator }) is ingeleverd voor controle en kun je hier niet wijzigen. Neem het terug, of verbeter het met een reden.
outcomes-not-fixed = Dit getal is niet ingeleverd. Je kunt het gewoon wijzigen.
outcomes-no-such-figure = Dit getal is niet gemeten.
outcomes-reason-missing = Vul in waarom het getal anders wordt.
outcomes-location-missing = Vul een naam in van hooguit 60 tekens.
outcomes-location-taken = Deze plek staat er al.
outcomes-too-many-locations = Je hebt al tien plekken. Meer kan niet.
outcomes-no-such-indicator = Dit resultaat kun je niet kiezen.
outcomes-note-too-long = Maak de toelichting korter: hooguit 500 tekens.
outcomes-note-address = In de toelichting staat een e-mailadres. Haal het weg: we bewaren hier niets over personen.
outcomes-note-number = In de toelichting staat een nummer dat van iemand kan zijn, zoals een telefoonnummer of burgerservicenummer. Haal het weg: we bewaren hier niets over personen.
outcomes-note-name = In de toelichting lijkt een naam van een persoon te staan. Haal die weg: we bewaren hier niets over personen.

flash-outcomes-entered = Het meetmoment is opgeslagen.
flash-outcomes-corrected = Het meetmoment is verbeterd.
flash-outcomes-unchanged = Deze aantallen stonden er al. Er is niets veranderd.

outcomes-below-10 = minder dan 10
outcomes-withheld = niet getoond
outcomes-about = ongeveer { $count }
