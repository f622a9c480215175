### Signing in, second factor, own account, and the letter with the sign-in code.

## Signing in
users-sign-in-title = Sign in
users-sign-in-lead = You need no password. We send you a mail with a code and a link.
users-email = E-mail address
users-email-hint = The address with which you made a pledge, or with which you work with us.
users-email-wrong = Enter an e-mail address, such as name@example.com
users-sign-in-send = Send me a code
users-sign-in-new-title = Not known to us yet?
users-sign-in-new = You do not have to make an account. Choose a project and make a pledge. After that you can sign in here with your e-mail address.
users-sign-in-new-link = Look at the projects
users-sign-in-organisation = Register your organisation
users-sign-in-dev = This is a test environment. You can sign in as somebody from the examples.
users-sign-in-dev-link = Sign in as an example person

## The code
users-code-title = Enter your code
users-code-lead = If we know your e-mail address, you now get a mail with a code. The code works for ten minutes, and only in this browser.
users-code = Code from the mail
users-code-hint = Eight characters. Capitals, hyphens and spaces do not matter.
users-code-enter = Sign in
users-code-wrong = This code is not right or no longer works. Check it or ask for a new code.
users-code-other-browser = First ask for a code in this browser. A code works only in the browser in which you asked for it.
users-code-not-asked = No code was asked for in this browser in the last ten minutes. Or your browser keeps no cookies: they are needed to sign in.
users-code-none-title = No mail?
users-code-none-spam = Look in the folder with unwanted mail.
users-code-none-unknown = Check that you used the right address. We send nothing to an address we do not know.
users-code-none-limit = We send at most three mails per quarter of an hour to an address.
users-code-again = Ask for a new code

## The link
users-link-title = Sign in to Drempel
users-link-ready = Press the button to sign in.
users-link-enter = Sign me in
users-link-other-title = You opened the link in another browser
users-link-other = You asked for this mail in another browser or on another device. To keep you safe the link works only there.
users-link-other-code = Go back to the browser where you began. There, type the code of eight characters from the same mail.
users-link-other-again = Would you rather sign in here? Then ask for a new mail here.
users-link-ended-title = This link no longer works
users-link-used = The link has been used already, or a newer one has. A link works once.
users-link-expired = The link is older than ten minutes, or a wrong code was entered too often.
users-link-unknown = We do not know this link. Perhaps it was not copied completely.
users-link-again = Ask for a new mail

## The second step
users-factor-title = Confirm that it is you
users-factor-lead = This is about money, or about other people's data. That is why we ask for a second step.
users-factor-code = Code from the app
users-factor-hint = Open the app on your phone and look for Drempel. Six digits. Each code works once.
users-factor-enter = Continue
users-factor-wrong = This code is not right or has been used. Wait for the next code in your app.
users-factor-paused = A wrong code was entered five times. Wait five minutes and try again.
users-factor-lost = Lost your phone or key? Write to us. Two admins can let you begin anew.
users-factor-none = You have not connected an app yet and have no passkey. Without a second step you cannot reach the work of the platform's team.
users-factor-none-how = Ask an administrator for a link to connect an app.
users-factor-dev = In this test environment you can also sign in again without an app.
users-factor-account = To your account

## Connecting an app
users-enrol-title = Connect an app
users-enrol-lead = For { $email }. You need an app on your phone that makes codes, such as Aegis, FreeOTP or Google Authenticator.
users-enrol-scan-title = 1. Scan the picture with the app
users-enrol-scan = Choose to add an account in the app and point the camera at this picture.
users-enrol-qr = QR code with the secret key. The same key is shown below as text.
users-enrol-type = Cannot scan? Then type this key into the app. Show it to nobody.
users-enrol-prove-title = 2. Enter the first code
users-enrol-enter = Connect the app and sign in
users-enrol-ends-sessions = Had you connected an app before? Then this one replaces it. You are signed out everywhere except here.
users-enrol-ended-title = This link no longer works
users-enrol-ended = A link to connect an app works once, and for a day at most. This one has been used, has expired or was replaced.
users-enrol-ended-how = Ask an administrator for a new link.

## Own account
users-account-title = My Drempel
users-account-lead = You are signed in with { $email }.
users-account-pledges = My pledges
users-account-mail = My mail choices
users-account-studio = Workplace of your organisation
users-account-staff = Workplace of the platform's team
users-account-details = Your details
users-account-support = What you support
users-account-work = What you work on
users-account-safety = Safe and private
users-account-pledges-what = What you gave and how it stands.
users-account-impact-what = Which results the projects reached.
users-account-papers-what = A whole year together, for your taxes.
users-account-mail-what = Which projects you follow and what we send you.
users-account-studio-what = Your plans, updates and results.
users-account-staff-what = Projects, rounds, money and people.
users-account-security-what = Your app and your passkeys.
users-account-sessions-what = See your devices and sign them out.
users-account-data-what = Look at what we know of you and take it with you.
users-account-erase-what = Leave Drempel and have your data erased.
users-name = Name
users-name-hint = This is how we address you in our mails. With each pledge you choose whether your name is shown.
users-name-long = Your name may be at most 80 characters long
users-language = Language of our mails
users-language-hint = You choose the language of the website at the top of the page.
users-language-nl = Nederlands
users-language-en = English
users-language-wrong = Choose a language
users-sessions-title = Where are you signed in?
users-sessions-lead = Each line is a browser. Is there one you do not recognise? Then sign it out.
users-sessions-begun = Signed in since
users-sessions-seen = Last used
users-sessions-end-head = Sign out
users-sessions-this = This browser
users-sessions-end = Sign out
users-sessions-end-others = Sign out everywhere except here
users-sign-out = Sign out
flash-users-saved = Your details have been saved.
flash-users-session-ended = That browser has been signed out.
flash-users-sessions-ended = You have been signed out everywhere except here.
flash-users-signed-out = You have been signed out.

## The letter
users-letter-subject = Your code to sign in: { $code }
users-letter-hello = Hello,
users-letter-hello-name = Hello { $name },
users-letter-code = With this code you sign in to Drempel:
users-letter-link = Or open this link in the same browser:
users-letter-button = Sign in
users-letter-life = Code and link work until ten minutes after you asked for them, and once. They work only in the browser in which you asked.
users-letter-not-you = You did not ask for this? Then you need not do anything. Never give the code to anybody: we never ask for it.
users-letter-why = You get this mail because somebody wanted to sign in to Drempel with this address.
