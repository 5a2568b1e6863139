# E-mails, text messages and notices of the account. Each kind has three texts:
# -subject for the mail's subject and the notice's title, -text for the mail
# and the notice, -sms for the text message, which begins with the code if
# there is one.

mail-greeting = Hello!
mail-footer = This e-mail was sent by Propusk automatically; please do not answer it. We never ask you to tell a password or a code.

message-open-registration = Continue the registration
message-open-sign-in = Sign in
message-open-account = Open your account
message-open-security = Open the security settings
message-open-consents = Open your consents

message-registration-code-subject = Registration code: { $code }
message-registration-code-text = { $count ->
    [one] Type this code on the registration page. It is valid for { $count } minute and works once.
   *[other] Type this code on the registration page. It is valid for { $count } minutes and works once.
  }
message-registration-code-sms = { $code } is your Propusk registration code. Tell it to nobody.
message-registration-code-link = Or just open the link, in another browser if you like:
message-registration-code-not-you = If you did not register, there is nothing to do.

message-registration-contact-taken-subject = You already have an account
message-registration-contact-taken-text = Somebody tried to register your address or number again. You already have an account: sign in with your password. If it was not you, there is nothing to do.
message-registration-contact-taken-sms = Somebody tried to register your number with Propusk again. You already have an account: sign in with your password. Not you? Nothing to do.

message-registered-subject = Your account has been created
message-registered-text = You can now sign in to the portals of the region.
message-registered-sms = Propusk: your account has been created. You can now sign in to the portals of the region.

message-contact-code-subject = Confirmation code: { $code }
message-contact-code-text = { $count ->
    [one] Type this code in your account to confirm the contact. It is valid for { $count } minute and works once.
   *[other] Type this code in your account to confirm the contact. It is valid for { $count } minutes and works once.
  }
message-contact-code-sms = { $code } is the code to confirm your number. Tell it to nobody.

message-contact-changed-subject = A contact has been changed
message-contact-changed-text = { $time }: a new contact was given in your account: { $contact }. If it was not you, change the password and contact support at once.
message-contact-changed-sms = Propusk: new contact { $contact }. Not you? Change your password and contact support.

message-profile-changed-subject = Personal details have been changed
message-profile-changed-text = Personal details were changed at { $time }.
message-profile-changed-sms = Propusk: personal details were changed at { $time }.

message-new-device-subject = Sign-in from a new device
message-new-device-text = { $time }: your account was signed in to from { $device }, { $place }. If it was not you, end the session and change the password.
message-new-device-sms = Propusk sign-in from a new device: { $device }. Not you? Change your password.

message-locked-subject = Signing in with a password is paused
message-locked-text = A wrong password was entered several times, last at { $time }. Signing in with a password is paused until { $until }. Block number: { $block }.
message-locked-sms = Propusk: a wrong password was entered several times, signing in is paused. Block number { $block }.

message-password-changed-subject = The password has been changed
message-password-changed-text = The password was changed at { $time }. If it was not you, contact support at once.
message-password-changed-sms = Propusk: your password has been changed. If it was not you, contact support.

message-session-ended-subject = A session has ended
message-session-ended-text = { $time }: the session on { $device } was ended.
message-session-ended-sms = Propusk: the session on { $device } was ended.

message-sessions-ended-subject = Sessions have ended
message-sessions-ended-text = { $time }: you were signed out on all other devices.
message-sessions-ended-sms = Propusk: you were signed out on all other devices.

message-consent-given-subject = Consent given
message-consent-given-text = You allowed the site “{ $site }” to get your data.
message-consent-given-sms = Propusk: you allowed the site "{ $site }" to get your data.

message-consent-changed-subject = Consent changed
message-consent-changed-text = The terms on which the site “{ $site }” gets your data were changed.
message-consent-changed-sms = Propusk: the consent for the site "{ $site }" was changed.

message-consent-withdrawn-subject = Consent withdrawn
message-consent-withdrawn-text = The site “{ $site }” no longer gets your data.
message-consent-withdrawn-sms = Propusk: the site "{ $site }" no longer gets your data.

message-consent-expiring-subject = A consent ends soon
message-consent-expiring-text = The consent for the site “{ $site }” is valid until { $time }. You can extend it in your account.
message-consent-expiring-sms = Propusk: the consent for the site "{ $site }" is valid until { $time }.

message-consent-lapsed-subject = A consent has expired
message-consent-lapsed-text = The site “{ $site }” no longer gets your data.
message-consent-lapsed-sms = Propusk: the consent for the site "{ $site }" has expired.

message-grant-replayed-subject = Your session on a site was stopped
message-grant-replayed-text = The access key of the site “{ $site }” was used twice. Access is closed; please sign in to the site again.
message-grant-replayed-sms = Propusk: access of the site "{ $site }" is closed, its key was used twice.

message-open-level = Open the level of the account

