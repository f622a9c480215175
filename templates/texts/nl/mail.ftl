### Words that every letter has.
mail-link-by-hand = Werkt de knop niet? Kopieer dan dit adres naar je browser:
mail-unsubscribe = Geen berichten meer over dit project
mail-sender = Drempel, sociale projecten in Rotterdam
