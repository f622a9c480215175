### Als iets niet kan.

problem-title = Dit is niet gelukt
problem-title-400 = We begrijpen deze aanvraag niet
problem-title-403 = Dit mag je niet doen
problem-title-404 = Deze pagina bestaat niet
problem-title-405 = Zo werkt dit adres niet
problem-title-409 = Dit kan niet meer
problem-title-413 = Dit is te groot
problem-title-429 = Wacht even
problem-title-500 = Er ging iets mis bij ons
problem-title-503 = Probeer het zo nog eens
problem-not-found = De pagina die je zoekt is er niet. Misschien zit er een typefout in het adres, of is de pagina verplaatst.
problem-forbidden = Je hebt geen recht om dit te doen.
problem-sign-in = Log eerst in.
problem-bad-request = Er klopt iets niet aan deze aanvraag. Ga terug en probeer het opnieuw.
problem-too-large = Wat je stuurt is groter dan we aannemen.
problem-media-type = Dit soort inhoud nemen we niet aan.
problem-method = Dit adres neemt andere aanvragen aan.
problem-time = Dit duurde te lang. Probeer het opnieuw.
problem-broken = Er ging iets mis bij ons. We hebben er bericht van gekregen en kijken ernaar.
problem-busy = Het is nu erg druk. Probeer het over een moment opnieuw.
problem-full = Er kan nu niets worden opgeslagen. Wij hebben bericht gekregen. Probeer het later opnieuw.
problem-outside = Een dienst die we nodig hebben geeft nu geen antwoord. Probeer het over een moment opnieuw.
problem-money = Door deze fout is geen geld verplaatst. Was je aan het betalen? Kijk dan eerst bij je bijdrage of bij je bank.
problem-reference = Neem je contact op? Noem dan dit nummer:
problem-home = Naar de beginpagina
