### For the team: the record of processing and the assessment of the effects (DPIA).

staff-privacy-nav = Privacy
staff-privacy-title = Record and DPIA
staff-privacy-lead = The record of processing (article 30 GDPR) and the assessment of the effects on people (article 35 GDPR). You can print this page. The times come from the same table by which the platform tidies.
record-title = Record of processing
record-purpose = What for
record-people = About whom
record-receivers = Who gets it

activity-accounts = Accounts
activity-accounts-purpose = Know who somebody is, and let people look, take along and erase.
activity-accounts-people = Backers, followers, members of organisations, members of the platform's team.
activity-accounts-receivers = The service where the platform runs.
activity-giving = Pledges
activity-giving-purpose = Take a pledge, keep it until the round is decided, pay it out or give it back.
activity-giving-people = Backers: citizens, and people at companies that buy.
activity-giving-receivers = The payment provider (Stripe). The maker of the project sees the name of who does not back anonymously.
activity-books = Books and papers
activity-books-purpose = Keep the books right, make receipts and invoices, and transfer money.
activity-books-people = Backers, whoever transfers money, and holders of accounts of organisations.
activity-books-receivers = The bank. The tax office and the auditor when the law asks for it.
activity-mail = Mail
activity-mail-purpose = Letters about money, and updates of projects for who wants them.
activity-mail-people = Backers, followers, members of organisations, members of the platform's team.
activity-mail-receivers = The service that sends the mail.
activity-makers = Makers
activity-makers-purpose = Let organisations plan their projects, tell how things go, and work together.
activity-makers-people = Members of organisations and whoever was invited.
activity-makers-receivers = Everybody who reads the site, as far as it is public.
activity-decisions = Decisions
activity-decisions-purpose = Be able to check who decided what and why.
activity-decisions-people = Members of the platform's team, experts, and makers.
activity-decisions-receivers = The auditor and the courts when the law asks for it.
activity-security = Security
activity-security-purpose = Sign in safely, see abuse and stop it.
activity-security-people = Everybody who signs in or asks for a code.
activity-security-receivers = The service where the platform runs.

record-measures =
    ### Measures for all processing

    - Connections are encrypted. Sessions and keys of links stand in the database as prints (hashes) only. A code waits there until its letter has left, and the secret of an authenticator app stands there as it is: the database and its copies are guarded like secrets.
    - Money and other people's data ask for a second step. Two people always decide about money.
    - Rights are read anew at every request. Who lost a role can do nothing with it from that moment.
    - Logs hold no names, codes or whole addresses.
    - Backups fall under the same times. Who restores an old one lets the tidying and the erasing run first.

    ### Passing on outside Europe

    The platform itself passes nothing on. The payment provider may process data outside the European Economic Area, on the ground of agreements that the European Commission has approved.

    ### What whoever runs it still fills in

    - Who is responsible: the settings `FOUNDATION_NAME`, `FOUNDATION_ADDRESS` and `FOUNDATION_KVK`.
    - The names of the services for mail, where the platform runs and where its files lie (`FILES_URL`), and the agreement with each of them.
    - The data protection officer, if there is one.
    - How long logs and backups stay outside the platform: thirty days at most.

dpia-title = Assessment of the effects (DPIA)
dpia-body =
    An assessment is a duty when processing is likely to give a high risk. This platform is about vulnerable people, though it keeps nothing about them. That is why the assessment was made. Look at it again every year, and before each great change.

    ### 1. What happens?

    Citizens and companies give money for social projects. The platform holds it, and pays it out or gives it back. Makers tell how things go and report counts. Experts value plans. The platform's team decides about money, always with two people. What is kept, why and how long stands in the record above.

    ### 2. Is it needed, and not too much?

    - A pledge asks for an e-mail address only. No account is needed. A name may be given, and need not be.
    - About participants of projects nothing is asked but counts. There is no field for a person.
    - There is no profile, no tracking, no advertisement, and no decision about people by a computer alone.
    - It cannot be done with less: without an address no receipt arrives, and money that cannot go back reaches nobody.

    ### 3. Who was asked?

    Fill in here who was spoken to: backers, makers, participants or who stands up for them, and the data protection officer. Write down what they said and what was done with it.

    ### 4. Risks for people, and what we do

    #### Data of participants in texts, photos and measurements

    Vulnerable people may be recognised: debts, addiction, health, detention or descent. That harms them years later still. **Chance: medium. Effect: great.**

    - Measurements are counts. Small counts, below ten, are not public, nor can they be worked out.
    - Beside every field for text and every photo it says that names and recognisable stories are not allowed.
    - Photos are made anew, without place and device in them.
    - Who recognises somebody can tell us. The team takes it away within a working day.
    - **What is left: small to medium.** A maker may break the rule. So look at every plan and every update of a new maker.

    #### Data about the progress of participants

    A step on a ladder or a measurement "before and after" says something about how a person fares. In a small group it leads to that person. **Chance: medium. Effect: great.**

    - There is no row per person, only a count per moment.
    - Public counts are rounded, and cells from which a small one can be worked out are left away.
    - Evidence with names belongs with the maker, not on the platform.
    - **What is left: small.**

    #### Children

    A project may be about children, and a child may follow or give. Children see the effects less well. **Chance: small. Effect: great.**

    - Nobody is asked for an age, and nothing is aimed at children.
    - The page about privacy asks who is younger than 16 to speak with parents or guardians first.
    - If a giver turns out to be a minor, the money goes back when the parents ask, and the account is erased.
    - Photos of children need the consent of the parents, which the maker keeps.
    - **What is left: small.**

    #### Everybody sees who gives what

    A gift to a project may say something of the giver's belief, politics or health. **Chance: small. Effect: medium.**

    - Backing can be anonymous. The open books hold no names.
    - Makers see no e-mail addresses.
    - **What is left: small.**

    #### Somebody else in your account

    Who reads your mail can sign in. **Chance: medium. Effect: medium.**

    - A code works for ten minutes, once, and in one browser. A new browser causes a mail.
    - Who works with money or other people's data needs a second step.
    - Erasing and another address can be taken back for three days.
    - **What is left: small.**

    #### A leak of the database

    Names, addresses and account numbers of backers become known. **Chance: small. Effect: great.**

    - What is not needed is not in it, and what had its time goes every night.
    - What opens a session or a pledge stands in it as a print only. The secret of an authenticator app stands there as it is; passkeys have none. There are no card data.
    - The books name people by a number only.
    - There is a runbook. A leak is reported to the data protection authority within 72 hours, and to the people themselves when the risk is high.
    - **What is left: small to medium.**

    #### Somebody cannot see or erase their data

    This may happen too. **Chance: small. Effect: medium.**

    - Everybody can look, take along and erase by themselves. What stays, and why, is told there.
    - Who cannot do it alone sends a mail. The team answers within a month.
    - **What is left: small.**

    ### 5. Decision

    With these measures no high risk is left. Consulting the data protection authority beforehand is not needed then. When something changes (new data about people, a new service, another group of people), make this assessment anew.

    Fill in: the date, who made the assessment, what the data protection officer advised, and who decided.
