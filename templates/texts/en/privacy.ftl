### The page about privacy and the table of what we keep.

page-privacy-title = Privacy
page-privacy-lead = We keep as little as we can about you, and nothing about the people who take part in projects.
privacy-who = Who is responsible?
privacy-responsible = Responsible for your data is
privacy-kvk = trade register (KvK) number
privacy-nobody = Whoever runs this website has not filled in here who is responsible. That is done with the settings that begin with FOUNDATION_.
privacy-contact = Questions about your data go to privacy@{ $domain }.
privacy-times = What we keep, why and how long
privacy-times-lead = This is the whole list. Every night we tidy what had its time.

page-privacy-body =
    ## What do we ask, and for what?

    - **You pledge.** Your e-mail address, the amount, the project, the way you pay and your language. Also your name, if you fill it in. Without an e-mail address we cannot send you a receipt, and cannot reach you when money goes back.
    - **You buy as a company.** Also the company name, the trade register (KvK) number, the address and the contract reference. They are on the invoice.
    - **You get a refund by bank.** Your account number and the name of the account.
    - **You pay by transfer.** Your bank tells us your name and account number. So we did not ask you yourself for these.
    - **You follow a project.** Your e-mail address, and what you chose about our mail: when, how, and what it said then.
    - **You sign in.** A code that is valid for ten minutes. We keep the browser and the times. When you ask for a code we keep the internet address for a day. That is how we stop abuse.
    - **You work for a project or for us.** Your name, your e-mail address, your role and what you do on the platform. So it can be seen who decided what.

    ## Why may we?

    - **Because it is needed for what we agreed with you.** That is how we can keep your pledge, pay it out and give it back.
    - **Because the law asks for it.** Tax law asks us to keep the books for seven years.
    - **Because we have a good reason that weighs more.** That is how we see abuse, and how a decision can be checked later.
    - **Because you said yes.** That is how we send you updates of a project. You can say no again any day: at the end of each update or in your account.

    We take no decisions about you by computer alone, and we make no profile of you.

    ## Cookies

    We use four cookies, all our own. Without them you cannot sign in safely or send a form.

    - **session**: keeps you signed in. Goes when you sign out or close your browser.
    - **sign-in**: makes a code work only in the browser in which you asked for it. Goes after ten minutes.
    - **form**: shows that a form comes from your browser. Goes when you close your browser.
    - **device**: shows that you used this browser before. You get a mail about a new browser. Goes after a year.

    We use no tracking cookies and no advertisements. Our pages fetch nothing from others. Nothing in our mails measures whether you open them or what you click.

    ## No card data

    You pay at our payment provider, Stripe, or at your own bank. Numbers of your debit or credit card do not reach us. We only see whether the payment succeeded.

    ## Counts, never people

    Projects report counts: how many participants, how many diplomas. Names, files or health data of participants do not belong here and we do not ask for them. Small counts, below ten, are not shown in public.

    ## Who gets what?

    - **The maker** of the project sees your name if you do not back anonymously. Your e-mail address stays with us.
    - **The payment provider** Stripe gets your e-mail address, the amount and the reference of your pledge. Stripe itself is responsible for what you fill in there, and may process data outside Europe. For that Stripe uses agreements that the European Commission has approved.
    - **Our bank** gets your name and account number when we transfer money.
    - **The service that sends our mail** gets your e-mail address and the mail.
    - **The service that holds our website and our files** keeps the data for us, on our orders.
    - **The tax office and the courts**, when the law asks for it.

    Beyond that we pass nothing on. We sell nothing.

