### Hulpmiddelen van een proefomgeving. In het echt zijn deze pagina's er niet.
dev-title = Hulpmiddelen voor de proef
dev-lead = Deze pagina's zijn er alleen in een proefomgeving.
dev-sign-in-title = Inloggen als voorbeeldpersoon
dev-sign-in-what = Kies iemand uit de voorbeelden, zonder mail en zonder app.
dev-sign-in-lead = Kies wie je wilt zijn. Een code is niet nodig: de tweede stap telt vijf minuten als gedaan.
dev-sign-in-people = Voorbeeldpersonen
dev-sign-in-does = Rol
dev-sign-in-backer = steuner
dev-sign-in-nobody = Er zijn nog geen voorbeeldpersonen. Laad eerst de voorbeelden.
dev-sign-in-other = Iemand anders
dev-sign-in-unknown = Dit e-mailadres kennen we niet. Alleen wie al bestaat kan hier inloggen.
dev-mail-title = Mail
dev-mail-what = De mails die Drempel stuurde. Ze gaan nergens heen.
dev-mail-test = Stuur een mail als proef
dev-mail-letter = Welke mail
dev-mail-to = Naar welk e-mailadres
dev-mail-send = Stuur de proef
dev-mail-choose = Kies een mail.
dev-mail-not-any-more = Deze mail wordt niet meer geschreven: er is niets meer te melden.
flash-dev-mail-sent = De proef is verstuurd.
dev-parts-title = Onderdelen
dev-parts-what = Alle bouwstenen van de pagina's bij elkaar, met de kleuren.
dev-parts-lead = Zo zien de bouwstenen eruit. De namen zijn die van de code. De inhoud is verzonnen.
dev-parts-wrong = Zo staat een fout bij het veld.
dev-parts-label = Naam van het veld
dev-parts-hint = Een korte uitleg bij het veld.
dev-bank-title = Bank
dev-bank-what = De betalingen bij de proefbank.
dev-clock-title = Klok
dev-clock-what = Zet de klok vooruit en laat gebeuren wat dan aan de beurt is.
dev-clock-now = Het is nu
dev-clock-ahead = { $seconds ->
    [0] De klok loopt gelijk met die van de computer.
    [one] De klok loopt 1 seconde voor op die van de computer.
   *[other] De klok loopt { $seconds } seconden voor op die van de computer.
}
dev-clock-warning = Terug kan niet. Wie is ingelogd kan door een grote stap worden uitgelogd.
dev-clock-minutes = 10 minuten vooruit
dev-clock-hour = 1 uur vooruit
dev-clock-day = 1 dag vooruit
dev-clock-week = 1 week vooruit
dev-clock-month = 30 dagen vooruit
dev-clock-other = Een andere stap
dev-clock-seconds = Aantal seconden
dev-clock-seconds-hint = Van 1 tot 316224000 (tien jaar).
dev-clock-move = Zet de klok vooruit
dev-clock-wrong = Vul een aantal seconden in van 1 tot tien jaar. In totaal kan de klok een eeuw vooruit.
flash-dev-clock-moved = De klok is vooruitgezet. Wat aan de beurt was, is gedaan.
