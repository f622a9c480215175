### Vaste pagina's. De tekst van elke pagina is Markdown.

## Zo werkt het

page-how-it-works-title = Zo werkt het
page-how-it-works-lead = Je steunt een sociaal project in Rotterdam. Het begint pas als er genoeg geld is. Voor een deel wordt er pas betaald na een gecontroleerd resultaat.
page-how-it-works-body =
    ## Wat is een Rikx?

    Experts bekijken elk project. Zij bepalen hoeveel het waard is voor de stad. Die waarde drukken we uit in Rikx. Het totaal heet de impactwaarde: meer Rikx kun je van een project niet kopen. In elke ronde staat vast hoeveel euro één Rikx kost.

    ## Hoe loopt een ronde?

    1. Makers dienen hun plan in.
    2. Experts bepalen de impactwaarde en de drempelwaarde.
    3. De verkoop gaat open. Je geeft een bijdrage vanaf 5 euro.
    4. De ronde sluit en we wikkelen alles af.

    De drempelwaarde is het minimum dat nodig is om te beginnen. Alleen geld dat echt is ontvangen telt mee. We houden het apart tot de ronde is gesloten. Zolang de verkoop open is, kun je je bijdrage intrekken.

    ## Wordt de drempelwaarde gehaald?

    Dan gaat het project door. Geld tot de drempelwaarde is startgeld: daarmee begint de maker. Geld daarboven is resultaatgeld.

    ## Bijna gehaald?

    Elke ronde kan een grens hebben, meestal 80 procent van de drempelwaarde. Haalt een project die grens, dan schrijft de maker binnen drie werkdagen hoe het met minder geld verdergaat. Daarna heb je vijf dagen om te kiezen: je bijdrage laten staan, verhogen of terugnemen. Kies je niets, dan krijg je alles terug. Blijft er genoeg staan, dan gaat het project door.

    ## Niet gehaald?

    Dan krijg je je geld tot op de cent terug, op dezelfde manier als je betaalde. Lukt dat niet, dan vragen we je via een veilige link om een rekeningnummer.

    ## Wanneer komt het resultaatgeld vrij?

    Elk project belooft vooraf resultaten, zoals diploma's of banen. Bij elk beoogd resultaat hoort een deel van het resultaatgeld. De maker telt op vaste meetmomenten en levert bewijs. Ons team of een ander controleert dat. Is de helft gehaald, dan komt de helft van dat deel vrij. Wat overblijft gaat terug naar de steuners, tenzij de regels van de ronde vooraf iets anders zeiden.

    ## Waar zie je dat?

    Elk project heeft open boeken. Je ziet wat is ontvangen, vastgehouden, uitbetaald en terugbetaald. Namen staan daar niet bij. Voor elke uitbetaling zijn twee mensen van ons team nodig.

## Voorwaarden

page-terms-title = Voorwaarden
page-terms-lead = De afspraken tussen jou, de makers en Drempel. Dit is een eerste versie: een jurist kijkt hem nog na.
page-terms-body =
    ## Wat Drempel doet

    Drempel brengt steuners en sociale projecten bij elkaar. We laten projecten beoordelen, houden het geld apart en controleren resultaten. De maker voert het project uit en is daar zelf verantwoordelijk voor.

    ## Je bijdrage

    - Je bijdrage is minstens 5 euro. Kosten van het platform, als die er zijn, zie je voordat je betaalt.
    - Een **gift** is een bijdrage waarvoor je niets terugkrijgt. Een bijdrage is nooit een belegging en levert geen winst op.
    - Een **aankoop** is voor bedrijven die Rikx willen inzetten voor social return. Of die meetellen, beslist je opdrachtgever.
    - Je plek blijft bewaard zolang je betaalt: 30 minuten online, 14 dagen bij een overschrijving. Daarna vervalt de bijdrage.
    - Zolang de ronde verkoopt, kun je een betaalde bijdrage intrekken. Je krijgt dan alles terug.

    ## Sluiting van de ronde

    De regels van een ronde staan op de pagina van die ronde. Ze veranderen niet meer nadat de verkoop is begonnen. Geld dat na de sluiting binnenkomt telt niet mee en gaat terug. Een project dat zijn drempelwaarde niet haalt, gaat niet door. Is het er dichtbij, en staat dat in de regels van de ronde? Dan kiezen de steuners eerst of het met minder geld doorgaat. Wie niets kiest, krijgt alles terug. De steuners krijgen hun geld dan tot op de cent terug.

    ## Als een project doorgaat

    De maker krijgt startgeld. Later krijgt hij resultaatgeld voor de resultaten die zijn gecontroleerd. De maker plaatst voortgangsberichten en meldt cijfers op de meetmomenten. Stopt een project te vroeg, dan gaat het geld dat nog niet is uitbetaald naar verhouding terug.

    ## Wat makers beloven

    - Ze geven juiste informatie en zeggen welk ander geld er is.
    - Ze gebruiken het geld voor het plan.
    - Ze plaatsen geen namen, foto's of verhalen waarin een deelnemer te herkennen is.

    ## Belasting

    Of je een gift mag aftrekken, hangt af van de ontvanger en van jouw situatie. We geven een bewijs van betaling, geen belastingadvies.

    ## Aansprakelijkheid en recht

    We zetten ons in om het platform goed te laten werken, maar een storing kan voorkomen. Voor geld dat wij vasthouden blijven we altijd verantwoordelijk. Op deze voorwaarden is Nederlands recht van toepassing. Heb je een klacht, kijk dan eerst op de pagina [Klachten](/nl/complaints).

