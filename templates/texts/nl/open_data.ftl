open-data-no-foundation = Deze installatie noemt geen stichting. Daarom zijn er geen toekenningen om te publiceren.
open-data-nothing-awarded = In deze ronde is nog niets toegekend.
open-data-package-title = Toekenningen van { $foundation }: { $round }
open-data-package-description = Elk project dat in deze ronde genoeg steun kreeg. Geld boven de drempel wordt alleen uitbetaald na gecontroleerde resultaten. Wat niet wordt verdiend, gaat terug naar de steuners.
open-data-commitment-start = Startgeld: het geld tot de drempel
open-data-commitment-result = Resultaatgeld: geld boven de drempel, alleen voor gecontroleerde resultaten
open-data-payout-start = Uitbetaling van startgeld
open-data-payout-result = Uitbetaling voor gecontroleerde resultaten