page-privacy-rights =
    ## What can you do?

    - **Look and take along.** Your account shows all we keep about you. You can download it as a file.
    - **Correct.** You change your name, language and e-mail address in your account. If something else is wrong, mail us.
    - **Erase.** You can do that in your account. After three days your name and e-mail address are gone. Amounts stay in the books without a name. What the law makes us keep, we remove as soon as we may.
    - **Say no to mail.** At the end of each update or in your account, with one press of a button.
    - **Object, or have us stop for a while.** Mail us. We answer within a month.
    - **Complain.** If you disagree with us you can complain to the Dutch data protection authority, the [Autoriteit Persoonsgegevens](https://autoriteitpersoonsgegevens.nl).

    You do not have to give us anything. Without an e-mail address you just cannot pledge.

    ## Are you younger than 16?

    Then ask your parents or guardians first whether you may follow or back a project.

## The table
retention-what = What
retention-why = Why we may
retention-how-long = How long
retention-then = And then
retention-place = Where
retention-outside = outside the database
ground-consent = You said yes
ground-contract = Needed for what we agreed with you
ground-law = The law asks for it
ground-interest = A good reason that weighs more
then-deleted = Deleted
then-anonymous = Without a name
keep-days = { $count ->
    [1] 1 day
    [30] 30 days
    [90] 90 days
    [365] 1 year
    [730] 2 years
    [1095] 3 years
   *[other] { $count } days
    } { $from }
keep-tax-years = { $count } years after the year { $from }
keep-account = As long as { $from }
keep-work = As long as { $from }

retention-sign-ins = Where you are signed in, codes to sign in, and from where a code was asked for
retention-sign-ins-from = after the sign-in or the code has ended
retention-counts = How often something was done, to stop abuse. Under a print of the address only
retention-counts-from = after the counting has ended
retention-browsers = Browsers that we know
retention-browsers-from = after you last signed in with it
retention-events = What changed in how you sign in
retention-events-from = after it happened
retention-addresses = Changes of your e-mail address
retention-addresses-from = after the question
retention-letters = That we sent you a mail. The mail itself is not kept
retention-letters-from = after it was sent
retention-refund-letters = That we wrote you that money went back, under a number
retention-refund-letters-from = there are the books
retention-choices = What you chose about mail
retention-choices-from = after the choice, and never shorter than the mail comes
retention-follows = Which projects you follow
retention-follows-from = after you stopped, or when you never confirmed it
retention-invitations = Invitations to an organisation
retention-invitations-from = after the invitation has ended
retention-unpaid = Name and address of a pledge that was not paid
retention-unpaid-from = after it has ended
retention-paid = Name and address of a pledge that was paid
retention-paid-from = of the last entry in the books
retention-refund-accounts = The account that you gave to get money back
retention-refund-accounts-from = of the refund
retention-transfers = Name and account of what we transfer
retention-transfers-from = of the transfer
retention-bank-lines = Name and account of what was transferred to us
retention-bank-lines-from = of the booking
retention-maker-accounts = Old accounts of organisations
retention-maker-accounts-from = in which they were given
retention-papers = Your name on receipts, invoices and yearly statements
retention-papers-from = of the number
retention-barred = Ways to pay that you cannot use
retention-barred-from = after a direct debit was taken back
retention-proposals = Proposals about money and people, with the reason
retention-proposals-from = of the proposal
retention-cases = Cases we looked at, with what was the matter
retention-cases-from = in which the case was closed
retention-history = What was done, by whom under a number, why and with which browser. Of the internet address only half, of our team all of it
retention-history-from = there are the books. A reason holds no names
retention-erasures = That you asked to be erased
retention-erasures-from = after it was done or taken back
retention-typed = An e-mail address that was only typed
retention-typed-from = after it was typed, when nothing belongs to it
retention-unused = An account you no longer use
retention-unused-from = after you last signed in, when nothing belongs to it any more
retention-account = Your name, e-mail address and language
retention-account-from = you have an account
retention-factors = Passkeys and the app for codes
retention-factors-from = you use them
retention-places = Your role in an organisation or in our team
retention-places-from = you have that role
retention-rhythm = How often you want news about projects
retention-rhythm-from = you chose that
retention-near-miss = What you chose when a threshold was nearly reached, or about money that was not earned
retention-near-miss-from = the round is in the books, under a number
retention-organisations = Details of organisations, and the address to mail a project
retention-organisations-from = the organisation or project is on the site
retention-told = What makers tell about their project, with who posted it under a number
retention-told-from = the project is on the site
retention-judged = Plans, remarks and valuations, with who gave them under a number
retention-judged-from = the project is on the site
retention-decided = Decisions about money, with who took them under a number
retention-decided-from = there are the books
retention-logs = Technical logs, without names or whole addresses
retention-logs-from = after they were written
