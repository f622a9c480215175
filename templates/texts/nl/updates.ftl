### Voortgangsberichten en wie ze krijgt.

updates-title = Voortgangsberichten
updates-new = Nieuw voortgangsbericht
updates-edit = Voortgangsbericht wijzigen
updates-none = Er zijn nog geen voortgangsberichten.
updates-lead = Vertel hoe het gaat. Schrijf in het Nederlands, in het Engels of allebei. Lezers krijgen hun eigen taal als die er is.
updates-no-people = Schrijf geen namen of verhalen waaraan een deelnemer te herkennen is.
updates-number = Nummer
updates-heading = Titel
updates-state = Stand
updates-when = Wanneer
updates-number-title = Voortgangsbericht { $number }
updates-receivers = { $count ->
    [0] Nog niemand krijgt dit bericht per mail.
    [one] 1 persoon krijgt dit bericht per mail.
   *[other] { $count } mensen krijgen dit bericht per mail.
}
updates-field-audience = Voor wie is dit bericht?
updates-audience-everybody = Voor iedereen. Het komt op de site en volgers krijgen het per mail.
updates-audience-backers = Alleen voor je steuners. Iedereen die heeft betaald krijgt het één keer per mail. Het komt niet op de site.
updates-in-dutch = Nederlands
updates-in-english = Engels
updates-field-title-nl = Titel in het Nederlands
updates-field-body-nl = Bericht in het Nederlands
updates-field-title-en = Titel in het Engels
updates-field-body-en = Bericht in het Engels
updates-field-body-hint = Een lege regel maakt een nieuwe alinea. Een streepje aan het begin van een regel maakt een lijst. **Dikke tekst** zet je tussen dubbele sterretjes.
updates-picture = Foto
updates-field-picture = Kies een foto
updates-field-picture-hint = JPEG, PNG of WebP, hooguit 8 MB. Vraag toestemming aan wie erop staat.
updates-field-alt = Wat is er op de foto te zien?
updates-field-alt-hint = Voor mensen die de foto niet kunnen zien.
updates-remove-picture = Haal deze foto weg
updates-save = Opslaan en bekijken
updates-preview = Zo ziet je bericht eruit. Het is nog niet verstuurd.
updates-preview-message = Het gaat naar al je steuners en komt niet op de site.
updates-only-by-mail = Het is alleen per mail verstuurd.
updates-withdraw-hint-message = Mails die nog wachten, gaan niet meer weg. Mails die al verstuurd zijn, kun je niet terughalen.
updates-publish = Plaatsen en versturen
updates-publish-hint = Na het plaatsen heb je nog tien minuten om het terug te draaien.
updates-delete = Concept weggooien
updates-goes-out = Dit bericht wordt geplaatst en verstuurd op { $moment }. Tot dan kun je het terugdraaien.
updates-undo = Terugdraaien
updates-published-on = Geplaatst op { $moment }.
updates-on-site = Bekijk het op de site
updates-letters-sent = mails verstuurd
updates-letters-waiting = mails wachten
updates-letters-unwanted = intussen afgemeld
updates-letters-failed = mails niet aangekomen
updates-withdraw = Bericht intrekken
updates-withdraw-hint = Het bericht verdwijnt van de site. Mails die al verstuurd zijn, kun je niet terughalen.

update-state-draft = Concept
update-state-scheduled = Staat klaar
update-state-published = Geplaatst
update-state-withdrawn = Ingetrokken

updates-empty = Vul een titel en een bericht in, in minstens één taal
updates-half = Vul in deze taal de titel én het bericht in
updates-title-too-long = Maak de titel korter: hooguit 150 tekens
updates-body-too-long = Maak het bericht korter: hooguit 20.000 tekens
updates-no-alt = Beschrijf wat er op de foto te zien is
updates-alt-too-long = Maak de beschrijving korter: hooguit 300 tekens
updates-not-a-draft = Dit bericht is geen concept meer, dus je kunt het niet wijzigen.
updates-too-late = De tien minuten zijn voorbij. Het bericht is al geplaatst.
updates-no-audience = Kies voor wie dit bericht is
updates-too-soon = Je steuners kregen korter dan een week geleden al een bericht. Je kunt hun één bericht per week sturen.
updates-project-not-public = Dit project is nog niet openbaar. Daarom kun je nog geen bericht plaatsen.

