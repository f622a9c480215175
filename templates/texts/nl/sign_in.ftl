### Veilig inloggen: passkeys, app, sessies, een ander adres; de brieven daarover; en het herstel door twee beheerders.

## Te vaak
users-too-many = Er is te vaak om een code gevraagd. Wacht een tijdje en probeer het opnieuw.

## De tweede stap
users-factor-app-title = Of met een code van je app
users-factor-owner = Hiervoor vragen we een tweede stap: een passkey of een code van een app.
users-factor-owner-why = Hier gaat het over geld of over gegevens van anderen. Wie in je mail kan kijken, kan daar dan nog niet bij.
users-factor-owner-how = Stel een tweede stap in
users-enrol-connect = Koppel de app

## Passkeys
passkeys-title = Passkeys
passkeys-lead = Een passkey is een sleutel in je telefoon, computer of beveiligingssleutel. Je gebruikt hem met je vinger, je gezicht of een pincode. Een nepsite kan hem niet gebruiken.
passkeys-own = Jouw passkeys
passkeys-empty = Je hebt nog geen passkey.
passkeys-impossible = Op dit webadres werken passkeys niet. Dat kan alleen op een adres met een naam.
passkey-name = Naam van de passkey
passkey-name-hint = Zo herken je hem, bijvoorbeeld: mijn telefoon.
passkey-name-wrong = Geef de passkey een naam van hooguit 60 tekens.
passkey-added = Toegevoegd
passkey-used = Laatst gebruikt
passkey-remove = Verwijderen
passkey-add-title = Voeg een passkey toe
passkey-add = Voeg toe
passkey-taken = Deze passkey is al bekend, of je hebt er al tien.
passkey-not-made = Het toevoegen is niet gelukt. Probeer het opnieuw.
passkey-needs-script = Een passkey toevoegen kan alleen in een browser waarin JavaScript aan staat.
passkey-use-title = Met je passkey
passkey-use = Druk op de knop en volg wat je apparaat vraagt.
passkey-use-button = Gebruik je passkey
passkey-wrong = Deze passkey is niet geaccepteerd. Probeer het opnieuw.
passkey-none = Er kwam geen antwoord van je apparaat. Probeer het opnieuw.
passkey-unable = Deze browser kent geen passkeys. Gebruik een andere browser.
passkey-noscript = Voor een passkey moet JavaScript aan staan. Zet het aan voor deze site. Met een app die codes maakt kan het wel zonder, behalve als je bij het platformteam werkt.
flash-passkey-added = De passkey is toegevoegd.
flash-passkey-removed = De passkey is verwijderd. Je bent overal uitgelogd, behalve hier.

## App
app-title = App die codes maakt
app-lead = Een app op je telefoon maakt elke halve minuut een nieuwe code van zes cijfers. Dat werkt ook zonder JavaScript.
app-connected = Er is een app gekoppeld.
app-connect = Koppel een app
app-replace = Koppel een andere app
app-remove = Verwijder de app
flash-app-connected = De app is gekoppeld. Je bent overal uitgelogd, behalve hier.
flash-app-removed = De app is verwijderd. Je bent overal uitgelogd, behalve hier.
users-last-factor = Dit is je laatste tweede stap. Voeg eerst een andere toe.
users-no-such-factor = Die is er niet meer.

## Veilig inloggen
security-title = Veilig inloggen
security-lead = Met een passkey of een app bewijs je dat jij het bent, ook als iemand anders bij je mail kan. We vragen erom als het over geld of over gegevens van anderen gaat.
security-back = Terug naar veilig inloggen
security-needs-passkey = Voeg een passkey toe. Daarna kun je bij het werk van het platformteam.
security-go-on = Ga verder waar je was
security-confirm-first = Om hier iets te veranderen bevestig je eerst dat jij het bent.
security-confirm = Bevestigen
security-sign-in-first = Je logde langer dan een kwartier geleden in. Log opnieuw in om hier iets te veranderen.
security-sign-in = Opnieuw inloggen
security-by-link = Je werkt bij het platformteam. De eerste app of passkey koppel je met een link die je van twee beheerders krijgt.
people-sessions = Ingelogd
people-sign-out = Overal uitloggen
people-sign-out-lead = Logt deze persoon uit op alle apparaten, bijvoorbeeld als een telefoon is gestolen. De persoon krijgt een mail.
flash-signed-out-everywhere = De persoon is overal uitgelogd.
account-events-title = Wat er de laatste tijd veranderde
account-event-new-device = Ingelogd met een nieuwe browser: { $detail }
account-event-passkey-added = Passkey toegevoegd: { $detail }
account-event-passkey-removed = Passkey verwijderd: { $detail }
account-event-app-connected = App gekoppeld
account-event-app-removed = App verwijderd
account-event-recovered = Tweede stap verwijderd door { $detail }
account-event-address-changed = E-mailadres veranderd in { $detail }
account-event-address-restored = E-mailadres teruggezet naar { $detail }
account-event-codes-wrong = Vijf keer een verkeerde code
account-event-signed-out = Overal uitgelogd door een beheerder

