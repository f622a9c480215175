### Betalingen bij de betaaldienst die bij geen bijdrage horen: ze gaan naar een bijdrage of terug naar de betaler.

stray-propose = De betaling plaatsen
stray-propose-intro = Geef de betaling aan een bijdrage die op precies dit bedrag wacht, of betaal haar terug. Een andere penningmeester keurt het goed.
stray-propose-button = Dit voorstellen
stray-decision = Wat moet er gebeuren?
stray-pledge = Kenmerk van de bijdrage
stray-pledge-hint = Alleen als de betaling bij een bijdrage hoort. Het kenmerk begint met DR.
stray-proposal = Dit voorstel wacht op een tweede persoon
stray-effect = Wat er dan gebeurt
stray-approve = Goedkeuren en uitvoeren
case-waits-provider = Het geld gaat terug naar de betaler. De zaak sluit als het daar is.
case-waits-bank = Het geld gaat met een overboeking terug naar de afzender. De zaak sluit als die op het bankafschrift staat.
case-on-its-way = Het geld van deze zaak is onderweg. Wacht tot het is aangekomen of terugkomt.
flash-stray-proposed = Het voorstel staat klaar. Een andere penningmeester kan het goedkeuren.
flash-stray-approved = Het is goedgekeurd en uitgevoerd.
approval-kind-provider-give = Een betaling aan een bijdrage geven
approval-kind-provider-return = Een betaling terugbetalen aan de betaler
stray-nothing-there = Over deze betaling valt niets meer te beslissen.
stray-only-return = Deze betaling hoort bij een bijdrage, maar heeft een ander bedrag. Zij kan alleen terug naar de betaler.
stray-no-such-pledge = Er is geen bijdrage met dit kenmerk.
stray-by-transfer = Deze bijdrage wordt per overboeking betaald. Een betaling via de betaaldienst past daar niet bij.
stray-already-paid = Deze bijdrage is al betaald, of de bank is er nog mee bezig.
stray-other-amount = Het bedrag is niet dat van deze bijdrage. Zo'n betaling kan alleen terug naar de betaler.
stray-too-late = Deze bijdrage kan niet meer meetellen. De betaling kan alleen terug naar de betaler.
stray-no-room = Er is bij dit project geen plaats meer voor deze bijdrage. De betaling kan alleen terug naar de betaler.
stray-undecided = Kies wat er met de betaling moet gebeuren.
