# Twee mensen: voorstellen en goedkeuren.
approval-reason-missing = Schrijf op waarom.
approval-reason-too-long = Houd de reden onder de 1000 tekens.
approval-no-role = Voor dit besluit heb je een andere rol nodig.
approval-factor-not-fresh = Bevestig eerst opnieuw dat jij het bent, met je tweede stap.
approval-own-proposal = Je kunt je eigen voorstel niet goedkeuren. Dat doet een ander.
approval-outdated = Er is iets veranderd sinds dit voorstel. Bekijk het opnieuw en stel het opnieuw voor.
approval-expired = Dit voorstel is ouder dan een dag. Stel het opnieuw voor.
approval-nothing-proposed = Er is geen voorstel om goed te keuren.
approval-already-proposed = Dit is al voorgesteld. Iemand anders kan het nu goedkeuren.