## Toegankelijkheid

page-accessibility-title = Toegankelijkheid
page-accessibility-lead = Iedereen moet Drempel kunnen gebruiken. Hier lees je hoe ver we zijn.
page-accessibility-body =
    ## Ons doel

    We bouwen volgens de richtlijn WCAG 2.2, niveau AA. Elke pagina werkt zonder JavaScript, met alleen het toetsenbord en op een smal scherm. Bij elke grafiek staat een tabel met dezelfde cijfers.

    ## Waar we nu staan

    - Automatische tests met axe draaien in een echte browser bij elke wijziging.
    - Zulke tests vinden maar een deel van de problemen.
    - Er is nog geen onderzoek gedaan door een onafhankelijk bureau.
    - We hebben nog niet getest met een groep mensen met een beperking.

    Daarom noemen we de site nog niet volledig getoetst.

    ## Wat we al weten

    - De betaalpagina is van onze betaaldienst. Daarop hebben we weinig invloed.
    - Documenten die makers toevoegen, zijn niet altijd goed voor te lezen.

    ## Loop je vast?

    Mail <toegankelijk@{ $domain }>. Vertel op welke pagina het misging en wat je gebruikt. We reageren binnen drie werkdagen en zoeken samen een oplossing. Kom je er met ons niet uit, dan kun je dat melden bij de Autoriteit Consument en Markt.

## Contact

page-contact-title = Contact
page-contact-lead = Een vraag over je bijdrage, een project of het platform? We helpen je graag.
page-contact-body =
    ## Mail ons

    - Vragen over je bijdrage of terugbetaling: <hulp@{ $domain }>
    - Je wilt een project indienen: <makers@{ $domain }>
    - Je koopt Rikx als bedrijf: <bedrijven@{ $domain }>
    - Pers en onderzoek: <pers@{ $domain }>

    We antwoorden op werkdagen, meestal binnen twee dagen.

    ## Dit helpt ons

    Gaat het over een betaling? Noem dan het kenmerk van je bijdrage. Dat staat in onze mail en op je betaalbewijs. Stuur nooit je pasnummer of een inlogcode. Wij vragen daar ook nooit om.

    ## Een vraag aan een maker

    Gaat je vraag over het project zelf? Op de pagina van elk project staat hoe je de maker bereikt.

    ## Iets anders

    - Een klacht: lees [hoe we met klachten omgaan](/nl/complaints).
    - Een lek of fout in de beveiliging: lees [hoe je dat meldt](/nl/security).
    - Je persoonsgegevens: <privacy@{ $domain }>

## Klachten

