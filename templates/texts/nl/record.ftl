### Voor het team: het register van verwerkingen en de beoordeling van de gevolgen (DPIA).

staff-privacy-nav = Privacy
staff-privacy-title = Register en DPIA
staff-privacy-lead = Het register van verwerkingen (artikel 30 AVG) en de beoordeling van de gevolgen voor mensen (artikel 35 AVG). Je kunt deze pagina afdrukken. De tijden komen uit dezelfde tabel waarmee het platform opruimt.
record-title = Register van verwerkingen
record-purpose = Waarvoor
record-people = Over wie
record-receivers = Wie krijgt het

activity-accounts = Accounts
activity-accounts-purpose = Weten wie iemand is, en mensen laten inzien, meenemen en wissen.
activity-accounts-people = Steuners, volgers, leden van organisaties, leden van het platformteam.
activity-accounts-receivers = De dienst waar het platform draait.
activity-giving = Bijdragen
activity-giving-purpose = Een bijdrage aannemen, bewaren tot de ronde is beslist, uitbetalen of teruggeven.
activity-giving-people = Steuners: burgers, en mensen bij bedrijven die kopen.
activity-giving-receivers = De betaaldienst (Stripe). De maker van het project ziet de naam van wie niet anoniem steunt.
activity-books = Boeken en bewijzen
activity-books-purpose = De boeken kloppend houden, bewijzen en facturen maken, en geld overmaken.
activity-books-people = Steuners, wie geld overmaakt, en houders van rekeningen van organisaties.
activity-books-receivers = De bank. De Belastingdienst en de accountant als de wet dat eist.
activity-mail = Mail
activity-mail-purpose = Brieven over geld, en berichten over projecten voor wie dat wil.
activity-mail-people = Steuners, volgers, leden van organisaties, leden van het platformteam.
activity-mail-receivers = De dienst die de mail verstuurt.
activity-makers = Makers
activity-makers-purpose = Organisaties hun projecten laten plannen, laten vertellen hoe het gaat, en laten samenwerken.
activity-makers-people = Leden van organisaties en wie is uitgenodigd.
activity-makers-receivers = Iedereen die de site leest. Zij zien alleen wat openbaar is.
activity-decisions = Besluiten
activity-decisions-purpose = Kunnen nagaan wie wat besloot en waarom.
activity-decisions-people = Leden van het platformteam, experts, en makers.
activity-decisions-receivers = De accountant en de rechter als de wet dat eist.
activity-security = Beveiliging
activity-security-purpose = Veilig inloggen, misbruik zien en tegenhouden.
activity-security-people = Iedereen die inlogt of om een code vraagt.
activity-security-receivers = De dienst waar het platform draait.

record-measures =
    ### Maatregelen voor alle verwerkingen

    - Verbindingen zijn versleuteld. Sessies en sleutels van links staan alleen als afdruk (hash) in de database. Een code staat er tot de brief weg is, en het geheim van een code-app staat er zoals het is: de database en de kopieën ervan worden bewaakt als geheimen.
    - Geld en gegevens van anderen vragen een tweede stap. Over geld beslissen altijd twee mensen.
    - Rechten worden bij elke vraag opnieuw gelezen. Wie zijn rol kwijt is, kan meteen niets meer.
    - Logboeken bevatten geen namen, codes of hele adressen.
    - Reservekopieën vallen onder dezelfde tijden. Wie een oude kopie terugzet, laat daarna eerst het opruimen en het wissen lopen.

    ### Doorgifte buiten Europa

    Het platform zelf geeft niets door. De betaaldienst kan gegevens buiten de Europese Economische Ruimte verwerken. Dat mag door afspraken die de Europese Commissie goedkeurde.

    ### Wat de beheerder nog invult

    - De verantwoordelijke: de instellingen `FOUNDATION_NAME`, `FOUNDATION_ADDRESS` en `FOUNDATION_KVK`.
    - De namen van de diensten voor mail, voor het platform en voor de bestanden (`FILES_URL`). Ook de overeenkomst met elk van hen.
    - De functionaris gegevensbescherming, als die er is.
    - Hoe lang logboeken en reservekopieën buiten het platform blijven: hooguit dertig dagen.

