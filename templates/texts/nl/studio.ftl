### De studio: hier beheren makers hun projecten.

studio-title = Mijn projecten
studio-lead = Hier houd je de pagina's van je projecten bij. Bij elk project staat wat je nu kunt doen.
studio-payouts-what = Wat is uitbetaald en wat nog komt.
studio-funds-what = Waar jullie fonds aan meebetaalt.
studio-organisation-what = Meld nog een organisatie aan.
studio-no-organisation = Je bent nog geen lid van een organisatie met projecten.
studio-ask-access = Vraag ons om toegang
studio-no-projects = Deze organisatie heeft nog geen projecten.
studio-nothing-to-do = Alles is bijgewerkt.
studio-role-owner = Je bent eigenaar: je mag alles aanpassen.
studio-role-editor = Je bent redacteur: je mag teksten, foto's, berichten en aantallen aanpassen.
studio-role-bookkeeper = Je bent boekhouder: je ziet de projecten, maar past ze niet aan.
studio-parts = Onderdelen van dit project
studio-part-overview = Overzicht
studio-part-texts = Teksten
studio-part-picture = Foto
studio-part-updates = Voortgangsberichten
studio-part-outcomes = Resultaten

studio-next = Wat je nu kunt doen
studio-next-measure = Vul een meetmoment in: { $kind }
studio-next-scheduled = Een voortgangsbericht gaat uit op { $moment }. Tot dan kun je het nog terughalen
studio-next-tell = Vertel hoe het gaat: je laatste voortgangsbericht is { $days } dagen oud
studio-next-tell-first = Schrijf je eerste voortgangsbericht
studio-next-draft = Maak het voortgangsbericht af dat je bent begonnen
studio-next-translate = Vul de teksten aan in het Nederlands en het Engels
studio-next-picture = Voeg een foto toe, met een beschrijving
studio-fixed = Wat vaststaat
studio-fixed-why = Deze gegevens liggen vast sinds de waardering. Steuners gaan ervan uit, dus ze veranderen niet meer. Klopt er iets niet? Neem dan contact met ons op.
studio-round = Ronde
studio-impact = Impactwaarde
studio-threshold = Drempelwaarde
studio-start = Start
studio-months = Looptijd
studio-months-count = { $months ->
    [one] 1 maand
   *[other] { $months } maanden
}
studio-public-page = Bekijk de openbare pagina
studio-not-public = Dit project is nog niet openbaar.

studio-texts-title = Teksten van je project
studio-texts-lead = Wat je hier opslaat, staat meteen op de openbare pagina. Schrijf geen namen of verhalen waaraan een deelnemer te herkennen is.
studio-in-dutch = In het Nederlands
studio-in-english = In het Engels
studio-in-english-explained = Laat je een vak leeg? Dan ziet een Engelstalige bezoeker de Nederlandse tekst.
studio-in-both = In beide talen
studio-label-title_nl = Titel (Nederlands)
studio-label-title_en = Titel (Engels)
studio-label-aim_nl = Doel in één zin (Nederlands)
studio-label-aim_en = Doel in één zin (Engels)
studio-label-text_nl = Tekst (Nederlands)
studio-label-text_en = Tekst (Engels)
studio-label-target_group_nl = Voor wie is het project? (Nederlands)
studio-label-target_group_en = Voor wie is het project? (Engels)
studio-label-contact = Waar kunnen mensen je bereiken?
studio-hint-aim = Hooguit 140 tekens
studio-hint-text = Hooguit 20 000 tekens. Een lege regel begint een nieuwe alinea. Zet ## voor een tussenkop en - voor een opsomming.
studio-hint-contact = Een e-mailadres of website van je organisatie. Dit is openbaar.
studio-missing = Vul dit in: { $label }.
studio-too-long = Maak dit korter: { $label }. Hooguit { $max } tekens; het zijn er { $over } te veel.
studio-changed-meanwhile = Dit project is gewijzigd nadat je deze pagina opende. Je tekst is nog niet opgeslagen. Vergelijk hem met wat er nu staat.
studio-stored = Dit is nu opgeslagen
studio-stored-explained = Hieronder staan de vakken die anders zijn dan wat jij hebt getypt. Neem over wat je wilt houden. Sla je daarna op, dan komt jouw tekst in de plaats van deze.
studio-texts-fixed = In deze fase kun je de teksten en de foto niet wijzigen.

studio-picture-title = Foto van je project
studio-picture-lead = Kies een foto van het werk of de plek. Zet geen deelnemers herkenbaar op de foto. De foto staat meteen op de openbare pagina.
studio-picture-now = Dit is de foto van nu
studio-picture-not-yet = Er is nog geen foto.
studio-picture-none = Kies een foto.
studio-picture-again = Kies de foto nog een keer: je browser bewaart hem niet.
studio-label-picture = Nieuwe foto
studio-hint-picture = Een JPEG, PNG of WebP van hooguit 8 MB. De plek en de tijd in het bestand halen we weg.
studio-label-alt_nl = Wat is er te zien? (Nederlands)
studio-label-alt_en = Wat is er te zien? (Engels)
studio-hint-alt = Voor wie de foto niet ziet. Bijvoorbeeld: een werkbank met gereedschap en een half gebouwde kast.
studio-label-remove = Haal de foto weg

flash-studio-saved = Je wijzigingen zijn opgeslagen.
