### Words that every letter has.
mail-link-by-hand = Werkt de knop niet? Kopieer dan dit adres naar je browser:
mail-unsubscribe = Kies hoe vaak je mail krijgt, of meld je af
mail-sender = Drempel, sociale projecten in Rotterdam

## Pictures that people send
picture-too-large = Dit bestand is te groot. Kies een foto van hooguit 8 MB.
picture-too-many-pixels = Deze foto heeft te veel beeldpunten. Maak hem kleiner en probeer het opnieuw.
picture-not-a-picture = Dit is geen foto die we kunnen lezen. Kies een JPEG, PNG of WebP.
picture-quota = Dit project heeft al 50 foto's. Er kunnen geen foto's bij.
