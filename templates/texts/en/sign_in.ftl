### Signing in safely: passkeys, app, sessions, another address; the letters about them; and the recovery by two admins.

## Too often
users-too-many = Codes were asked for too often. Wait a while and try again.

## The second step
users-factor-app-title = Or with a code from your app
users-factor-owner = Here we ask for a second step: a passkey or a code from an app.
users-factor-owner-why = This is about money or about other people's data. Somebody who can look into your mail cannot reach it then.
users-factor-owner-how = Set up a second step
users-enrol-connect = Connect the app

## Passkeys
passkeys-title = Passkeys
passkeys-lead = A passkey is a key in your phone, computer or security key. You use it with your finger, your face or a PIN. A fake site cannot use it.
passkeys-own = Your passkeys
passkeys-empty = You have no passkey yet.
passkeys-impossible = Passkeys do not work at this web address. They need an address with a name.
passkey-name = Name of the passkey
passkey-name-hint = So that you recognise it, for example: my phone.
passkey-name-wrong = Give the passkey a name of at most 60 characters.
passkey-added = Added
passkey-used = Last used
passkey-remove = Remove
passkey-add-title = Add a passkey
passkey-add = Add
passkey-taken = This passkey is known already, or you have ten.
passkey-not-made = It could not be added. Please try again.
passkey-needs-script = A passkey can only be added in a browser in which JavaScript is on.
passkey-use-title = With your passkey
passkey-use = Press the button and follow what your device asks.
passkey-use-button = Use your passkey
passkey-wrong = This passkey was not accepted. Please try again.
passkey-none = No answer came from your device. Please try again.
passkey-unable = This browser does not know passkeys. Use another browser.
passkey-noscript = A passkey needs JavaScript. Turn it on for this site. With an app that makes codes it also works without, unless you work for the platform's team.
flash-passkey-added = The passkey has been added.
flash-passkey-removed = The passkey has been removed. You have been signed out everywhere except here.

## App
app-title = App that makes codes
app-lead = An app on your phone makes a new code of six digits every half minute. It also works without JavaScript.
app-connected = An app is connected.
app-connect = Connect an app
app-replace = Connect another app
app-remove = Remove the app
flash-app-connected = The app has been connected. You have been signed out everywhere except here.
flash-app-removed = The app has been removed. You have been signed out everywhere except here.
users-last-factor = This is your last second step. Add another one first.
users-no-such-factor = That is no longer there.

## Signing in safely
security-title = Sign in safely
security-lead = With a passkey or an app you prove that it is you, even when somebody else can reach your mail. We ask for it where money or other people's data are concerned.
security-back = Back to signing in safely
security-needs-passkey = Add a passkey. After that you can reach the work of the platform's team.
security-go-on = Go on where you were
security-confirm-first = To change something here, confirm first that it is you.
security-confirm = Confirm
security-sign-in-first = You signed in more than a quarter of an hour ago. Sign in again to change something here.
security-sign-in = Sign in again
security-by-link = You work for the platform's team. You connect your first app or passkey with a link that two admins give you.
people-sessions = Signed in
people-sign-out = Sign out everywhere
people-sign-out-lead = Signs this person out on all devices, for example when a phone was stolen. The person gets a mail.
flash-signed-out-everywhere = This person has been signed out everywhere.
account-events-title = What changed lately
account-event-new-device = Signed in with a new browser: { $detail }
account-event-passkey-added = Passkey added: { $detail }
account-event-passkey-removed = Passkey removed: { $detail }
account-event-app-connected = App connected
account-event-app-removed = App removed
account-event-recovered = Second step removed by { $detail }
account-event-address-changed = E-mail address changed to { $detail }
account-event-address-restored = E-mail address put back to { $detail }
account-event-codes-wrong = A wrong code five times
account-event-signed-out = Signed out everywhere by an admin

## Sessions
users-sessions-device = Browser
users-device-unknown = Unknown browser

## Another address
address-title = E-mail address
address-now = You sign in with { $email } now.
address-change = Change your e-mail address
address-how = We send a code to the new address. The old address is told, and can undo it for three days.
address-new = New e-mail address
address-ask = Send the code
address-same = This is the address that you have already.
address-often = You asked too often. Wait an hour and try again.
address-code-title = Enter the code from the new address
address-code-lead = We sent a code to { $email }. It works for ten minutes.
address-code-none = No mail? Look in the folder with unwanted mail. Perhaps somebody else uses the address with us already.
address-code-gone = There is no code that still works.
address-confirm = Change my address
address-again = Ask for a new code
flash-address-changed = Your e-mail address has been changed. You have been signed out everywhere except here.
restore-title = Put your e-mail address back
restore-lead = Your account went from { $old } to { $new }. Was it not you? Then undo it.
restore-what = After that everybody is signed out. Passkeys and apps that were added since are gone.
restore-button = Put my address back
restore-until = This button works until { $moment }.
restore-gone = This link no longer works. Contact us if you cannot reach your account any more.
flash-address-restored = Your e-mail address has been put back. Sign in again.

