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
claims-lead = Deze teruggaven konden niet aankomen. We vroegen de steuners om een rekeningnummer, met een herinnering na 30 en na 90 dagen.
claims-none = Er wacht geen teruggave op een rekeningnummer.
claims-age = Dagen
claims-given = Rekening opgegeven
claims-not-given = Nog niet
claims-reminders = Herinneringen
claim-title = Waar mag je geld heen?
claim-safe = Terugsturen op de manier waarop je betaalde, lukte niet. Je geld is veilig bij ons.
claim-paid-next = We hebben het geld overgemaakt. Hieronder staat naar welke rekening.
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

## Uitbetalingen aan organisaties
payouts-title = Uitbetalingen
payouts-payable = Uit te betalen
payouts-nothing-payable = Er is nog geen geld dat uitbetaald kan worden.
payouts-became-payable = Toegekend
payouts-given = Besloten
payouts-left = Nog uit te betalen
payouts-choose-project = Kies een project
payouts-amount-hint = Het bedrag wordt naar hun aandeel verdeeld over de organisaties van het project.
payouts-amount-wrong = Dit is geen bedrag. Schrijf het als 250 of 250,50.
payouts-reason-hint = Bijvoorbeeld: eerste deel van het startgeld. De organisatie leest dit ook.
payouts-propose = Stel deze uitbetaling voor
payouts-tranches = Deelbetalingen
payouts-none = Er is nog niets uitbetaald.
payouts-none-yet = Er is nog niets aan deze organisatie uitbetaald.
payouts-receiver = Aan
payouts-way = Hoe
payouts-way-bank = Via de bank
payouts-way-provider = Via de betaaldienst
payouts-waits-account = Wacht op een gecontroleerde rekening.
payouts-waits-cool-down = Wacht tot de veranderde rekening drie dagen oud is.
payouts-decision-title = Uitbetaling van { $amount }
payouts-expired = Dit voorstel is ouder dan een dag en kan niet meer goedgekeurd worden. Trek het in en stel het opnieuw voor.
payouts-approve-lead = Je keurt precies deze bedragen voor deze organisaties goed.
payouts-approve = Keur de uitbetaling van { $amount } goed
payouts-withdraw = Trek dit voorstel in
payouts-accounts-waiting = Rekeningen die gecontroleerd moeten worden
payouts-account-title = Rekening van { $organisation }
payouts-entered-by = Ingevuld door
payouts-usable-at = Te gebruiken vanaf
payouts-current-account = Rekening tot nu toe
payouts-account-reason-hint = Schrijf op hoe je hebt gecontroleerd van wie deze rekening is. Bijvoorbeeld met een brief van de bank. Of je belde een nummer dat je al had.
payouts-account-propose = De rekening klopt: leg voor aan een tweede persoon
payouts-account-approve-lead = Controleer zelf ook van wie deze rekening is. Daarna gaan uitbetalingen hierheen.
payouts-account-approve = Keur deze rekening goed
payouts-account = Bankrekening
payouts-account-none = Er is nog geen rekening bekend. Zonder rekening kunnen we niet uitbetalen.
payouts-account-enter = Vul een rekening in
payouts-account-lead = Twee penningmeesters controleren de rekening. Een veranderde rekening gebruiken we pas na drie dagen. Alle eigenaren krijgen er een e-mail over.
payouts-account-save = Bewaar deze rekening
payouts-account-take-back = Trek deze rekening in
payouts-no-organisation = Je bent geen eigenaar of boekhouder van een organisatie.
payouts-decided-at = Besloten op
payouts-sent-at = Verstuurd op
payouts-open = Bekijk de uitbetalingen
payouts-letter-why = Je krijgt deze e-mail omdat je eigenaar bent van deze organisatie.
payouts-text = Uitbetaling project { $number } { $title }
payouts-too-much = Zoveel is er niet meer uit te betalen.
payouts-not-payable = Aan dit project kan nu niets uitbetaald worden.
payouts-not-proposed = Deze uitbetaling is al verder.
payouts-no-such-account = Deze rekening kan niet meer veranderd worden.
flash-payouts-proposed = Voorgesteld. Een andere penningmeester kan de uitbetaling nu goedkeuren.
flash-payouts-approved = Goedgekeurd. De uitbetaling gaat zodra er een gecontroleerde rekening is.
flash-payouts-withdrawn = Ingetrokken. Het geld kan opnieuw uitbetaald worden.
flash-payouts-account-proposed = Voorgelegd. Een andere penningmeester kan de rekening nu goedkeuren.
flash-payouts-account-verified = De rekening is goedgekeurd.
flash-payouts-account-entered = Bewaard. Twee penningmeesters controleren de rekening.
flash-payouts-account-taken-back = De rekening is ingetrokken.
tranche-state-withdrawn = Ingetrokken
account-state-entered = Wordt gecontroleerd
account-state-verified = Gecontroleerd
account-state-replaced = Vervangen
account-state-withdrawn = Ingetrokken
letter-tranche_approved-subject = { $amount } voor { $organisation } is goedgekeurd
letter-tranche_approved-text = We betalen { $amount } uit aan { $organisation }. Het geld gaat naar de rekening die we hebben gecontroleerd.
letter-tranche_paid-subject = { $amount } is uitbetaald aan { $organisation }
letter-tranche_paid-text = { $amount } staat op de rekening van { $organisation }.
letter-tranche_returned-subject = De uitbetaling van { $amount } kwam terug
letter-tranche_returned-text = De bank stuurde { $amount } aan ons terug. Kijk of de rekening van { $organisation } nog klopt. Het geld blijft voor jullie bewaard.
letter-account_entered-subject = Er is een rekening ingevuld voor { $organisation }
letter-account_entered-text = Iemand die eigenaar is van { $organisation } heeft deze rekening ingevuld voor uitbetalingen. Klopt dat niet? Trek de rekening dan meteen in.
letter-account_verified-subject = De rekening van { $organisation } is gecontroleerd
letter-account_verified-text = Twee penningmeesters hebben deze rekening gecontroleerd. Uitbetalingen aan { $organisation } gaan voortaan hierheen. Klopt dat niet? Trek de rekening dan meteen in, of neem contact op.

