### De privacypagina en de tabel van wat we bewaren.

page-privacy-title = Privacy
page-privacy-lead = We bewaren zo min mogelijk over jou, en niets over de mensen die aan projecten meedoen.
privacy-who = Wie is verantwoordelijk?
privacy-responsible = Verantwoordelijk voor je gegevens is
privacy-kvk = KvK-nummer
privacy-nobody = Wie deze website beheert, heeft hier nog niet ingevuld wie verantwoordelijk is. Dat gebeurt met de instellingen die met FOUNDATION_ beginnen.
privacy-contact = Vragen over je gegevens mail je naar privacy@{ $domain }.
privacy-times = Wat we bewaren, waarom en hoe lang
privacy-times-lead = Dit is de hele lijst. Elke nacht ruimen we op waarvan de tijd om is.

page-privacy-body =
    ## Wat vragen we, en waarvoor?

    - **Je geeft een bijdrage.** Je e-mailadres, het bedrag, het project, de betaalwijze en je taal. Ook je naam, als je die invult. Zonder e-mailadres kunnen we je geen bewijs sturen en je niet bereiken als er geld teruggaat.
    - **Je koopt als bedrijf.** Ook de bedrijfsnaam, het KvK-nummer, het adres en het contractkenmerk. Die staan op de factuur.
    - **Je krijgt geld terug per bank.** Je rekeningnummer en de naam van de rekening.
    - **Je betaalt met een overschrijving.** Je bank meldt ons je naam en rekeningnummer. Die gegevens vroegen we dus niet aan jou zelf.
    - **Je volgt een project.** Je e-mailadres, en wat je over onze mail koos: wanneer, hoe, en wat er toen stond.
    - **Je logt in.** Een code die tien minuten geldig is. We bewaren de browser en de tijden. Vraag je om een code, dan bewaren we een dag lang het internetadres. Zo houden we misbruik tegen.
    - **Je werkt voor een project of voor ons.** Je naam, je e-mailadres, je rol en wat je op het platform doet. Zo is te zien wie wat besloot.

    ## Waarom mag dat?

    - **Omdat het nodig is voor wat we met je afspraken.** Zo kunnen we je bijdrage bewaren, uitbetalen en teruggeven.
    - **Omdat de wet het eist.** De belastingwet vraagt om de boeken zeven jaar te bewaren.
    - **Omdat we er een goede reden voor hebben die zwaarder weegt.** Zo zien we misbruik, en is een besluit later na te gaan.
    - **Omdat je ja zei.** Zo sturen we je berichten over een project. Je kunt elke dag weer nee zeggen: onderaan elk bericht of in je account.

    We nemen geen besluiten over je met een computer alleen, en we maken geen profiel van je.

    ## Cookies

    We gebruiken vier cookies, allemaal van onszelf. Zonder deze cookies kun je niet veilig inloggen of een formulier versturen.

    - **session**: houdt je ingelogd. Verdwijnt als je uitlogt of je browser sluit.
    - **sign-in**: zorgt dat een code alleen werkt in de browser waarin je hem vroeg. Verdwijnt na tien minuten.
    - **form**: laat zien dat een formulier uit jouw browser komt. Verdwijnt als je je browser sluit.
    - **device**: laat zien dat je deze browser eerder gebruikte. Van een nieuwe browser krijg je een mail. Verdwijnt na een jaar.

    We gebruiken geen volgcookies en geen advertenties. Onze pagina's halen niets op bij anderen. In onze mails zit niets dat meet of je ze opent of waar je op klikt.

    ## Geen kaartgegevens

    Betalen doe je bij onze betaaldienst, Stripe, of bij je eigen bank. Nummers van je pas of creditcard komen niet bij ons. Wij zien alleen of de betaling is gelukt.

    ## Aantallen, nooit mensen

    Projecten melden aantallen: hoeveel deelnemers, hoeveel diploma's. Namen, dossiers of gegevens over gezondheid van deelnemers horen hier niet en vragen we niet. Kleine aantallen, onder de tien, tonen we niet in het openbaar.

    ## Wie krijgt wat?

    - **De maker** van het project ziet je naam als je niet anoniem steunt. Je e-mailadres krijgt hij niet.
    - **De betaaldienst** Stripe krijgt je e-mailadres, het bedrag en het kenmerk van je bijdrage. Stripe is zelf verantwoordelijk voor wat je daar invult, en kan gegevens buiten Europa verwerken. Daarvoor gebruikt Stripe afspraken die de Europese Commissie heeft goedgekeurd.
    - **Onze bank** krijgt je naam en rekeningnummer als we geld overmaken.
    - **De dienst die onze mail verstuurt** krijgt je e-mailadres en de mail.
    - **De dienst waar onze website en onze bestanden staan** bewaart de gegevens voor ons, in opdracht.
    - **De Belastingdienst en de rechter**, als de wet dat eist.

    Verder geven we niets door. We verkopen niets.

