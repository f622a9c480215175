### When something cannot be done.

problem-title = This did not work
problem-title-400 = We do not understand this request
problem-title-403 = You cannot do this
problem-title-404 = This page does not exist
problem-title-405 = This address does not work that way
problem-title-409 = This is no longer possible
problem-title-413 = This is too large
problem-title-429 = Please wait a moment
problem-title-500 = Something went wrong on our side
problem-title-503 = Please try again shortly
problem-not-found = The page you asked for is not here. Perhaps the address has a typing error, or the page has moved.
problem-forbidden = You do not have the right to do this.
problem-sign-in = Please sign in first.
problem-bad-request = Something in this request is not right. Go back and try again.
problem-too-large = What you sent is larger than we accept.
problem-media-type = We do not accept this kind of content.
problem-method = This address accepts other requests than yours.
problem-time = This took too long. Please try again.
problem-broken = Something went wrong on our side. We have been told and will look into it.
problem-busy = It is very busy right now. Please try again in a moment.
problem-full = Nothing can be stored right now. We have been told. Please try again later.
problem-outside = A service we need does not answer right now. Please try again in a moment.
problem-money = No money moved because of this error. If you were paying, look at your pledge or your bank before you try again.
problem-reference = If you contact us, mention this number:
problem-home = To the home page
