# Een formulier dat wachtte tot de afzender had bevestigd wie het is

kept-title = Bevestigd. Verstuur je formulier
kept-lead = Dank je. Wat je invulde is er nog, en is nog niet verstuurd.
kept-send = Versturen
kept-leave = Terug naar de bladzijde zonder te versturen
