### Een bijna gehaald project: de eigenaar zegt hoe het met minder verdergaat, steuners kiezen. En een project dat de eigenaar terugtrekt.

## Wat er mis kan zijn
settlement-nothing-due = Er is nog geen bijna gehaald project waarover besloten kan worden.
consent-not-asked = Aan dit project is niet gevraagd hoe het met minder verdergaat, of dat is al gezegd.
consent-asked-too-late = De tijd om dit te zeggen is voorbij. Iedereen krijgt zijn geld terug.
consent-words-missing = Schrijf hoe het project met minder geld verdergaat, in het Nederlands of in het Engels.
consent-words-too-long = Dit is te lang: hoogstens 4.000 tekens.
choice-nothing = Voor deze bijdrage valt er niets te kiezen.
choice-too-late = De tijd om te kiezen is voorbij.
choice-not-held = Deze bijdrage wordt niet meer vastgehouden, dus er valt niets te kiezen.
withdraw-not-owner = Alleen een eigenaar van de organisatie kan het project terugtrekken.
withdraw-funded = Dit project heeft het geld gekregen, dus u kunt het niet zelf terugtrekken. Het team van Drempel kan het stoppen: schrijf ons.
withdraw-over = Dit project kan niet meer worden teruggetrokken.
withdraw-reason-missing = Schrijf waarom u het project terugtrekt. Steuners lezen dit.
withdraw-reason-too-long = Dit is te lang: hoogstens 1.000 tekens.

## Brieven
consent-least = Moet minstens blijven
consent-owner-until = U kunt schrijven tot
consent-open = Schrijf hoe het verdergaat
consent-why = U krijgt dit bericht omdat u eigenaar bent van de organisatie van dit project.
withdraw-at = Teruggetrokken op
choice-owner-says = Wat de eigenaar zegt
choice-open = Maak uw keuze
letter-consent_asked-subject = { $title }: de drempelwaarde is bijna gehaald, nu bent u aan zet
letter-consent_asked-text = De ronde is gesloten. Uw project heeft { $amount }, en de drempelwaarde is { $threshold }. Het kan met minder verdergaan als uw steuners dat willen. Schrijf tot { $date } hoe het project met minder geld verdergaat. Daarna hebben uw steuners vijf dagen om te kiezen. Schrijft u niets, dan krijgt iedereen zijn geld terug.
letter-choice_asked-subject = { $title }: houdt u uw bijdrage van { $amount }?
letter-choice_asked-text = De drempelwaarde is bijna gehaald. De eigenaar wil met minder geld verdergaan, en schrijft hieronder hoe. U bepaalt wat er met uw bijdrage gebeurt: laten staan, verhogen of terugnemen. U kunt kiezen tot { $date }. Kiest u niets, dan krijgt u uw hele bijdrage terug. Het project start als er { $least } blijft staan.
letter-choice_reminder-subject = { $title }: kies voor morgen wat er met uw { $amount } gebeurt
letter-choice_reminder-text = U hebt nog niet gekozen. U kunt uw bijdrage laten staan, verhogen of terugnemen tot { $date }. Kiest u niets, dan krijgt u uw hele bijdrage terug.
letter-raise_received-subject = { $title }: wij hebben uw extra { $amount } ontvangen
letter-raise_received-text = Dank u wel, het geld waarmee u verhoogt is binnen. Wij bewaren het veilig bij uw bijdrage. Steuners kunnen kiezen tot { $date }. Daarna hoort u of het project start.
letter-choice_won-subject = { $title }: het project start, met uw { $amount }
letter-choice_won-text = Goed nieuws: genoeg steuners hebben hun bijdrage laten staan, dus het project start met minder geld. Uw geld gaat naar het project.
letter-choice_left-subject = { $title }: u krijgt { $amount } terug
letter-choice_left-text = Het project start met minder geld. U hebt uw bijdrage niet laten staan, dus u krijgt die helemaal terug, op de manier waarop u betaalde. U hoeft niets te doen.
letter-choice_lost-subject = { $title }: het project start niet, u krijgt { $amount } terug
letter-choice_lost-text = Er bleef te weinig staan om met minder geld te beginnen, dus het project start niet. U krijgt uw hele bedrag terug, op de manier waarop u betaalde. U hoeft niets te doen.
letter-project_withdrawn-subject = { $title } is teruggetrokken door de eigenaar, u krijgt { $amount } terug
letter-project_withdrawn-text = De eigenaar heeft dit project teruggetrokken, dus het start niet. Hieronder staat waarom. U krijgt uw hele bedrag terug, op de manier waarop u betaalde. U hoeft niets te doen.
letter-project_taken_back-subject = { $title } is teruggetrokken
letter-project_taken_back-text = Een eigenaar van uw organisatie heeft dit project teruggetrokken. Niemand kan er nog aan bijdragen, en wie betaald heeft krijgt zijn geld terug.
settlement-line-consent = Wacht op een keuze