flash-update-saved = Opgeslagen. Bekijk hieronder hoe het eruitziet.
flash-update-scheduled = Je bericht staat klaar. Je kunt het nog tien minuten terugdraaien.
flash-update-undone = Teruggedraaid. Je bericht is weer een concept.
flash-update-withdrawn = Het bericht is weg.

## De mail met een voortgangsbericht
updates-mail-from = Nieuws van { $project }
updates-mail-other-language = Dit bericht is er alleen in het Engels.
updates-mail-read = Lees het op Drempel
updates-mail-read-with-picture = Lees het op Drempel, met foto
updates-mail-to-backers = Een bericht van de makers van { $project } aan al hun steuners
updates-mail-why-backer = Je krijgt deze mail omdat je { $project } steunt. Meld je je af, dan krijg je geen berichten meer van dit project. Mails over je betaling krijg je wel.
updates-mail-why = Je krijgt deze mail omdat je { $project } volgt.

## Volgen
follow-title = Volg { $project }
follow-lead = Je krijgt een mail als er nieuws is over dit project. Je kunt je met één klik afmelden.
follow-field-email = E-mailadres
follow-field-email-hint = We gebruiken het alleen voor berichten over dit project.
follow-button = Volgen
follow-not-an-address = Vul een e-mailadres in, zoals naam@voorbeeld.nl
flash-follow-asked = Bijna klaar. We hebben je een mail gestuurd: klik daarin op de link. Volg je dit project al, dan krijg je geen nieuwe mail.
follow-mail-subject = { $project }: bevestig dat je wilt volgen
follow-mail-asked = Iemand heeft dit e-mailadres ingevuld om { $project } te volgen. Klopt dat? Bevestig het dan. Je krijgt daarna een mail als er nieuws is.
follow-mail-button = Ja, ik wil volgen
follow-mail-not-you = Was jij dit niet? Dan hoef je niets te doen. Je krijgt dan geen berichten.
follow-mail-why = Je krijgt deze mail omdat dit adres is ingevuld op de pagina van { $project }.
follow-confirm-title = Wil je dit project volgen?
follow-confirm-text = Nieuws over { $project } sturen we naar { $email }.
follow-confirm-button = Ja, ik wil volgen
follow-confirmed-title = Je volgt dit project
follow-confirmed-text = Je krijgt een mail als er nieuws is over { $project }.
follow-to-project = Naar { $project }
unsubscribe-title = Wil je je afmelden?
unsubscribe-text = We sturen dan geen nieuws over { $project } meer naar { $email }. Mails over je geld krijg je nog wel.
unsubscribe-button = Ja, meld me af
unsubscribed-title = Je bent afgemeld
unsubscribed-text = Je krijgt geen nieuws over { $project } meer. Ook niet als er al een mail klaarstond.

## Mijn mail
account-mail-title = Berichten die je krijgt
account-mail-lead = Nieuws over deze projecten sturen we naar { $email }.
account-mail-none = Je volgt nu geen projecten.
account-mail-end = Afmelden
account-mail-money = Mails over je bijdragen en je geld krijg je altijd. Daar kun je je niet voor afmelden.

updates-mailing-progress = { $done } van { $all } mails afgehandeld

### Mails aan veel mensen tegelijk, zoals het team ze ziet.

mailings-title = Mailings
mailings-lead = Brieven die aan veel mensen tegelijk gaan, van de laatste 30 dagen.
mailings-none = Er ging de laatste 30 dagen geen brief naar veel mensen.
mailings-about = Waarover
mailings-begun = Begonnen
mailings-progress = Voortgang
mailings-over = Klaar
mailing-update = Voortgangsbericht
mailing-tranche-told = Er is uitbetaald
mailing-results-told = De resultaten zijn bekend
mailing-round-extended-owner = De ronde sluit later, aan makers
mailing-round-extended-backer = De ronde sluit later, aan steuners
