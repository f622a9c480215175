### Controle van resultaten: waarom iets niet kan.

verifying-no-role = Alleen experts en beoordelaars controleren resultaten.
verifying-related = Je bent lid van een organisatie van dit project. Iemand anders controleert het.
verifying-own-verdict = Je hebt dit getal zelf gecontroleerd. Iemand anders beslist over het bezwaar.
verifying-not-measured = Dit getal is niet gemeten en kan niet worden gecontroleerd.
verifying-handed-in = Dit getal is al ingeleverd voor controle.
verifying-wrong-state = Dat kan nu niet: er is intussen iets veranderd. Kijk hoe het er nu voor staat.
verifying-too-late = Bezwaar maken kan tot 14 dagen na de controle.
verifying-value-wrong = Vul het getal in dat je hebt vastgesteld.
verifying-checker-missing = Vul in welke organisatie heeft gecontroleerd, hooguit 120 tekens.
verifying-message-missing = Vul een tekst in van hooguit 2000 tekens.
verifying-deadline-wrong = Kies een dag die nog moet komen.
