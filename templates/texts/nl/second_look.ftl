### Wat er te zeggen valt over geld dat later weer meetelt, over wat een steuner bijlegt, en over een ronde die langer open blijft.

consent-not-owner = Alleen een eigenaar van de organisatie kan schrijven hoe het project met minder doorgaat.
choice-matched = { $name } legt { $ratio } procent bij van wat je bijlegt, hoogstens { $most }, zolang er geld in het fonds zit.
choice-not-matched = Bij wat je bijlegt, doet geen matchfonds iets.
letter-dispute_late-subject = { $title }: je krijgt { $amount } terug
letter-dispute_late-text = Je bank had deze betaling teruggevraagd. Daarom telde je bijdrage een tijd niet mee. Nu is het geld weer bij ons. Intussen was er besloten over dit project, en toen kon niemand meer kiezen. Wat twee mensen hebben besloten, verandert daarna niet meer. Je krijgt daarom je hele bedrag terug, op dezelfde manier als je betaalde. Je hoeft niets te doen.
extension-reason-nl = Reden in het Nederlands
extension-reason-en = Reden in het Engels
extension-reason-missing = Schrijf waarom, in het Nederlands en in het Engels. Iedereen leest dit.
