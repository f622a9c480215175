### Inloggen, tweede stap, eigen account, en de brief met de inlogcode.

## Inloggen
users-sign-in-title = Inloggen
users-sign-in-lead = Je hebt geen wachtwoord nodig. We sturen je een mail met een code en een link.
users-email = E-mailadres
users-email-hint = Het adres waarmee je een bijdrage deed, of waarmee je bij ons werkt.
users-email-wrong = Vul een e-mailadres in, zoals naam@voorbeeld.nl
users-sign-in-send = Stuur mij een code
users-sign-in-new-title = Nog niet bekend bij ons?
users-sign-in-new = Je hoeft geen account te maken. Kies een project en doe een bijdrage. Daarna kun je hier inloggen met je e-mailadres.
users-sign-in-new-link = Bekijk de projecten
users-sign-in-organisation = Meld je organisatie aan
users-sign-in-dev = Dit is een proefomgeving. Je kunt inloggen als iemand uit de voorbeelden.
users-sign-in-dev-link = Inloggen als voorbeeldpersoon

## De code
users-code-title = Vul je code in
users-code-lead = Kennen we je e-mailadres? Dan krijg je nu een mail met een code. De code werkt tien minuten, en alleen in deze browser.
users-code = Code uit de mail
users-code-hint = Acht tekens. Hoofdletters, streepjes en spaties maken niet uit.
users-code-enter = Inloggen
users-code-wrong = Deze code klopt niet of werkt niet meer. Kijk hem na of vraag een nieuwe code.
users-code-other-browser = Vraag eerst een code aan in deze browser. Een code werkt alleen in de browser waarin je hem vroeg.
users-code-not-asked = In deze browser is de laatste tien minuten geen code gevraagd. Of je browser bewaart geen cookies: die zijn nodig om in te loggen.
users-code-none-title = Geen mail gekregen?
users-code-none-spam = Kijk in de map met ongewenste mail.
users-code-none-unknown = Controleer of je het goede adres gebruikte. Op een adres dat we niet kennen sturen we niets.
users-code-none-limit = Per kwartier sturen we hooguit drie mails naar een adres.
users-code-again = Vraag een nieuwe code

## De link
users-link-title = Inloggen bij Drempel
users-link-ready = Druk op de knop om in te loggen.
users-link-enter = Log mij in
users-link-other-title = Je opende de link in een andere browser
users-link-other = Je vroeg deze mail aan in een andere browser of op een ander apparaat. Voor de veiligheid werkt de link alleen daar.
users-link-other-code = Ga terug naar de browser waar je begon. Typ daar de code van acht tekens uit dezelfde mail.
users-link-other-again = Wil je liever hier inloggen? Vraag dan hier een nieuwe mail aan.
users-link-ended-title = Deze link werkt niet meer
users-link-used = De link is al gebruikt, of er is een nieuwere gebruikt. Een link werkt één keer.
users-link-expired = De link is ouder dan tien minuten, of er is te vaak een verkeerde code ingevuld.
users-link-unknown = Deze link kennen we niet. Misschien is hij niet helemaal gekopieerd.
users-link-again = Vraag een nieuwe mail aan

## De tweede stap
users-factor-title = Bevestig dat jij het bent
users-factor-lead = Hier gaat het over geld, of over gegevens van anderen. Daarom vragen we een tweede stap.
users-factor-code = Code uit de app
users-factor-hint = Open de app op je telefoon en kijk bij Drempel. Zes cijfers. Elke code werkt één keer.
users-factor-enter = Verder
users-factor-wrong = Deze code klopt niet of is al gebruikt. Wacht op de volgende code in je app.
users-factor-paused = Er is vijf keer een verkeerde code ingevuld. Wacht vijf minuten en probeer het opnieuw.
users-factor-lost = Ben je je telefoon of sleutel kwijt? Schrijf ons. Twee beheerders kunnen je opnieuw laten beginnen.
users-factor-none = Je hebt nog geen app gekoppeld en geen passkey. Zonder tweede stap kun je niet bij het werk van het platformteam.
users-factor-none-how = Vraag een beheerder om een link waarmee je een app koppelt.
users-factor-dev = In deze proefomgeving kun je ook opnieuw inloggen zonder app.
users-factor-account = Naar je account