page-privacy-rights =
    ## Wat kun je doen?

    - **Bekijken en meenemen.** In je account staat alles wat we over je bewaren. Je kunt het als bestand downloaden.
    - **Verbeteren.** Je naam, taal en e-mailadres wijzig je in je account. Staat er iets anders fout, mail ons dan.
    - **Wissen.** Dat kan in je account. Na drie dagen zijn je naam en e-mailadres weg. Bedragen blijven zonder naam in de boeken. Wat de wet ons laat bewaren, halen we weg zodra het mag.
    - **Nee zeggen tegen mail.** Onderaan elk bericht of in je account, met één druk op de knop.
    - **Bezwaar maken of laten stilzetten.** Mail ons. We antwoorden binnen een maand.
    - **Klagen.** Ben je het niet met ons eens? Dan kun je klagen bij de [Autoriteit Persoonsgegevens](https://autoriteitpersoonsgegevens.nl).

    Je hoeft ons niets te geven. Zonder e-mailadres kun je alleen geen bijdrage doen.

    ## Ben je jonger dan 16?

    Vraag dan eerst aan je ouders of verzorgers of je een project mag volgen of steunen.

## De tabel
retention-what = Wat
retention-why = Waarom het mag
retention-how-long = Hoe lang
retention-then = En dan
retention-place = Waar
retention-outside = buiten de database
ground-consent = Je zei ja
ground-contract = Nodig voor wat we met je afspraken
ground-law = De wet eist het
ground-interest = Een goede reden die zwaarder weegt
then-deleted = Gewist
then-anonymous = Zonder naam
keep-days = { $count ->
    [1] 1 dag
    [30] 30 dagen
    [90] 90 dagen
    [365] 1 jaar
    [730] 2 jaar
    [1095] 3 jaar
   *[other] { $count } dagen
    } { $from }
keep-tax-years = { $count } jaar na het jaar { $from }
keep-account = Zolang { $from }
keep-work = Zolang { $from }

retention-sign-ins = Waar je bent ingelogd, codes om in te loggen, en vanwaar om een code is gevraagd
retention-sign-ins-from = nadat het inloggen of de code is verlopen
retention-counts = Hoe vaak iets is gedaan, om misbruik tegen te houden. Alleen onder een afdruk van het adres
retention-counts-from = nadat het tellen is gestopt
retention-browsers = Browsers die we herkennen
retention-browsers-from = nadat je er voor het laatst mee inlogde
retention-events = Wat er veranderde aan je inloggen
retention-events-from = nadat het gebeurde
retention-addresses = Wijzigingen van je e-mailadres
retention-addresses-from = na de vraag
retention-letters = Dat we je een mail stuurden. De mail zelf bewaren we niet
retention-letters-from = na het versturen
retention-refund-letters = Dat we je schreven dat er geld terugging, onder een nummer
retention-refund-letters-from = de boeken er zijn
retention-choices = Wat je over mail koos
retention-choices-from = na de keuze, en nooit korter dan de mail komt
retention-follows = Welke projecten je volgt
retention-follows-from = nadat je stopte, of als je het nooit bevestigde
retention-invitations = Uitnodigingen voor een organisatie
retention-invitations-from = nadat de uitnodiging is verlopen
retention-unpaid = Naam en adres bij een bijdrage die niet is betaald
retention-unpaid-from = nadat hij is verlopen
retention-paid = Naam en adres bij een bijdrage die is betaald
retention-paid-from = van de laatste boeking
retention-refund-accounts = De rekening die je opgaf om geld terug te krijgen
retention-refund-accounts-from = van de terugbetaling
retention-transfers = Naam en rekening bij wat we overmaken
retention-transfers-from = van de overschrijving
retention-bank-lines = Naam en rekening bij wat aan ons is overgemaakt
retention-bank-lines-from = van de boeking
retention-maker-accounts = Oude rekeningen van organisaties
retention-maker-accounts-from = waarin ze zijn opgegeven
retention-papers = Je naam op bewijzen, facturen en jaaroverzichten
retention-papers-from = van het nummer
retention-barred = Betaalwijzen die je niet kunt gebruiken
retention-barred-from = nadat een incasso is teruggehaald
retention-proposals = Voorstellen over geld en mensen, met de reden
retention-proposals-from = van het voorstel
retention-cases = Zaken waar we naar keken, met wat er aan de hand was
retention-cases-from = waarin de zaak is gesloten
retention-history = Wat er is gedaan, door wie onder een nummer, waarom en vanaf welke browser. Van het internetadres alleen de helft, van ons team het hele
retention-history-from = de boeken er zijn. In een reden horen geen namen
retention-erasures = Dat je vroeg om je te wissen
retention-erasures-from = nadat het is gebeurd of teruggedraaid
retention-typed = Een e-mailadres dat alleen is ingetypt
retention-typed-from = na het intypen, als er niets bij hoort
retention-unused = Een account dat je niet meer gebruikt
retention-unused-from = nadat je voor het laatst inlogde, als er niets meer bij hoort
retention-account = Je naam, e-mailadres en taal
retention-account-from = je een account hebt
retention-factors = Passkeys en de app voor codes
retention-factors-from = je ze gebruikt
retention-places = Je rol in een organisatie of in ons team
retention-places-from = je die rol hebt
retention-rhythm = Hoe vaak je nieuws over projecten wilt
retention-rhythm-from = je dat koos
retention-near-miss = Wat je koos bij een bijna gehaalde drempelwaarde, of over geld dat niet was verdiend
retention-near-miss-from = de ronde in de boeken staat, onder een nummer
retention-organisations = Gegevens van organisaties, en het adres om een project te mailen
retention-organisations-from = de organisatie of het project op de site staat
retention-told = Wat makers over hun project vertellen, met wie het plaatste onder een nummer
retention-told-from = het project op de site staat
retention-judged = Plannen, opmerkingen en waarderingen, met wie ze gaf onder een nummer
retention-judged-from = het project op de site staat
retention-decided = Besluiten over geld, met wie ze nam onder een nummer
retention-decided-from = de boeken er zijn
retention-logs = Technische logboeken, zonder namen of volledige adressen
retention-logs-from = na het schrijven
