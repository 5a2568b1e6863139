# E-mails, text messages and notices of the account.

mail-greeting = Hello!
mail-greeting-name = Hello, { $name }!
mail-footer = This e-mail was sent by Propusk automatically; please do not answer it. We never ask you to tell a password or a code.

message-code-sms = { $code } is your Propusk registration code. Tell it to nobody.
message-code-subject = Registration code: { $code }
message-code-text = { $count ->
    [one] Your code is { $code }. It is valid for { $count } minute.
   *[other] Your code is { $code }. It is valid for { $count } minutes.
  }
message-code-link = Or just open the link, in another browser if you like:
message-code-not-you = If you did not register, there is nothing to do.
message-known-sms = Somebody tried to register your number with Propusk again. You already have an account: sign in with your password. If it was not you, there is nothing to do.
message-known-subject = You already have an account
message-known-text = Somebody tried to register your address again. You already have an account: sign in with your password. If it was not you, there is nothing to do.

notice-registered-title = Your account has been created
notice-registered-text = You can now sign in to the portals of the region.
notice-new-device-title = Sign-in from a new device
notice-new-device-text = { $time }: your account was signed in to from { $device }, { $place }. If it was not you, end the session and change the password.
notice-new-device-sms = Propusk sign-in from a new device: { $device }. Not you? Change your password.
notice-locked-title = Signing in with a password is paused
notice-locked-text = A wrong password was entered several times, last at { $time }. Block number: { $block }.
notice-locked-sms = Propusk: a wrong password was entered several times, signing in is paused. Block number { $block }.
notice-password-changed-title = The password has been changed
notice-password-changed-text = The password was changed at { $time }. If it was not you, contact support at once.
notice-password-changed-sms = Propusk: your password has been changed. If it was not you, contact support.
notice-sessions-ended-title = Sessions have ended
notice-sessions-ended-text = { $time }: you were signed out on all other devices.
notice-profile-changed-title = Personal details have been changed
notice-profile-changed-text = Personal details were changed at { $time }.
notice-consent-given-title = Consent given
notice-consent-given-text = You allowed the site “{ $site }” to get your data.
notice-consent-withdrawn-title = Consent withdrawn
notice-consent-withdrawn-text = The site “{ $site }” no longer gets your data.
notice-consent-ending-title = A consent ends soon
notice-consent-ending-text = The consent for the site “{ $site }” is valid until { $time }. You can extend it in your account.
notice-consent-lapsed-title = A consent has expired
notice-consent-lapsed-text = The site “{ $site }” no longer gets your data.
notice-replay-title = Your session on a site was stopped
notice-replay-text = The access key of the site “{ $site }” was used twice. Access is closed; please sign in to the site again.
