# The texts a resident accepts. Raise the version when changing them.

terms-title = User agreement
terms-since = 01.11.2026
# What changed in this version, in a sentence; nothing in the first.
terms-change = { "" }
terms-about = What this agreement is about
terms-about-text = Propusk lets a resident of the region have one account and use it to sign in to portals of public authorities and connected organisations. By registering you accept this agreement.
terms-account = The account
terms-account-text = An account is free and belongs to one person. Give your real name and contact: the services open to you depend on them.
terms-safety = Password and codes
terms-safety-text = Tell nobody your password or the codes from messages, support staff included. If you notice somebody else’s sign-in, end the session and change the password in your account.
terms-sites = Portals and consents
terms-sites-text = A portal gets only the data you agreed to share. You can withdraw the consent in your account; sharing then stops at once. The owner of a portal answers for its services.
terms-limits = Limits
terms-limits-text = You may not use somebody else’s account, guess passwords or disturb the system. Signing in may be limited for that; the screen will tell you the reason and the number of the limit.
terms-changes = Changes of the agreement
terms-changes-text = We will ask you about a new version at your next sign-in. If you do not agree, you cannot go on using the account.

privacy-title = Consent to the processing of personal data
privacy-since = 01.11.2026
# What changed in this version, in a sentence; nothing in the first.
privacy-change = { "" }
privacy-law = Legal basis
privacy-law-text = Data are processed under Federal Law No. 152-FZ “On Personal Data” and on the basis of your consent.
privacy-data = Which data
privacy-data-text = Surname, first name, patronymic, date of birth, sex, SNILS, phone, e-mail, address, as far as you gave them; facts about sign-ins: time, network address, device, browser, portal.
privacy-purpose = What for
privacy-purpose-text = To recognise you when you sign in, to pass to portals what you allowed, and to protect the account from strangers.
privacy-sharing = Who gets them
privacy-sharing-text = Only portals you gave your consent to, and others where the law directly demands it. Every use is seen in the journal of your account.
privacy-storage = How they are kept
privacy-storage-text = Personal data are encrypted with a key of their own for each account. When an account is deleted its key is destroyed, and the data can no longer be read.
privacy-rights = Your rights
privacy-rights-text = You may see and correct your data, withdraw a portal’s consent, and learn who used the data and when.