## Wat een tweede persoon goedkeurt
approval-kind-transfers-batch = Een bestand met overboekingen
approval-kind-payouts-tranches = Een uitbetaling
approval-kind-payouts-account = De rekening van een organisatie

## Eigen rekening bij de betaaldienst
payouts-connected = Rekening bij de betaaldienst
payouts-connected-none = Deze organisatie heeft geen eigen rekening bij de betaaldienst.
payouts-connected-lead = Met een eigen rekening bij onze betaaldienst gaan uitbetalingen vanzelf daarheen. De betaaldienst vraagt daarvoor gegevens van de organisatie. Het hoeft niet: met een bankrekening kan het ook.
payouts-connect = Ga naar de betaaldienst
payouts-waits-balance = Wacht op geld bij de betaaldienst; we proberen het vanzelf opnieuw.
payouts-waits-provider = De betaaldienst kan nu niet naar deze rekening betalen; we proberen het vanzelf opnieuw.
connected-state-asked = Wordt aangemaakt
connected-state-incomplete = Nog niet af
connected-state-verified = Gecontroleerd door de betaaldienst

## Wat vandaag iemand nodig heeft
staff-todo-transfers =
    { $count ->
        [one] 1 overboeking wacht op een bestand
       *[other] { $count } overboekingen wachten op een bestand
    }
staff-todo-accounts =
    { $count ->
        [one] 1 rekening van een organisatie moet gecontroleerd worden
       *[other] { $count } rekeningen van organisaties moeten gecontroleerd worden
    }
