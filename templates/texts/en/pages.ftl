### Static pages. The body of each page is Markdown.

## How it works

page-how-it-works-title = How it works
page-how-it-works-lead = You back a social project in Rotterdam. It begins only when there is enough money. Part of the money is paid only after a verified result.
page-how-it-works-body =
    ## What is a Rikx?

    Experts look at every project. They decide how much it is worth to the city. We express that value in Rikx. The total is called the impact value: no more Rikx than that can be bought of a project. In every round it is fixed how many euros one Rikx costs.

    ## How does a round go?

    1. Makers submit their plan.
    2. Experts set the impact value and the threshold.
    3. Selling opens. You pledge from 5 euros.
    4. The round closes and we settle everything.

    The threshold is the least that is needed to begin. Only money that has really been received counts. We hold it apart until the round has closed. As long as selling is open you can cancel your pledge.

    ## Is the threshold reached?

    Then the project goes ahead. Money up to the threshold is start money: the maker begins with it. Money above it is result money.

    ## Nearly reached?

    Each round can have a limit, mostly 80 percent of the threshold. When a project reaches that limit, the maker writes within three working days how it goes on with less money. After that you have five days to choose: keep your pledge, raise it or take it back. If you choose nothing, you get everything back. When enough is kept, the project goes ahead.

    ## Not reached?

    Then you get your money back to the cent, by the way you paid. If that does not work, we ask you for an account number through a safe link.

    ## When is result money released?

    Every project promises results beforehand, such as diplomas or jobs. Each promise carries a share of the result money. The maker counts at fixed moments and supplies evidence. Our team or someone else verifies it. If half is reached, half of that share is released. What remains goes back to the backers, unless the rules of the round said otherwise beforehand.

    ## Where can you see it?

    Every project has open books. You see what has been received, held, paid out and refunded. There are no names in them. Every payout needs two people of our team.

## Terms

page-terms-title = Terms
page-terms-lead = The agreements between you, the makers and Drempel. This is a first version: a lawyer still has to check it.
page-terms-body =
    ## What Drempel does

    Drempel brings backers and social projects together. We have projects valued, hold the money apart and verify results. The maker carries out the project and is responsible for it.

    ## Your pledge

    - Your pledge is at least 5 euros. Platform costs, if there are any, are shown before you pay.
    - A **gift** is a pledge for which you get nothing in return. A pledge is never an investment and makes no profit.
    - A **purchase** is for companies that want to use Rikx for social return. Whether they count is decided by your client.
    - Your place is kept while you pay: 30 minutes online, 14 days by bank transfer. After that the pledge expires.
    - As long as the round is selling you can cancel a paid pledge. You then get everything back.

    ## Closing of the round

    The rules of a round are on the page of that round. They no longer change once selling has begun. Money that comes in after the close does not count and goes back. A project that does not reach its threshold does not go ahead. When it is close and the rules of the round say so, its backers first choose whether it goes on with less money; who chooses nothing gets everything back. Its backers then get their money back to the cent.

    ## When a project goes ahead

    The maker receives start money and later result money, as far as results have been verified. The maker posts updates and reports figures at the agreed moments. If a project stops too early, the money not yet paid out goes back, to each in proportion.

    ## What makers promise

    - They give correct information and say what other money there is.
    - They use the money for the plan.
    - They do not post names, photos or stories in which a participant can be recognised.

    ## Tax

    Whether you may deduct a gift depends on the recipient and on your situation. We give proof of payment, not tax advice.

    ## Liability and law

    We do our best to make the platform work well, but a failure can happen. For money that we hold we always remain responsible. Dutch law applies to these terms. If you have a complaint, look first at the page [Complaints](/en/complaints).

## Accessibility

page-accessibility-title = Accessibility
page-accessibility-lead = Everyone should be able to use Drempel. Here you read how far we are.
page-accessibility-body =
    ## Our aim

    We build to the guideline WCAG 2.2, level AA. Every page works without JavaScript, with the keyboard only and on a narrow screen. Next to every chart there is a table with the same figures.

    ## Where we stand

    - Automatic tests with axe run in a real browser at every change.
    - Such tests find only part of the problems.
    - No independent bureau has examined the site yet.
    - We have not yet tested with a group of people with a disability.

    That is why we do not yet call the site fully examined.

    ## What we already know

    - The payment page belongs to our payment provider. We have little influence on it.
    - Documents that makers add cannot always be read aloud well.

    ## Are you stuck?

    Mail <toegankelijk@{ $domain }>. Tell us on which page it went wrong and what you use. We respond within three working days and look for a solution with you. If we cannot work it out together, you can report it to the Netherlands Authority for Consumers and Markets (ACM).

