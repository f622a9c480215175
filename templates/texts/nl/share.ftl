### De deelset van een maker, en zijn steuners.

studio-part-backers = Steuners
studio-part-share = Delen
studio-backers-title = Wie steunen je project?
studio-backers-lead = Je ziet namen van mensen die hun naam willen laten zien. Adressen zie je hier niet. Deel deze lijst niet met anderen.
studio-backers-count = steuners
studio-backers-followers = volgers
studio-backers-none = Nog niemand heeft betaald voor dit project.
studio-backers-message = Schrijf een bericht aan al je steuners
studio-backers-csv = Download de lijst (CSV)
studio-backers-older = Eerdere bijdragen
studio-backer-name = Naam
studio-backer-anonymous = Anoniem
studio-backer-kind = Soort
studio-backer-amount = Bedrag
studio-backer-date = Ontvangen

studio-deadlines = Termijnen
studio-deadline-plan = Plan inleveren voor
studio-deadline-sale = Steunen kan tot

share-title = Deel je project
share-not-yet = Zodra het openbaar is, vind je hier wat je nodig hebt om het te delen.
share-lead = Vertel anderen over je project. Gebruik wat je hieronder vindt.
share-address = Het adres van je project
share-words = Een bericht om over te nemen
share-words-hint = Kopieer deze tekst naar een mail of een app.
share-call = Steun { $title }. Dat kan tot { $moment }.
share-call-later = Bekijk { $title } op Drempel.
share-qr = QR-code
share-qr-lead = Wie deze code met een telefoon leest, komt op de pagina van je project.
share-qr-shows = QR-code met het adres { $url }
share-scan = Lees deze code met de camera van je telefoon:
share-poster = Poster
share-poster-lead = Een vel op A4, om te printen en op te hangen.
share-poster-open = Open de poster (PDF)
share-picture = Plaatje voor sociale media
share-picture-lead = Dit plaatje zien mensen als je het adres deelt. De stand loopt vanzelf mee.
share-picture-shows = Titel, maker en stand van { $title }
share-picture-save = Bewaar het plaatje (PNG)
