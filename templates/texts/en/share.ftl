### What a maker shares, and who backs the project.

studio-part-backers = Backers
studio-part-share = Share
studio-backers-title = Who backs your project?
studio-backers-lead = You see the names of people who want to show their name. You do not see addresses here. Do not pass this list on.
studio-backers-count = backers
studio-backers-followers = followers
studio-backers-none = Nobody has paid for this project yet.
studio-backers-message = Write a message to all your backers
studio-backers-csv = Download the list (CSV)
studio-backers-older = Earlier pledges
studio-backer-name = Name
studio-backer-anonymous = Anonymous
studio-backer-kind = Kind
studio-backer-amount = Amount
studio-backer-date = Received

studio-deadlines = Deadlines
studio-deadline-plan = Hand in your plan before
studio-deadline-sale = People can pledge until

share-title = Share your project
share-not-yet = As soon as it is public, you find here what you need to share it.
share-lead = Tell others about your project. Use what you find below.
share-address = The address of your project
share-words = A message to copy
share-words-hint = Copy this text into a mail or an app.
share-call = Support { $title }. You can until { $moment }.
share-call-later = Have a look at { $title } on Drempel.
share-qr = QR code
share-qr-lead = Whoever reads this code with a phone gets to the page of your project.
share-qr-shows = QR code with the address { $url }
share-scan = Read this code with the camera of your phone:
share-poster = Poster
share-poster-lead = One sheet of A4, to print and hang up.
share-poster-open = Open the poster (PDF)
share-picture = Picture for social media
share-picture-lead = People see this picture when you share the address. The progress follows by itself.
share-picture-shows = Title, maker and progress of { $title }
share-picture-save = Save the picture (PNG)
