### Wat een steuner deed: eigen impact en bewijs van steun.

own-impact-title = Jouw steun voor { $project }
own-impact-lead = Dit is jouw deel van wat { $maker } doet en wat daarvan is gepubliceerd.
own-impact-link = Wat jouw bijdrage deed
own-impact-all-title = Wat jouw bijdragen deden
own-impact-none = Je hebt nog geen project gesteund.
own-impact-sum = Van jouw bijdragen blijft { $amount } staan, verdeeld over { $count ->
    [one] één project.
   *[other] { $count } projecten.
}
own-impact-completed = { $count ->
    [one] Eén daarvan is uitgevoerd.
   *[other] { $count } daarvan zijn uitgevoerd.
}
own-impact-part-label = Jouw deel
own-impact-part = { $rikx } Rikx van de { $all } Rikx die het project waard is
own-impact-share = Van het geld van alle steuners kwam ongeveer { $percent } procent van jou.
own-impact-share-small = Van het geld van alle steuners kwam minder dan 1 procent van jou.
own-impact-share-all = Al het geld van steuners kwam van jou.
own-impact-held = Ontvangen en vastgehouden
own-impact-start = Naar de start van het project
own-impact-result-waits = Voor resultaten: wordt betaald na controle
own-impact-result-fund = Voor gecontroleerde resultaten, en wat niet is verdiend naar een fonds
own-impact-result-paid = Betaald voor gecontroleerde resultaten
own-impact-returned = Naar jou terug
own-impact-results = Wat er is bereikt
own-impact-told = { $name }: { $value }, beoogd is { $target } { $unit } (gemeten op { $day }).
own-impact-not-measured = { $name }: nog niet gemeten, beoogd is { $target } { $unit }.
own-impact-not-told = { $name }: gemeten, maar we tonen het aantal hier niet. Beoogd is { $target } { $unit }.
own-impact-public = Je ziet hier dezelfde cijfers als iedereen. Kleine aantallen laten we niet zien en andere ronden we af, zodat niemand te herkennen is.
own-impact-all-results = Alle resultaten van dit project
certificate-link = Bewijs van steun
certificate-title = Bewijs van steun: { $project }
certificate-lead = { $name } steunde { $project }.
certificate-somebody = Een steuner
certificate-thanks = Dank je wel. Mede door jouw steun kan dit project doorgaan.
certificate-no-rights = Dit bewijs is een bedankje. Het is geen giftbewijs en geeft geen recht op geld, rente of een voordeel bij de belasting.