page-complaints-title = Klachten
page-complaints-lead = Ging er iets mis? Vertel het ons. We lossen het liever snel op dan laat.
page-complaints-body =
    ## Zo dien je een klacht in

    Mail naar <klachten@{ $domain }>. Schrijf wat er gebeurde, wanneer, en wat je van ons verwacht. Noem het kenmerk van je bijdrage als het over geld gaat. Een klacht kost niets.

    ## Wat je van ons mag verwachten

    - Binnen twee werkdagen hoor je dat je klacht er is.
    - Binnen tien werkdagen krijg je antwoord, met uitleg.
    - Hebben we meer tijd nodig? Dan hoor je waarom. Het duurt nooit langer dan zes weken.
    - Iemand die niet bij de zaak betrokken was, bekijkt je klacht.

    ## Niet eens met het antwoord?

    Vraag dan binnen zes weken om een tweede oordeel. Het bestuur kijkt er opnieuw naar en antwoordt binnen vier weken. Je kunt altijd naar de rechter. Over je persoonsgegevens kun je ook klagen bij de Autoriteit Persoonsgegevens.

    ## Klacht over een project

    Klopt iets niet op een projectpagina, of is iemand herkenbaar die dat niet wil? Zeg het ons. We kijken binnen één werkdag. Als het nodig is, halen we de tekst of foto direct weg.

## Gedragscode

page-code-of-conduct-title = Gedragscode voor projecten
page-code-of-conduct-lead = Wie op Drempel steun vraagt, houdt zich aan deze afspraken. Zo weten steuners en deelnemers waar ze aan toe zijn.
page-code-of-conduct-body =
    ## Eerlijk over je plan

    - Je plan klopt. Je schrijft wat je doet, voor wie, en wat het kost.
    - Je noemt ook de risico's en het geld dat je ergens anders krijgt.
    - Verandert er iets? Dan schrijf je dat in een voortgangsbericht.

    ## Eerlijk over resultaten

    - Je belooft alleen wat je denkt te halen.
    - Je telt zoals je hebt afgesproken en bewaart het bewijs.
    - Gaat iets niet goed, dan schrijf je dat ook op. Daar leren anderen van.

    ## Zuinig op mensen

    - Deelnemers doen vrijwillig mee. Ze weten dat hun project op Drempel staat.
    - Je noemt geen namen en schrijft niets waaraan iemand te herkennen is. Je geeft alleen aantallen door.
    - Een foto met een herkenbaar mens plaats je alleen als die persoon ja heeft gezegd. Ook daarna mag iemand nee zeggen.
    - Je werkt veilig en sluit niemand uit om afkomst, geloof, geslacht, gerichtheid, leeftijd of beperking.

    ## Zuinig op geld

    - Je gebruikt het geld waarvoor het is gegeven.
    - Je houdt je boeken bij en laat ze zien als we erom vragen.
    - Je betaalt niemand om te steunen en steunt niet je eigen project met geleend geld.

    ## Als iemand zich er niet aan houdt

    Iedereen mag ons vertellen dat iets niet klopt. Lees [hoe je een klacht meldt](/nl/complaints). We vragen de maker eerst om uitleg. Daarna kunnen we een tekst weghalen, een betaling uitstellen of een project stoppen. De maker hoort altijd waarom en mag een tweede oordeel vragen.

## Beveiliging

page-security-title = Een zwakke plek melden
page-security-lead = Heb je een zwakke plek gevonden? Meld het ons, dan kunnen we het oplossen voordat iemand er misbruik van maakt.
page-security-body =
    ## Zo meld je het

    Mail naar <security@{ $domain }>. Beschrijf wat je vond, op welk adres en hoe wij het kunnen nadoen. Melden mag in het Nederlands of Engels, ook zonder je naam. De gegevens staan ook in [security.txt](/.well-known/security.txt).

    ## Wat we je vragen

    - Ga niet verder dan nodig is om het probleem te laten zien.
    - Bekijk, wijzig of bewaar geen gegevens van anderen.
    - Leg de site niet plat en probeer geen echte betalingen uit.
    - Houd het voor je tot het is opgelost.

    ## Wat je van ons krijgt

    - Binnen drie werkdagen een reactie van een mens.
    - Binnen tien werkdagen ons oordeel en een planning.
    - Bericht als het is opgelost, en je naam erbij als je dat wilt.
    - Houd je je aan deze regels, dan doen wij geen aangifte.

    We hebben geen budget voor beloningen. We zijn wel echt blij met je melding. Raakt het probleem persoonsgegevens, dan melden we het ook bij de Autoriteit Persoonsgegevens als de wet dat vraagt.
