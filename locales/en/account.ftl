# The account pages.

menu-label = Account sections
menu-open = My account
section-overview = Overview
section-profile = My details
section-security = Security
section-history = Sign-in history
section-consents = Consents
section-journal = Activity journal
section-notices = Notices

level-simplified = Simplified
level-simplified-about = Your contact is confirmed, which is enough to sign in to most portals. Some services need a higher level.
level-standard = Standard
level-standard-about = Your details have been checked against state registries.
level-verified = Verified
level-verified-about = Your identity is proven. All services are open to you.

overview-welcome = Your account has been created. Welcome!
overview-last = Previous sign-in:
overview-first = This is your first sign-in.
overview-level = account level
overview-level-title = What your level opens
overview-sessions = { $count ->
    [one] open session
   *[other] open sessions
  }
overview-sessions-link = Check sessions
overview-consents = { $count ->
    [one] consent in force
   *[other] consents in force
  }
overview-consents-link = See consents
overview-unread = { $count ->
    [one] new notice
   *[other] new notices
  }
overview-unread-link = Read notices
warning-password-soon = { $count ->
    [one] Your password expires in { $count } day.
   *[other] Your password expires in { $count } days.
  }
warning-password-soon-action = Change the password
warning-failed-attempts = { $count ->
    [one] There was { $count } failed attempt since your last sign-in.
   *[other] There were { $count } failed attempts since your last sign-in.
  }
warning-failed-attempts-action = See the history
warning-consents-ending = { $count ->
    [one] { $count } consent ends soon.
   *[other] { $count } consents end soon.
  }
warning-consents-ending-action = Open consents

profile-personal = Personal details
profile-contacts = Contacts
profile-address = Address
profile-edit = Change
profile-edit-title = Change personal details
profile-saved = Your changes have been saved.
contact-confirmed = confirmed
contact-unconfirmed = not confirmed
contact-title = New contact
contact-back = Back to my details
contact-about = Enter a mobile phone or an e-mail address and we will send a code to it. A new phone takes the place of the old phone, a new address that of the old address. All your contacts are told.
contact-phone-now = Phone now
contact-email-now = E-mail now
contact-new = New phone or e-mail address
contact-new-hint = For example, +7 912 345‑67‑89 or name@example.com
contact-password-hint = You signed in a while ago, so please confirm that it is you.
contact-code-sent-email = We have sent an e-mail with a code to
contact-confirm = Confirm
contact-saved = The contact is confirmed. You can sign in with it now.
contact-code-dead = This code is no longer valid. Please begin again.
contact-taken = This contact is already confirmed for another account.

security-password = Password
security-password-set = Set
security-password-left = { $count ->
    [0] It has expired.
    [one] Valid for { $count } more day.
   *[other] Valid for { $count } more days.
  }
security-password-change = Change the password
security-password-note = Your other sessions will end when the password changes.
security-password-submit = Change the password
security-password-done = The password has been changed. Other sessions have ended.
security-sessions-about = Devices on which your account is open now. End any you do not know and change your password.
security-this = this device
security-last-use = last used:
security-began = signed in:
security-sites = Sites open:
security-end = End
security-end-others = End all other sessions
security-ended = The session has ended.
security-ended-others = The other sessions have ended.

history-when = Time
history-status = Result
history-device = Device
history-factors = Method
history-site = To
history-site-own = Account
history-none = No entries
history-none-yet = Sign-ins to your account will appear here, successful or not.
history-none-filtered = Change the filter or clear it.
history-not-me = See a sign-in that was not yours?
history-not-me-link = End the session and change the password
history-system = System
history-browser = Browser
history-block = Block number
history-block-number = number { $number }
history-address = Network address
status-success = success
status-failure = failure
status-expired = ended by time-out
status-ended = ended
status-locked = blocked
device-desktop = Computer
device-phone = Phone
device-tablet = Tablet
device-other = Other device
device-unknown-agent = unknown browser
factor-password = password
factor-sms-code = code by SMS
factor-email-code = code by e-mail

