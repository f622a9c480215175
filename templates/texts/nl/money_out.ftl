### Geld dat weggaat: overboekingen, teruggaven die niet aankwamen, uitbetalingen.

## Overboekingen
transfers-title = Overboekingen
transfers-planned = Wacht op een bestand
transfers-none-planned = Er staat niets klaar.
transfers-planned-sum = { $count ->
    [one] 1 bedrag, samen { $amount }
   *[other] { $count } bedragen, samen { $amount }
}
transfers-pick = Kies
transfers-choice = Wat komt in het bestand?
transfers-choice-all = Alles wat klaarstaat
transfers-choice-picked = Alleen wat hierboven gekozen is
transfers-reason-hint = Bijvoorbeeld: teruggaven van deze week. Een andere penningmeester leest dit.
transfers-propose = Stel een bestand voor
transfers-files = Bestanden voor de bank
transfers-file = Voorgesteld op
transfers-no-files = Er is nog geen bestand gemaakt.
transfers-file-title = Bestand van { $moment }
transfers-purpose = Waarvoor
transfers-purpose-refund = Teruggave
transfers-purpose-claim = Teruggave op opgegeven rekening
transfers-purpose-return = Terug naar de afzender
transfers-purpose-tranche = Uitbetaling
transfers-name = Ontvanger
transfers-iban = Rekening
transfers-text = Omschrijving
transfers-end-to-end = Kenmerk
transfers-lines = Overboekingen in dit bestand
transfers-execution-day = Uitvoeren op
transfers-downloaded = Gedownload op
transfers-sent-at = Bij de bank sinds
transfers-file-hash = Controlegetal van het bestand (SHA-256)
transfers-expired = Dit voorstel is ouder dan een dag en kan niet meer goedgekeurd worden. Trek het in en stel het opnieuw voor.
transfers-approve-lead = Controleer de lijst. Je keurt precies deze rekeningen en bedragen goed.
transfers-approve = { $count ->
    [one] Keur 1 overboeking van { $amount } goed
   *[other] Keur { $count } overboekingen van samen { $amount } goed
}
transfers-to-the-bank = Naar de bank
transfers-to-the-bank-lead = Download het bestand en lever het in bij de bank. Elke overboeking is klaar als het volgende bankafschrift haar laat zien.
transfers-download = Download het bestand
transfers-mark-sent = Het bestand is ingeleverd bij de bank
transfers-withdraw-title = Intrekken
transfers-withdraw-lead = Zolang niemand het bestand heeft gedownload, kun je het intrekken. De overboekingen staan dan weer klaar.
transfers-withdraw = Trek dit bestand in
transfers-nothing-chosen = Kies minstens een overboeking.
transfers-not-planned = Een van deze overboekingen staat niet meer klaar. Bekijk de lijst opnieuw.
transfers-not-approved = Dit bestand is niet goedgekeurd, of het is al verder.
transfers-not-downloaded = Download het bestand eerst.
transfers-not-withdrawable = Dit bestand kan niet meer ingetrokken worden: het kan al bij de bank zijn.
transfers-text-claim = Terugbetaling bijdrage { $reference }
flash-transfers-proposed = Voorgesteld. Een andere penningmeester kan het bestand nu goedkeuren.
flash-transfers-approved = Goedgekeurd. Het bestand kan naar de bank.
flash-transfers-sent = Genoteerd: het bestand is bij de bank.
flash-transfers-withdrawn = Ingetrokken. De overboekingen staan weer klaar.
batch-state-proposed = Voorgesteld
batch-state-approved = Goedgekeurd
batch-state-sent = Bij de bank
batch-state-confirmed = Uitgevoerd
batch-state-withdrawn = Ingetrokken
transfer-state-planned = Staat klaar
transfer-state-batched = In een bestand
transfer-state-sent = Bij de bank
transfer-state-confirmed = Uitgevoerd
transfer-state-returned = Teruggekomen
transfer-state-cancelled = Niet meer nodig

## Teruggaven die niet aankwamen
staff-nav-claims = Niet opgehaald
claims-lead = Deze teruggaven konden niet aankomen. De steuners is om een rekeningnummer gevraagd, met een herinnering na 30 en na 90 dagen.
claims-none = Er wacht geen teruggave op een rekeningnummer.
claims-age = Dagen
claims-given = Rekening opgegeven
claims-not-given = Nog niet
claims-reminders = Herinneringen
claim-title = Waar mag je geld heen?
claim-lead = We konden { $amount } niet terugbetalen op de manier waarop je betaalde. Geef een rekening op, dan maken we het over.
claim-change-lead = Je gaf eerder rekening { $account } op. Wat je hier invult, komt daarvoor in de plaats.
claim-iban = Rekeningnummer (IBAN)
claim-iban-hint = Bijvoorbeeld NL91 ABNA 0417 1643 00
claim-holder = Naam van de rekeninghouder
claim-holder-hint = Zoals de bank die kent.
claim-to-check = Verder
claim-privacy = We gebruiken deze gegevens alleen om je dit bedrag terug te betalen.
claim-check-title = Klopt deze rekening?
claim-check-lead = Kijk nog een keer goed. Het geld gaat naar deze rekening.
claim-confirm = Ja, betaal mij hier terug
claim-give = Geef je rekening op
claim-change = Geef een andere rekening op
claim-waits = Je gaf rekening { $account } op. Twee penningmeesters maken het geld over; meestal binnen een paar werkdagen.
claim-account = Rekening
claim-not-you = Was jij dit niet? Open dan je bijdrage en geef zelf een rekening op. We vragen je dan eerst te laten zien dat dit je e-mailadres is.
claim-iban-missing = Vul je rekeningnummer in.
claim-iban-wrong = Dit rekeningnummer klopt niet. Kijk of er een teken ontbreekt of verwisseld is.
claim-holder-missing = Vul de naam van de rekeninghouder in.
claim-holder-too-long = Houd de naam onder de 70 tekens.
claim-nothing = Voor deze bijdrage hoeft geen rekening opgegeven te worden.
claim-being-paid = Je geld wordt al overgemaakt naar de rekening die je eerder opgaf. Die kan nu niet meer veranderen.
flash-claim-given = We hebben je rekening genoteerd en je een e-mail gestuurd.
letter-claim_received-subject = We hebben je rekening ontvangen
letter-claim_received-text = Je gaf een rekening op voor de teruggave van { $amount }. Twee penningmeesters maken het geld over; meestal binnen een paar werkdagen.
letter-claim_changed-subject = Je rekening is veranderd
letter-claim_changed-text = Er is een andere rekening opgegeven voor de teruggave van { $amount }. Het geld gaat naar de nieuwe rekening.
letter-claim_paid-subject = Je geld is overgemaakt
letter-claim_paid-text = We hebben { $amount } voor { $title } teruggestort op de rekening die je opgaf.
letter-claim_returned-subject = Je geld kwam bij ons terug
letter-claim_returned-text = De bank stuurde { $amount } aan ons terug. Misschien bestaat de rekening niet meer. Het geld staat veilig bij ons. Open je bijdrage en geef een rekening op.
letter-claim_reminder-subject = We hebben nog geld van je
letter-claim_reminder-text = We konden { $amount } voor { $title } niet terugbetalen. Open je bijdrage en geef een rekening op, dan maken we het over.
letter-claim_last_reminder-subject = Laatste herinnering: we hebben nog geld van je
letter-claim_last_reminder-text = We bewaren nog steeds { $amount } voor je, van je bijdrage aan { $title }. Open je bijdrage en geef een rekening op, dan maken we het over. Dit is de laatste herinnering; je geld blijft van jou.
