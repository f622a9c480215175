# A form that waited until its sender had confirmed who they are

kept-title = Confirmed. Send your form
kept-lead = Thank you. What you filled in is still here, and has not been sent yet.
kept-send = Send
kept-leave = Back to the page without sending