consents-lead = Who may get your data, and which.
consents-active = In force
consents-past = Past
consents-none = No consents in force
consents-none-text = When a site asks for your data for the first time, the consent will appear here.
consents-given = Given
consents-last-use = Last use
consents-open = Open
consents-extend = Extend
consent-state-active = in force
consent-state-ending = ends soon
consent-state-withdrawn = withdrawn
consent-state-lapsed = expired

consent-card-title = Consent
consent-card-back = All consents
consent-card-purpose = Purpose
consent-card-given = Given
consent-card-ends = Valid until
consent-card-withdrawn-at = Withdrawn
consent-card-lapsed-at = Ended
consent-card-endless = until withdrawn
consent-card-last-use = Last use
consent-card-unused = not used yet
consent-card-papers = Documents of the site
consent-card-data = Which data
consent-card-details = What you allowed in detail
consent-card-narrow = Save the choice
consent-card-narrowed = Saved. The site will get only what is ticked.
consent-card-term = Term
consent-card-term-label = Valid for another
consent-card-term-save = Change the term
consent-card-term-done = The term of the consent has been changed.
consent-card-withdraw = Withdrawal
consent-card-withdraw-about = Once withdrawn, the site stops getting your data at once. What it already has, it handles by its own rules.
consent-card-withdraw-open = Withdraw the consent
consent-card-withdraw-sure = To sign in to this site again, you will need to consent again. Withdraw?
consent-card-withdraw-confirm = Yes, withdraw
consent-card-withdrawn = The consent has been withdrawn. The site has been told.

journal-lead = Everything that happened to your account, and who did it.
journal-kind = Action
journal-any-kind = Any
journal-when = Time
journal-action = What was done
journal-actor = Who
journal-subject = Details
journal-block = Block number: { $number }
journal-none = No entries
journal-none-text = Actions on your account will appear here.
actor-citizen = you
actor-operator = Service centre
actor-system = system
actor-unknown = somebody unknown
action-registered = Account created
action-agreement-accepted = Agreement accepted
action-signed-in = Signed in
action-sign-in-failed = Failed attempt to sign in
action-signed-out = Signed out
action-session-ended = Session ended
action-sessions-ended = Other sessions ended
action-site-entered = Signed in to a site
action-locked = Password sign-in blocked
action-password-changed = Password changed
action-profile-changed = Personal details changed
action-contact-changed = Contact changed
action-visit-requested = A number for a service centre was taken
action-visit-opened = An operator of a centre opened the request
action-visit-confirmed = Identity confirmed at a service centre
action-visit-refused = Confirmation of the identity was refused
action-visit-not-found = No such request
action-letter-ordered = A letter with a code was ordered
action-letter-printed = The letter with the code was printed
action-letter-posted = The letter with the code was posted
action-letter-returned = The letter with the code came back
action-proof-code-printed = An operator of a centre printed a code of confirmation
action-proof-code-accepted = Identity confirmed with a code
action-proof-code-wrong = A wrong code of confirmation was entered
action-proof-code-spent = The code of confirmation works no more: no tries are left
action-data-sent = Data were sent to be checked
action-data-matched = Data match the registries
action-data-mismatch = Data do not match the registries
action-snils-taken = The SNILS is confirmed for another account
action-snils-claimed = Another account gave your SNILS
action-level-lowered = The level has fallen
action-consent-given = Consent given
action-consent-changed = Consent changed
action-consent-withdrawn = Consent withdrawn
action-consent-ends-soon = A consent ends soon
action-consent-lapsed = A consent has expired

notices-unread = { $count ->
    [0] No new notices
    [one] { $count } new notice
   *[other] { $count } new notices
  }
notices-read-all = Mark all as read
notices-read = Mark as read
notices-read-done = The notice has been marked as read.
notices-read-all-done = All notices have been marked as read.
notices-new = new
notices-none = No notices yet
notices-none-text = We will write about sign-ins, password changes and consents.
