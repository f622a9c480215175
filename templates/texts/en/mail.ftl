### Words that every letter has.
mail-link-by-hand = Does the button not work? Copy this address into your browser:
mail-unsubscribe = Choose how often you get mail, or unsubscribe
mail-sender = Drempel, social projects in Rotterdam

## Pictures that people send
picture-too-large = This file is too large. Choose a picture of at most 8 MB.
picture-too-many-pixels = This picture has too many pixels. Make it smaller and try again.
picture-not-a-picture = We cannot read this as a picture. Choose a JPEG, PNG or WebP.
picture-quota = This project already has 50 pictures. No more can be added.