dpia-title = Beoordeling van de gevolgen (DPIA)
dpia-body =
    Een beoordeling is verplicht als een verwerking waarschijnlijk een hoog risico geeft. Dit platform gaat over kwetsbare mensen, al bewaart het niets over hen. Daarom is de beoordeling gemaakt. Kijk haar elk jaar na, en voor elke grote wijziging.

    ### 1. Wat gebeurt er?

    Burgers en bedrijven geven geld voor sociale projecten. Het platform houdt het vast, en betaalt het uit of geeft het terug. Makers vertellen hoe het gaat en melden aantallen. Experts waarderen plannen. Het platformteam beslist over geld, steeds met twee mensen. Wat er wordt bewaard, waarom en hoe lang staat in het register hierboven.

    ### 2. Is het nodig, en is het niet te veel?

    - Een bijdrage vraagt alleen een e-mailadres. Een account is niet nodig. Een naam mag, en hoeft niet.
    - Over deelnemers van projecten wordt niets gevraagd dan aantallen. Er is geen veld voor een persoon.
    - Er is geen profiel, geen volgen, geen advertentie, en geen besluit over mensen door een computer alleen.
    - Met minder kan het niet: zonder adres komt geen bewijs aan en kan geld dat niet terug kan, niemand bereiken.

    ### 3. Wie is gevraagd?

    Vul hier in met wie is gesproken: steuners, makers, deelnemers of wie voor hen opkomt, en de functionaris gegevensbescherming. Schrijf op wat zij zeiden en wat ermee is gedaan.

    ### 4. Risico's voor mensen, en wat we doen

    #### Gegevens van deelnemers in teksten, foto's en metingen

    Kwetsbare mensen kunnen te herkennen zijn: schulden, verslaving, gezondheid, detentie of herkomst. Dat schaadt hen jaren later nog. **Kans: midden. Gevolg: groot.**

    - Metingen zijn aantallen. Kleine aantallen, onder de tien, zijn niet openbaar, en ook niet uit te rekenen.
    - Bij elk tekstvak en elke foto staat dat namen en herkenbare verhalen niet mogen.
    - Foto's worden opnieuw gemaakt, zonder plaats en toestel erin.
    - Wie iemand herkent, kan dat melden. Het team haalt het binnen een werkdag weg.
    - **Wat overblijft: klein tot midden.** Een maker kan de regel overtreden. Kijk daarom elk plan en elk bericht van een nieuwe maker na.

    #### Gegevens over de voortgang van deelnemers

    Een trede op een ladder of een meting "voor en na" zegt iets over hoe het met iemand gaat. In een kleine groep is dat herleidbaar. **Kans: midden. Gevolg: groot.**

    - Er is geen rij per persoon, alleen een telling per moment.
    - Openbare tellingen worden afgerond, en cellen waaruit een kleine te berekenen is, vallen weg.
    - Bewijs met namen hoort bij de maker, niet op het platform.
    - **Wat overblijft: klein.**

    #### Kinderen

    Een project kan over kinderen gaan, en een kind kan zelf volgen of geven. Kinderen overzien de gevolgen minder goed. **Kans: klein. Gevolg: groot.**

    - Er wordt niet naar leeftijd gevraagd, en niets wordt op kinderen gericht.
    - De privacypagina vraagt wie jonger is dan 16 om eerst met ouders of verzorgers te praten.
    - Blijkt een gever minderjarig, dan gaat het geld terug op verzoek van de ouders, en wordt het account gewist.
    - Foto's van kinderen vragen toestemming van de ouders, die de maker bewaart.
    - **Wat overblijft: klein.**

    #### Iedereen ziet wie wat geeft

    Een gift aan een project kan iets zeggen over geloof, politiek of gezondheid van de gever. **Kans: klein. Gevolg: midden.**

    - Steunen kan anoniem. In de open boeken staan geen namen.
    - Makers zien geen e-mailadressen.
    - **Wat overblijft: klein.**

    #### Iemand anders in je account

    Wie je mail leest, kan inloggen. **Kans: midden. Gevolg: midden.**

    - Een code werkt tien minuten, één keer, en in één browser. Van een nieuwe browser komt een mail.
    - Wie met geld of gegevens van anderen werkt, heeft een tweede stap nodig.
    - Wissen en een ander adres zijn drie dagen lang terug te draaien.
    - **Wat overblijft: klein.**

    #### Een lek van de database

    Namen, adressen en rekeningnummers van steuners komen op straat. **Kans: klein. Gevolg: groot.**

    - Wat niet nodig is, staat er niet in, en wat zijn tijd heeft gehad gaat elke nacht weg.
    - Wat een sessie of een bijdrage opent, staat er alleen als afdruk in. Het geheim van een code-app staat er zoals het is; passkeys hebben er geen. Kaartgegevens zijn er niet.
    - De boeken noemen mensen alleen met een nummer.
    - Er is een draaiboek. Een lek wordt binnen 72 uur gemeld bij de Autoriteit Persoonsgegevens. Is het risico groot, dan horen de mensen het zelf ook.
    - **Wat overblijft: klein tot midden.**

    #### Iemand kan zijn gegevens niet inzien of wissen

    Ook dit kan. **Kans: klein. Gevolg: midden.**

    - Inzien, meenemen en wissen kan iedereen zelf. Wat blijft, en waarom, staat erbij.
    - Wie het niet zelf kan, mailt. Het team antwoordt binnen een maand.
    - **Wat overblijft: klein.**

    ### 5. Besluit

    Met deze maatregelen is geen groot risico over. Overleg vooraf met de Autoriteit Persoonsgegevens is dan niet nodig. Verandert er iets (nieuwe gegevens over mensen, een nieuwe dienst, een andere doelgroep), maak dan deze beoordeling opnieuw.

    Vul in: datum, wie de beoordeling maakte, wat de functionaris gegevensbescherming adviseerde, en wie besloot.