message-data-matched-subject = Your data match the registries
message-data-matched-text = We compared your data with the state registries and everything matched. The level of your account is now standard or higher.
message-data-matched-sms = Propusk: your data match the registries, the level of your account was raised.
message-data-mismatch-subject = Your data do not match the registries
message-data-mismatch-text = Not all data you sent match the state registries. See in your account which ones.
message-data-mismatch-sms = Propusk: your data do not match the registries. See your account.
message-snils-taken-subject = The SNILS is confirmed for another account
message-snils-taken-text = You sent a SNILS that is confirmed for another account. If that account is yours, sign in to it.
message-snils-taken-sms = Propusk: this SNILS is confirmed for another account.
message-snils-claimed-subject = Another account gave your SNILS
message-snils-claimed-text = Somebody sent your data with your SNILS from another account. They were refused. If it was not you, tell support: a stranger may be using your documents.
message-snils-claimed-sms = Propusk: another account gave your SNILS and was refused. Not you? Tell support.
message-link-added-subject = Another way to sign in is linked to your account
message-link-added-text = On { $time } another way to sign in was linked to your account: { $site }. It opens the account from now on. If it was not you, unlink it on the security page and change the password.
message-link-added-sms = Propusk: another way to sign in is linked: { $site }. Not you? Unlink it under Security.
message-link-removed-subject = A way to sign in was unlinked
message-link-removed-text = On { $time } a way to sign in was unlinked from your account: { $site }. Other sessions have ended. If it was not you, change the password and tell support.
message-link-removed-sms = Propusk: a way to sign in was unlinked: { $site }. Not you? Change the password and tell support.
message-level-lowered-subject = The level of your account has fallen
message-level-lowered-text = The data your level rests on are out of date: a passport had to be replaced, for example. Send new data to be checked, and the level returns.
message-level-lowered-sms = Propusk: the level of your account has fallen, a document is out of date. Renew your data.
message-visit-confirmed-subject = Your identity is confirmed
message-visit-confirmed-text = An operator of a service centre compared your documents. The level of your account is now verified. If you did not visit the centre, tell support.
message-visit-confirmed-sms = Propusk: your identity was confirmed at a service centre. Was it not you? Tell support.
message-visit-refused-subject = The confirmation of your identity was refused
message-visit-refused-text = An operator of a service centre did not confirm your identity. The reason is in your account.
message-visit-refused-sms = Propusk: the confirmation of your identity was refused, see your account.
message-proof-accepted-subject = Your identity is confirmed
message-proof-accepted-text = The code of confirmation is right. The level of your account is now verified. If it was not you who entered the code, tell support.
message-proof-accepted-sms = Propusk: your identity was confirmed with a code. Was it not you? Tell support.
message-proof-code-spent-subject = The code of confirmation works no more
message-proof-code-spent-text = A wrong code was entered too many times. Get a new code. If it was not you who entered it, change your password.
message-proof-code-spent-sms = Propusk: a wrong code of confirmation was entered too many times. Was it not you? Change your password.
message-letter-posted-subject = The letter with the code is on its way
message-letter-posted-text = A registered letter with a code of confirmation was posted. The post office hands it to you against your passport. The tracking number and the field for the code are in your account.
message-letter-posted-sms = Propusk: a registered letter with a code is on its way, take your passport to the post office.
message-letter-returned-subject = The letter with the code came back
message-letter-returned-text = The post returned the letter with the code of confirmation. Check the address and order another letter.
message-letter-returned-sms = Propusk: the letter with the code came back. Check the address and order another.

message-first-factor-shown-subject = Somebody entered your password
message-first-factor-shown-text = At { $time } the right password was entered at a new device ({ $device }, address { $place }). Nobody is signed in yet: we asked for a second code. If it was you, enter the code. If not, change the password: somebody knows it.
message-first-factor-shown-sms = Propusk: your password was entered at a new device, and we asked for a second code. If it was not you, change the password.

message-factor-code-subject = Code to confirm your sign-in: { $code }
message-factor-code-text = { $count ->
    [one] Enter this code to confirm your sign-in. It is good for { $count } minute and works once. Tell it to nobody, not even to our staff. If you are not signing in, somebody knows your password: change it.
   *[other] Enter this code to confirm your sign-in. It is good for { $count } minutes and works once. Tell it to nobody, not even to our staff. If you are not signing in, somebody knows your password: change it.
  }
message-factor-code-sms = { $code } confirms your sign-in to Propusk. Tell it to nobody.

message-factor-added-subject = A way to confirm a sign-in was added
message-factor-added-text = At { $time } a way to confirm a sign-in was added to your account. If it was not you, open “Confirming a sign-in” and change the password.
message-factor-added-sms = Propusk: a way to confirm a sign-in was added. If it was not you, check your account.

message-factor-removed-subject = A way to confirm a sign-in was removed
message-factor-removed-text = At { $time } a way to confirm a sign-in was removed from your account. If it was not you, change the password and add it again.
message-factor-removed-sms = Propusk: a way to confirm a sign-in was removed. If it was not you, check your account.

message-backup-codes-made-subject = New backup codes were made
message-backup-codes-made-text = At { $time } new backup codes were made; earlier ones do not work any more. If it was not you, change the password.
message-backup-codes-made-sms = Propusk: new backup codes were made. If it was not you, check your account.

message-open-support = Open the request

message-support-answered-subject = Support answered your request
message-support-answered-text = Support answered your request. You can read the answer in your account.
message-support-answered-sms = Propusk: support answered your request. Read the answer in your account.

message-lock-lifted-subject = Support lifted the block of signing in
message-lock-lifted-text = At { $time } support lifted the block of signing in with a password. If you did not ask for it, change your password and write to us.
message-lock-lifted-sms = Propusk: support lifted the block of signing in. Did not ask? Change your password.