## Contact

page-contact-title = Contact
page-contact-lead = A question about your pledge, a project or the platform? We are glad to help.
page-contact-body =
    ## Mail us

    - Questions about your pledge or refund: <hulp@{ $domain }>
    - You want to submit a project: <makers@{ $domain }>
    - You buy Rikx as a company: <bedrijven@{ $domain }>
    - Press and research: <pers@{ $domain }>

    We answer on working days, mostly within two days.

    ## This helps us

    Is it about a payment? Then mention the reference of your pledge. It is in our mail and on your receipt. Never send your card number or a sign-in code. We never ask for them either.

    ## A question to a maker

    Is your question about the project itself? The page of each project says how to reach the maker.

    ## Something else

    - A complaint: read [how we deal with complaints](/en/complaints).
    - A leak or flaw in security: read [how to report it](/en/security).
    - Your personal data: <privacy@{ $domain }>

## Complaints

page-complaints-title = Complaints
page-complaints-lead = Did something go wrong? Tell us. We would rather solve it early than late.
page-complaints-body =
    ## How to complain

    Mail <klachten@{ $domain }>. Write what happened, when, and what you expect of us. Mention the reference of your pledge if it is about money. A complaint costs nothing.

    ## What you may expect of us

    - Within two working days you hear that your complaint has arrived.
    - Within ten working days you get an answer, with an explanation.
    - If we need more time, you hear why. It never takes longer than six weeks.
    - Someone who was not involved in the matter looks at your complaint.

    ## You disagree with the answer?

    Then ask for a second opinion within six weeks. The board looks at it again and answers within four weeks. You can always go to court. About your personal data you can also complain to the Dutch Data Protection Authority (Autoriteit Persoonsgegevens).

    ## A complaint about a project

    Is something wrong on a project page, or can someone be recognised who does not want that? Tell us. We look at it within one working day. If needed we take the text or photo down at once.

## Code of conduct

page-code-of-conduct-title = Code of conduct for projects
page-code-of-conduct-lead = Who asks for support on Drempel keeps to these rules. So backers and participants know what to expect.
page-code-of-conduct-body =
    ## Honest about your plan

    - Your plan is true. You write what you do, for whom, and what it costs.
    - You also name the risks and the money that comes from elsewhere.
    - If something changes, you write it in an update.

    ## Honest about results

    - You promise only what you think you can reach.
    - You count as agreed and keep the evidence.
    - If something goes wrong, you write that down too. Others learn from it.

    ## Careful with people

    - Participants take part freely. They know that their project is on Drempel.
    - You name nobody and write nothing by which someone can be recognised. You pass on numbers only.
    - You show a photo of a recognisable person only if that person said yes. They may still say no later.
    - You work safely and leave nobody out for origin, religion, gender, orientation, age or disability.

    ## Careful with money

    - You use the money for what it was given for.
    - You keep your books and show them when we ask.
    - You pay nobody to pledge, and you do not back your own project with borrowed money.

    ## When someone does not keep to it

    Anyone may tell us that something is wrong. Read [how to complain](/en/complaints). We first ask the maker to explain. After that we can take a text down, hold a payment or stop a project. The maker always hears why and may ask for a second opinion.

## Security

page-security-title = Report a weak spot
page-security-lead = Have you found a weak spot? Report it, so that we can repair it before anyone misuses it.
page-security-body =
    ## How to report it

    Mail <security@{ $domain }>. Describe what you found, at which address and how we can repeat it. You may report in Dutch or English, also without your name. The details are also in [security.txt](/.well-known/security.txt).

    ## What we ask of you

    - Go no further than needed to show the problem.
    - Do not look at, change or keep data of others.
    - Do not bring the site down and do not try out real payments.
    - Keep it to yourself until it has been solved.

    ## What you get from us

    - A reaction from a human within three working days.
    - Our judgement and a schedule within ten working days.
    - A message when it has been solved, with your name if you like.
    - If you keep to these rules, we will not press charges.

    We have no budget for rewards. We are truly glad with your report. If the problem touches personal data, we also report it to the Dutch Data Protection Authority when the law asks for that.
