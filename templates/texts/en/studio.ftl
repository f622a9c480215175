### The studio: where makers look after their projects.

studio-title = My projects
studio-lead = Here you keep the pages of your projects up to date. Each project shows what you can do next.
studio-payouts-what = What was paid out and what is still to come.
studio-funds-what = What your fund adds money to.
studio-organisation-what = Sign up one more organisation.
studio-no-organisation = You are not yet a member of an organisation with projects.
studio-ask-access = Ask us for access
studio-no-projects = This organisation has no projects yet.
studio-nothing-to-do = Everything is up to date.
studio-role-owner = You are an owner: you may change everything.
studio-role-editor = You are an editor: you may change texts, pictures, updates and numbers.
studio-role-bookkeeper = You are a bookkeeper: you see the projects but do not change them.
studio-parts = Parts of this project
studio-part-overview = Overview
studio-part-texts = Texts
studio-part-picture = Picture
studio-part-updates = Updates
studio-part-outcomes = Results

studio-next = What you can do next
studio-next-measure = Enter a measurement: { $kind }
studio-next-scheduled = An update goes out on { $moment }. Until then you can take it back
studio-next-tell = Say how it is going: your last update is { $days } days old
studio-next-tell-first = Write your first update
studio-next-draft = Finish the update you began
studio-next-translate = Complete the texts in Dutch and English
studio-next-picture = Add a picture, with a description
studio-fixed = What is fixed
studio-fixed-why = These facts are fixed since the valuation. Backers rely on them, so they do not change any more. Is something wrong? Then contact us.
studio-round = Round
studio-impact = Impact value
studio-threshold = Threshold
studio-start = Start
studio-months = Duration
studio-months-count = { $months ->
    [one] 1 month
   *[other] { $months } months
}
studio-public-page = View the public page
studio-not-public = This project is not public yet.

studio-texts-title = Texts of your project
studio-texts-lead = What you save here is on the public page at once. Do not write names or stories by which a participant can be recognised.
studio-in-dutch = In Dutch
studio-in-english = In English
studio-in-english-explained = Where you leave a box empty, an English-speaking visitor sees the Dutch text.
studio-in-both = In both languages
studio-label-title_nl = Title (Dutch)
studio-label-title_en = Title (English)
studio-label-aim_nl = Aim in one sentence (Dutch)
studio-label-aim_en = Aim in one sentence (English)
studio-label-text_nl = Text (Dutch)
studio-label-text_en = Text (English)
studio-label-target_group_nl = Who is the project for? (Dutch)
studio-label-target_group_en = Who is the project for? (English)
studio-label-contact = Where can people reach you?
studio-hint-aim = At most 140 characters
studio-hint-text = At most 20,000 characters. An empty line begins a new paragraph. Put ## before a heading and - before a list item.
studio-hint-contact = An e-mail address or website of your organisation. This is public.
studio-missing = Fill this in: { $label }.
studio-too-long = Make this shorter: { $label }. At most { $max } characters; there are { $over } too many.
studio-changed-meanwhile = This project was changed after you opened this page. Your text has not been saved yet. Compare it with what is there now.
studio-stored = This is saved now
studio-stored-explained = Below are the boxes that differ from what you typed. Copy what you want to keep. When you save after that, your text replaces this.
studio-texts-fixed = You cannot change the texts and the picture at this stage.

studio-picture-title = Picture of your project
studio-picture-lead = Choose a picture of the work or the place. Do not show participants so that they can be recognised. The picture is on the public page at once.
studio-picture-now = This is the picture now
studio-picture-not-yet = There is no picture yet.
studio-picture-none = Choose a picture.
studio-picture-again = Choose the picture once more: your browser does not keep it.
studio-label-picture = New picture
studio-hint-picture = A JPEG, PNG or WebP of at most 8 MB. We take out the place and time in the file.
studio-label-alt_nl = What does it show? (Dutch)
studio-label-alt_en = What does it show? (English)
studio-hint-alt = For people who do not see the picture. For example: a workbench with tools and a half-built cupboard.
studio-label-remove = Remove the picture

flash-studio-saved = Your changes have been saved.
