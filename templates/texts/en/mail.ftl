### Words that every letter has.
mail-link-by-hand = Does the button not work? Copy this address into your browser:
mail-unsubscribe = No more messages about this project
mail-sender = Drempel, social projects in Rotterdam