## Sessies
users-sessions-device = Browser
users-device-unknown = Onbekende browser

## Een ander adres
address-title = E-mailadres
address-now = Je logt nu in met { $email }.
address-change = Verander je e-mailadres
address-how = We sturen een code naar het nieuwe adres. Het oude adres krijgt bericht en kan het drie dagen lang terugdraaien.
address-new = Nieuw e-mailadres
address-ask = Stuur de code
address-same = Dit is het adres dat je al hebt.
address-often = Je vroeg dit te vaak. Wacht een uur en probeer het opnieuw.
address-code-title = Vul de code van het nieuwe adres in
address-code-lead = We stuurden een code naar { $email }. Hij werkt tien minuten.
address-code-none = Geen mail gekregen? Kijk in de map met ongewenste mail. Misschien is het adres al van iemand anders bij ons in gebruik.
address-code-gone = Er is geen code die nog werkt.
address-confirm = Verander mijn adres
address-again = Vraag een nieuwe code
flash-address-changed = Je e-mailadres is veranderd. Je bent overal uitgelogd, behalve hier.
restore-title = Zet je e-mailadres terug
restore-lead = Je account ging van { $old } naar { $new }. Was jij dat niet? Draai het dan terug.
restore-what = Daarna is iedereen uitgelogd. Passkeys en apps die sindsdien zijn toegevoegd, zijn weg.
restore-button = Zet mijn adres terug
restore-until = Deze knop werkt tot { $moment }.
restore-gone = Deze link werkt niet meer. Neem contact met ons op als je niet meer bij je account kunt.
flash-address-restored = Je e-mailadres is teruggezet. Log opnieuw in.

