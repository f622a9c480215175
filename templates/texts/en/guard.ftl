problem-form-title = Send the form again
problem-form = This form does not belong to this browser, or you have signed in again meanwhile. Nothing has changed. Go back with the Back button of your browser: what you typed is still there. Then load the page again and send the form once more. Your browser must allow cookies of this site.
form-trap-label = Leave this field empty
form-trapped = A hidden field was filled in. So we have done nothing. Send the form once more.
form-too-fast = That was very fast. Check what you typed and send the form once more.
limit-minutes = { $count ->
    [one] This was done too often. Try again in 1 minute.
   *[other] This was done too often. Try again in { $count } minutes.
    }
limit-hours = This was done too often. Try again in { $count } hours.
shield-only-bank = At this moment you can pay with iDEAL or by bank transfer only. Somebody is trying out stolen cards, so we take no cards now. Try again later if you want to pay by card.
shield-title = Protection against card abuse
shield-lead = Whoever tries out stolen cards makes many small payments that fail. Then the protection goes up by itself for an hour. During that time people can only pay with iDEAL or by bank transfer.
shield-is-up = The protection is on until { $date }.
shield-is-down = The protection is off. All ways to pay work.
shield-raise = Switch the protection on for an hour
shield-lower = Switch the protection off
shield-reason = Why?
shield-failed-minute = Failed payments in the last minute
shield-failed = Failed payments in the last five minutes
shield-tries = All attempts in the last five minutes
shield-state-up = Switched on
shield-state-down = Switched off
shield-todo = Paying by card is off: the protection against card abuse is on
flash-shield-up = The protection is on.
flash-shield-down = The protection is off.
