# Gezamenlijke plannen: wat partners lezen, antwoorden en weigeren.

plans-already-begun = Jullie schrijven al een plan met deze naam voor deze ronde. Open dat plan, of kies een andere naam.
plans-gap-partner = { $name } is nog niet akkoord met { $percent }%.
plans-gap-partner-refused = { $name } doet niet mee: { $reason }
plans-gap-partner-left = { $name } doet niet meer mee: { $reason }
plans-gap-partner-gone = { $name } hoort niet meer bij de samenwerking.

shares-members = { $count } organisaties
shares-part = Deel
shares-said-no = Nee
shares-not-agreed-by = Nog niet akkoord: { $who }. Het plan kan nog niet verder.
shares-not-whole = De delen zijn samen { $given }%. Samen moeten ze 100% zijn: verdeel opnieuw.
shares-set-anew = Verdeel opnieuw
shares-joint-title = Samen met anderen
shares-read-and-answer = Lees het plan en geef antwoord
shares-read-first = Lees eerst het hele plan. Alleen organisaties die gevraagd zijn, kunnen het lezen.
shares-to-answer = Naar het antwoord
shares-answer = Jullie antwoord
shares-agree-lead = Jullie voeren dit plan dan samen uit. Het aandeel ligt vast zodra het project te koop staat.
shares-you-agreed = Jullie zijn akkoord.
shares-refuse = Nee, we doen niet mee
shares-refuse-lead = De organisatie die jullie vraagt, leest waarom. Daarna zien jullie dit plan niet meer.
shares-leave = We doen toch niet mee
shares-leave-lead = Het plan kan dan niet verder tot de delen opnieuw zijn verdeeld. De organisatie die jullie vroeg, leest waarom. Daarna zien jullie dit plan niet meer.
shares-reason = Waarom niet?
shares-reason-hint = Bijvoorbeeld: met een ander deel doen we wel mee.
shares-reason-given = Waarom
shares-reason-missing = Schrijf waarom jullie niet meedoen.
shares-reason-too-long = Dat is te lang. Gebruik hooguit 1.000 tekens.
flash-shares-refused = Opgeslagen. De organisatie die jullie vroeg, krijgt een mail.

letter-share-refused-subject = { $partner } doet niet mee aan { $title }
letter-share-refused-text = { $partner } gaat niet akkoord met het deel van { $title }.
letter-share-left-subject = { $partner } doet niet meer mee aan { $title }
letter-share-left-text = { $partner } was akkoord, maar doet toch niet mee aan { $title }.
letter-share-no-next = Het plan kan niet verder tot de delen opnieuw zijn verdeeld. Vraag deze partner opnieuw, of ga verder zonder.
letter-share-no-button = Verdeel opnieuw
