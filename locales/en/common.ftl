# The frame of pages and words that many of them share.

brand = Propusk
brand-what = One sign-in for residents of the region
skip-to-content = Skip to content
languages-label = Language
who-label = You are signed in
demo-label = Demonstration
demo-text = This is a demonstration: e-mails and text messages are not sent anywhere.
demo-link = Open messages
footer-owner = The region’s sign-in system
footer-terms = User agreement
footer-privacy = Personal data processing

sign-in = Sign in
sign-out = Sign out
register = Register
continue = Continue
save = Save
cancel = Cancel
value-none = not given
download-csv = Download CSV

problems-title = Please check the form
field-optional = (optional)
field-family-name = Surname
field-given-name = First name
field-middle-name = Patronymic
field-birth-date = Date of birth
field-birth-date-hint = For example, 24.03.1990
field-sex = Sex
sex-female = Female
sex-male = Male
sex-none = Prefer not to say
field-snils = SNILS (insurance number)
field-snils-hint = 11 digits; blanks and dashes are fine
field-phone = Phone
field-email = E-mail
field-address = Address
field-postal-code = Postal code
field-region = Region
field-locality = City, town or village
field-street = Street, house, flat
field-street-hint = For example, Sadovaya street 5, flat 12

pager-label = Pages of the list
pager-previous = Previous
pager-next = Next
pager-number = Page { $number }

filter-from = From
filter-to = To
filter-device = Device
filter-status = Result
filter-show = Show
filter-clear = Clear
filter-any-device = Any
filter-any-status = Any

count-sessions = { $count ->
    [one] { $count } session
   *[other] { $count } sessions
  }
count-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
  }
count-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
  }
idle-note = { $count ->
    [one] After { $count } minute without activity we end the session for safety: save what you have filled in.
   *[other] After { $count } minutes without activity we end the session for safety: save what you have filled in.
  }

home-title = One sign-in for all services of the region
home-lead = Register once and use the region’s portals without new passwords. You decide what each site learns about you.
home-account = Go to my account
home-one-title = One password
home-one-text = Sign in once, and the region’s other portals know you without asking again.
home-two-title = Your data, your decision
home-two-text = A site gets only what you agreed to. You can withdraw your consent at any time.
home-three-title = Nothing hidden
home-three-text = Your account shows every sign-in, every open session and every use of your data.

demo-messages-title = Messages of the demonstration
demo-messages-lead = E-mails and text messages that residents would have received. The newest come first.
demo-messages-reload = Reload the list
demo-messages-none = No messages yet
demo-messages-none-text = Start a registration and the code will appear here.
demo-messages-link = Open the link from the e-mail
demo-channel-sms = SMS
demo-channel-email = E-mail