## Letters
letter-account-when = When
letter-account-open = Look at your account
letter-account-enrol = Connect again
letter-account-why = You get this mail because something changed in how you sign in to Drempel.
letter-account-not-you = Was it not you? Then sign out where you do not recognise it, and write to us.
letter-account-new-device-subject = New browser: somebody signed in to your account
letter-account-new-device-text = Somebody signed in with a browser that we did not know.
letter-account-passkey-added-subject = Passkey added: { $detail }
letter-account-passkey-added-text = A passkey was added to your account: { $detail }.
letter-account-passkey-removed-subject = Passkey removed: { $detail }
letter-account-passkey-removed-text = A passkey was removed from your account: { $detail }.
letter-account-app-connected-subject = App connected to your account
letter-account-app-connected-text = An app that makes codes was connected to your account. An earlier app no longer works.
letter-account-app-removed-subject = App removed from your account
letter-account-app-removed-text = The app that makes codes was removed from your account.
letter-account-codes-wrong-subject = Somebody typed a wrong code five times
letter-account-codes-wrong-text = Somebody signed in with your mail and then typed a wrong code for your second step five times. For five minutes we do not look at codes any more. Was that you? Then there is nothing to do.
letter-account-signed-out-subject = You have been signed out everywhere
letter-account-signed-out-text = An admin of Drempel has signed you out everywhere. Sign in again to go on.
letter-account-recovered-subject = Your second step has been removed
letter-account-recovered-text = Two admins removed your passkeys and app: { $detail }. You have been signed out everywhere.
letter-account-recovered-again = Sign in and set up a second step again. Did you not ask for this? Write to us at once.
letter-account-recovered-enrol = With this button you connect an app, and after that a passkey. The button works once, for a day. Did you not ask for this? Write to us at once.
letter-account-address-changed-subject = Your e-mail address at Drempel has changed
letter-account-address-changed-text = Your account belongs to { $detail } now. The old address can undo this for three days.
letter-account-address-restored-subject = Your e-mail address at Drempel has been put back
letter-account-address-restored-text = Your account belongs to { $detail } again. Everybody was signed out, and passkeys and apps that were added since are gone.
letter-recovered-admins-subject = Second step removed of { $email }
letter-recovered-admins-text = All passkeys and apps of { $email } were removed. Decided by: { $detail }.
letter-recovered-admins-open = Look at this person
letter-recovered-admins-why = You get this mail because you are an admin of Drempel.
letter-address-code-subject = Code for your new e-mail address: { $code }
letter-address-code-text = With this code you connect this address to your account at Drempel:
letter-address-code-life = The code works for ten minutes, in the browser in which you asked for it. You did not ask for this? Then you need not do anything.
letter-address-code-why = You get this mail because somebody wants to use this address at Drempel.
letter-address-old-subject = Your account at Drempel has another e-mail address
letter-address-old-text = Your account belongs to { $email } now. You can no longer sign in with this address.
letter-address-old-undo = Was it not you? Undo it, until { $moment }.
letter-address-old-button = Undo it
letter-address-old-why = You get this mail because this address belonged to your account.

## People of the team, and recovery
people-title = People
people-lead = Who works for the platform's team, and with what they prove who they are.
people-search = Find somebody by e-mail address
people-search-hint = The whole address. Of somebody outside the team, too.
people-roles = Roles
people-no-roles = None
people-yes = Yes
people-no = No
people-factors = Second step
people-no-factors = This person has no passkey and no app.
people-passkey = Passkey
staff-role-reviewer = projects
staff-role-expert = valuation
staff-role-treasurer = treasurer
staff-role-admin = admin
recovery-title = Everything lost?
recovery-lead = Has this person lost all passkeys and the app? Two admins can remove everything. First make sure that it really is this person: call, or meet. Mail is not enough.
recovery-reason-hint = How do you know that it is this person?
recovery-propose = Propose recovery
recovery-wait = Another admin must approve this.
recovery-approve-lead = Passkeys and app go away and all sessions end. The person and all admins are told.
recovery-approve = Remove everything and let them begin anew
recovery-withdraw = Withdraw the proposal
recovery-no-such-user = There is no such person.
recovery-own = You cannot recover your own second step. Two other admins do that.
recovery-nothing-to-remove = There is nothing to remove.
flash-recovery-proposed = The recovery has been proposed. Another admin can approve it.
flash-recovery-approved = Everything has been removed. The person got a mail.
flash-recovery-withdrawn = The proposal has been withdrawn.
approval-kind-people-recover = Recovery of somebody who lost everything

## Test environment
dev-app-title = Code from the app
dev-app-lead = In the examples everybody of the team and every owner has the same app. After five minutes the work with money asks for a code again. Each code works once per person.
dev-app-secret = Key
dev-app-code = Code of this moment
