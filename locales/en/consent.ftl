# Consent to share data, and what it lists.

consent-title = Allow access to your data?
consent-unchecked-anywhere = This application registered itself and nobody has checked it. It fetches your data itself: where they go cannot be seen here.
consent-unchecked = This application registered itself, nobody has checked it. The data will go to { $place }.
consent-purpose = Purpose:
consent-device = The device shows the code
consent-device-beware = Allow only if you see this code on a device in your hands. If somebody sent you the code or told it to you, refuse: they would be signed in as you.
consent-asked = The site asks by itself: nobody came here from it in this browser.
consent-asked-message = It says:
consent-asked-beware = Allow only if you are dealing with this site right now, in person or by phone, and see or hear the same words there.
consent-optional = (you may leave it out)
consent-term = Term of the consent
consent-as = Signed in as
consent-not-you = Not you?
consent-details-once = You allow exactly this. For anything else the site asks again.
consent-offline = The site will be able to get these data while you are away, until the consent ends or is withdrawn.
consent-withdraw-note = You can withdraw the consent in your account at any time.
consent-policy = How the site processes data
consent-terms = Terms of the site
consent-allow = Allow
consent-deny = Refuse

consent-term-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
  }
consent-term-endless = until withdrawn
consent-term-until = until { $date }

site-removed = A deleted application

scope-openid = A permanent number for this site
scope-profile = Name and basic details
scope-email = E-mail
scope-phone = Phone
scope-address = Address
scope-snils = SNILS
scope-assurance = Account level
scope-offline-access = Access while you are away

attribute-subject = Number
attribute-subject-about = each site has its own, so others cannot recognise you by it
attribute-name = Full name
attribute-family-name = Surname
attribute-given-name = First name
attribute-middle-name = Patronymic
attribute-birth-date = Date of birth
attribute-sex = Sex
attribute-email = E-mail address
attribute-email-verified = E-mail confirmed
attribute-phone = Phone number
attribute-phone-verified = Phone confirmed
attribute-address = Address
attribute-snils = SNILS number
attribute-level = Level
attribute-updated = When the details were updated
attribute-language = Language
attribute-zone = Time zone
value-yes = yes
value-no = no

level-needed-title = This site needs a higher level
level-needed-text = The site accepts accounts of level “{ $wanted }”, and yours is “{ $have }”. Raise your level – you can do it now and will come back here.
level-needed-return = Back to the site
