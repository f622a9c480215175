### Hoe vaak je mail over projecten krijgt, en het overzicht per dag of week.

mail-rhythm-all = Hoe vaak wil je nieuws over alle projecten?
mail-rhythm-project = Hoe vaak wil je nieuws over dit project?
mail-rhythm-general = Zoals bij alle projecten
mail-rhythm-at-once = Meteen bij elk bericht
mail-rhythm-daily = Eén mail per dag
mail-rhythm-weekly = Eén mail per week, op maandag
mail-rhythm-off = Geen nieuws over projecten
mail-rhythm-save = Bewaar mijn keuze
mail-rhythm-why = Het overzicht per dag of week komt na 7 uur ’s ochtends. Is er geen nieuws, dan krijg je niets.
mail-rhythm-instead = Of wil je minder vaak mail?
account-mail-projects = Projecten die je volgt

mail-changed-saved-title = Je keuze is bewaard
mail-changed-saved-text = Dit is er veranderd:
mail-changed-undone-title = Het is weer zoals het was
mail-changed-undone-text = Dit hebben we teruggezet:
mail-changed-nothing-title = Er is niets veranderd
mail-changed-nothing-text = Het stond al zo.
mail-changed-row = { $about }: eerst { $from }, nu { $to }
mail-changed-undo = Zet het terug zoals het was
mail-changed-later = Dit kan ook later nog.
mail-changed-link = Bewaar deze link
mail-changed-all = Al mijn mailkeuzes

digest-end-title = Wil je geen overzicht meer?
digest-end-text = Nieuws over projecten dat je in een overzicht krijgt, sturen we dan niet meer naar { $email }. Mails over je geld krijg je nog wel.
digest-end-button = Ja, geen overzicht meer
digest-ended-text = Je krijgt geen overzicht meer. Ook niet als er al een mail klaarstond.

## De mail zelf
digest-subject = { $count ->
        [one] Nieuws van een project dat je volgt
       *[other] { $count } berichten van projecten die je volgt
    }
digest-title = Nieuws van projecten die je volgt
digest-lead = { $count ->
        [one] Er is 1 nieuw bericht.
       *[other] Er zijn { $count } nieuwe berichten.
    }
digest-why = Je krijgt deze mail omdat je projecten volgt en koos voor een overzicht.

## Voor het team en de maker
mailing-digest = Overzicht van nieuws
mailing-week = Week { $week } van { $year }
task-digests = Overzichten van nieuws klaarzetten, per dag en per week
updates-letters-digest = mensen krijgen het in een overzicht
mailings-on = Brieven gaan eruit.
mailings-off = Brieven zijn gestopt. Wat wacht, blijft wachten.
mailings-stop = Stop alle brieven
mailings-stop-hint = Ook inlogcodes en mails over geld wachten dan. Wat al onderweg is, gaat nog weg.
mailings-go-on = Laat brieven weer gaan