## Brieven
letter-account-when = Wanneer
letter-account-open = Bekijk je account
letter-account-enrol = Koppel opnieuw
letter-account-why = Je krijgt deze mail omdat er iets veranderde aan hoe je inlogt bij Drempel.
letter-account-not-you = Was jij dit niet? Log dan uit waar je het niet herkent, en schrijf ons.
letter-account-new-device-subject = Nieuwe browser: er is ingelogd op je account
letter-account-new-device-text = Er is ingelogd met een browser die we niet kenden.
letter-account-passkey-added-subject = Passkey toegevoegd: { $detail }
letter-account-passkey-added-text = Aan je account is een passkey toegevoegd: { $detail }.
letter-account-passkey-removed-subject = Passkey verwijderd: { $detail }
letter-account-passkey-removed-text = Van je account is een passkey verwijderd: { $detail }.
letter-account-app-connected-subject = App gekoppeld aan je account
letter-account-app-connected-text = Aan je account is een app gekoppeld die codes maakt. Een eerdere app werkt niet meer.
letter-account-app-removed-subject = App verwijderd van je account
letter-account-app-removed-text = De app die codes maakt is van je account verwijderd.
letter-account-codes-wrong-subject = Iemand typte vijf keer een verkeerde code
letter-account-codes-wrong-text = Iemand logde in met je mail en typte daarna vijf keer een verkeerde code voor je tweede stap. Die kijken we vijf minuten lang niet meer na. Was jij dat? Dan hoef je niets te doen.
letter-account-signed-out-subject = Je bent overal uitgelogd
letter-account-signed-out-text = Een beheerder van Drempel heeft je overal uitgelogd. Log opnieuw in als je verder wilt.
letter-account-recovered-subject = Je tweede stap is verwijderd
letter-account-recovered-text = Twee beheerders hebben je passkeys en app verwijderd: { $detail }. Je bent overal uitgelogd.
letter-account-recovered-again = Log in en stel opnieuw een tweede stap in. Heb je hier niet om gevraagd? Schrijf ons meteen.
letter-account-recovered-enrol = Met deze knop koppel je een app, en daarna een passkey. De knop werkt één keer, een dag lang. Heb je hier niet om gevraagd? Schrijf ons meteen.
letter-account-address-changed-subject = Je e-mailadres bij Drempel is veranderd
letter-account-address-changed-text = Je account hoort nu bij { $detail }. Het oude adres kan dit drie dagen lang terugdraaien.
letter-account-address-restored-subject = Je e-mailadres bij Drempel is teruggezet
letter-account-address-restored-text = Je account hoort weer bij { $detail }. Iedereen is uitgelogd, en wat er sindsdien aan passkeys en apps bij kwam is weg.
letter-recovered-admins-subject = Tweede stap verwijderd van { $email }
letter-recovered-admins-text = Van { $email } zijn alle passkeys en apps verwijderd. Besloten door: { $detail }.
letter-recovered-admins-open = Bekijk deze persoon
letter-recovered-admins-why = Je krijgt deze mail omdat je beheerder bent van Drempel.
letter-address-code-subject = Code voor je nieuwe e-mailadres: { $code }
letter-address-code-text = Met deze code koppel je dit adres aan je account bij Drempel:
letter-address-code-life = De code werkt tien minuten, in de browser waarin je erom vroeg. Heb jij dit niet gevraagd? Dan hoef je niets te doen.
letter-address-code-why = Je krijgt deze mail omdat iemand dit adres wil gebruiken bij Drempel.
letter-address-old-subject = Je account bij Drempel heeft een ander e-mailadres
letter-address-old-text = Je account hoort nu bij { $email }. Je kunt er met dit adres niet meer inloggen.
letter-address-old-undo = Was jij dit niet? Draai het terug, tot { $moment }.
letter-address-old-button = Draai het terug
letter-address-old-why = Je krijgt deze mail omdat dit adres bij je account hoorde.

## Mensen van het team, en herstel
people-title = Mensen
people-lead = Wie bij het platformteam werkt, en waarmee die persoon zich bewijst.
people-search = Zoek iemand op e-mailadres
people-search-hint = Het hele adres. Ook van iemand buiten het team.
people-roles = Rollen
people-no-roles = Geen
people-yes = Ja
people-no = Nee
people-factors = Tweede stap
people-no-factors = Deze persoon heeft geen passkey en geen app.
people-passkey = Passkey
staff-role-reviewer = projecten
staff-role-expert = waardering
staff-role-treasurer = penningmeester
staff-role-admin = beheerder
recovery-title = Alles kwijt?
recovery-lead = Is deze persoon alle passkeys en de app kwijt? Twee beheerders kunnen alles verwijderen. Ga eerst na dat het echt deze persoon is: bel, of spreek elkaar. Mail is niet genoeg.
recovery-reason-hint = Hoe weet je dat het deze persoon is?
recovery-propose = Stel herstel voor
recovery-wait = Een andere beheerder moet dit goedkeuren.
recovery-approve-lead = Passkeys en app gaan weg en alle sessies eindigen. De persoon en alle beheerders krijgen bericht.
recovery-approve = Verwijder alles en laat opnieuw beginnen
recovery-withdraw = Trek het voorstel in
recovery-no-such-user = Deze persoon is er niet.
recovery-own = Je eigen tweede stap kun je zo niet herstellen. Dat doen twee andere beheerders.
recovery-nothing-to-remove = Er is niets om te verwijderen.
flash-recovery-proposed = Het herstel is voorgesteld. Een andere beheerder kan het goedkeuren.
flash-recovery-approved = Alles is verwijderd. De persoon kreeg een mail.
flash-recovery-withdrawn = Het voorstel is ingetrokken.
approval-kind-people-recover = Herstel van iemand die alles kwijt is

## Proefomgeving
dev-app-title = Code van de app
dev-app-lead = Iedereen van het team en elke eigenaar heeft in de voorbeelden dezelfde app. Na vijf minuten vraagt het werk met geld opnieuw om een code. Elke code werkt één keer per persoon.
dev-app-secret = Sleutel
dev-app-code = Code van nu
