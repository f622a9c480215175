### Wat er terugging van een bijdrage.

returned-so-far = Teruggekregen
returned-rest = Wat nog meetelt
returned-to-method = op dezelfde manier als je betaalde
returned-to-account = naar rekening { $account }
returned-to-own-account = naar de rekening waarvan je betaalde
returned-to-bank = je bank haalde het terug
