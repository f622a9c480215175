### What went back of a pledge.

returned-so-far = Returned so far
returned-rest = What still counts
returned-to-method = the way you paid
returned-to-account = to account { $account }
returned-to-own-account = to the account you paid from
returned-to-bank = your bank took it back
