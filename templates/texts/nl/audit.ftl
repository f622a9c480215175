# Het logboek van het platformteam, en wat een gebruiker ziet

audit-title = Logboek
audit-lead = Elke wijziging en elke blik op gegevens van anderen, de nieuwste eerst. Een regel wordt nooit veranderd of verwijderd.
audit-person = Persoon
audit-person-hint = E-mailadres of nummer van een gebruiker, of een deel van het programma zoals "closing"
audit-object = Onderwerp
audit-object-hint = Het nummer, het kenmerk van een bijdrage, of het e-mailadres van een gebruiker
audit-action = Wat er gebeurde
audit-action-any = Alles
audit-from = Vanaf
audit-to = Tot en met
audit-text = Tekst
audit-text-hint = Staat in de soort, in ervoor, erna of de reden
audit-day-wrong = Geef een dag, zoals 2026-11-26.
audit-found = { $count ->
    [0] Er is niets gevonden.
    [one] Eén regel.
   *[other] { $count } regels.
}
audit-when = Wanneer
audit-who = Wie
audit-role = Rol
audit-factor = Tweede stap
audit-object-kind = Soort
audit-before = Ervoor
audit-after = Erna
audit-where = Waarvandaan
audit-request = Verzoek
audit-file = Download deze bladzijde als CSV
audit-action-changed = veranderde
audit-action-signed-in = meldde zich aan
audit-action-signed-out = meldde zich af
audit-action-factor-wrong = verkeerde tweede stap
audit-action-security = veranderde het aanmelden
audit-action-exported = downloadde
audit-action-viewed = bekeek wat de gebruiker ziet
audit-action-refused = werd geweigerd

support-title = Wat { $person } ziet
support-open = Bekijk wat deze gebruiker ziet
support-lead = Alleen om te bekijken: je kunt hier niets doen. Dat je keek, staat in het logboek.
support-none = Niets.
support-pledges = Bijdragen
support-organisations = Organisaties
support-choices = Keuzes voor e-mail
support-no-updates = Krijgt geen voortgangsberichten.
support-updates = Krijgt voortgangsberichten van:
support-sessions = Aangemeld met
support-last-used = laatst gebruikt
support-letters = Brieven
support-letter = Onderwerp
support-letter-queued = wacht op verzending
support-letter-sent = verstuurd
support-letter-skipped = niet meer nodig
support-letter-failed = kon niet worden verstuurd