## Een app koppelen
users-enrol-title = Koppel een app
users-enrol-lead = Voor { $email }. Je hebt een app op je telefoon nodig die codes maakt, zoals Aegis, FreeOTP of Google Authenticator.
users-enrol-scan-title = 1. Scan het plaatje met de app
users-enrol-scan = Kies in de app voor toevoegen en richt de camera op dit plaatje.
users-enrol-qr = QR-code met de geheime sleutel. Dezelfde sleutel staat hieronder als tekst.
users-enrol-type = Lukt scannen niet? Typ dan deze sleutel over in de app. Laat hem aan niemand zien.
users-enrol-prove-title = 2. Vul de eerste code in
users-enrol-enter = Koppel de app en log in
users-enrol-ends-sessions = Had je al een app gekoppeld? Dan vervangt deze de oude. Je wordt overal uitgelogd, behalve hier.
users-enrol-ended-title = Deze link werkt niet meer
users-enrol-ended = Een link om een app te koppelen werkt één keer, en hooguit een dag. Deze is gebruikt, verlopen of vervangen.
users-enrol-ended-how = Vraag een beheerder om een nieuwe link.

## Eigen account
users-account-title = Mijn Drempel
users-account-lead = Je bent ingelogd met { $email }.
users-account-pledges = Mijn bijdragen
users-account-mail = Mijn mailkeuzes
users-account-studio = Werkplek van je organisatie
users-account-staff = Werkplek van het platformteam
users-account-details = Je gegevens
users-account-support = Wat je steunt
users-account-work = Waar je aan werkt
users-account-safety = Veilig en privé
users-account-pledges-what = Wat je gaf en hoe het ervoor staat.
users-account-impact-what = Welke resultaten de projecten haalden.
users-account-papers-what = Alles van een jaar bij elkaar, voor je belasting.
users-account-mail-what = Welke projecten je volgt en wat we je sturen.
users-account-studio-what = Je plannen, berichten en resultaten.
users-account-staff-what = Projecten, rondes, geld en mensen.
users-account-security-what = Je app en je passkeys.
users-account-sessions-what = Zie je apparaten en log ze uit.
users-account-data-what = Bekijk wat we van je weten en neem het mee.
users-account-erase-what = Stop met Drempel en laat je gegevens wissen.
users-name = Naam
users-name-hint = Zo noemen we je in onze mails. Bij een bijdrage kies je zelf of je naam zichtbaar is.
users-name-long = Je naam mag hooguit 80 tekens lang zijn
users-language = Taal van onze mails
users-language-hint = De taal van de website kies je bovenaan de pagina.
users-language-nl = Nederlands
users-language-en = English
users-language-wrong = Kies een taal
users-sessions-title = Waar ben je ingelogd?
users-sessions-lead = Elke regel is een browser. Herken je er een niet? Log die dan uit.
users-sessions-begun = Ingelogd sinds
users-sessions-seen = Laatst gebruikt
users-sessions-end-head = Uitloggen
users-sessions-this = Deze browser
users-sessions-end = Log uit
users-sessions-end-others = Log overal uit, behalve hier
users-sign-out = Uitloggen
flash-users-saved = Je gegevens zijn bewaard.
flash-users-session-ended = Die browser is uitgelogd.
flash-users-sessions-ended = Je bent overal uitgelogd, behalve hier.
flash-users-signed-out = Je bent uitgelogd.

## De brief
users-letter-subject = Je code om in te loggen: { $code }
users-letter-hello = Hallo,
users-letter-hello-name = Hallo { $name },
users-letter-code = Met deze code log je in bij Drempel:
users-letter-link = Of open deze link in dezelfde browser:
users-letter-button = Inloggen
users-letter-life = Code en link werken tot tien minuten nadat je ze vroeg, en één keer. Ze werken alleen in de browser waarin je ze vroeg.
users-letter-not-you = Heb jij dit niet gevraagd? Dan hoef je niets te doen. Geef de code nooit aan iemand anders: wij vragen er nooit om.
users-letter-why = Je krijgt deze mail omdat iemand met dit adres wilde inloggen bij Drempel.
