# An account frozen by its owner.

freeze-title = Freeze the account
freeze-lead = If you think somebody else is using the account, freeze it. It works at once:
freeze-sessions = every session ends, this one too
freeze-sites = sites you entered through Propusk lose access to the data
freeze-nobody = nobody can sign in until you unfreeze the account
freeze-back = To unfreeze it you will need the password and a code that we send to your phone or e-mail.
freeze-back-factor = To unfreeze it you will need the password, your way to confirm a sign-in, and a code that we send to your phone or e-mail.
freeze-out-of-reach = You have no confirmed phone or e-mail. Only a service centre will be able to unfreeze the account.
freeze-confirm = Freeze
security-freeze-about = Closes the account to everybody at once if somebody else is using it. Only you can unfreeze it.
security-freeze-open = What will happen

frozen-title = The account is frozen
frozen-text = Every session has ended and nobody can sign in. A message about it went to all your contacts.
unfreeze-title = How to unfreeze the account
unfreeze-text = Sign in with the password. We will ask for your way to confirm a sign-in, if you have one, and for a code that we send to your phone or e-mail. Then the account works again.
unfreeze-centre = Forgot the password, or no access to the phone and the mailbox? Come to a service centre with your passport.
unfreeze-begin = Unfreeze
sign-in-unfrozen = The account is unfrozen. Now sign in.

not-me-freeze = It was not me, and freeze the account
not-me-freeze-about = While the account is frozen nobody can sign in until you unfreeze it: by the password, your way to confirm a sign-in if you have one, and a code.
not-me-frozen = The account is frozen: nobody can sign in. When you are ready, unfreeze it and change the password.
not-me-event-unfrozen = The account was unfrozen

message-open-unfreeze = How to unfreeze the account
message-account-frozen-subject = The account is frozen
message-account-frozen-text = At { $time } your account was frozen from your cabinet or by a link in a message. Every session has ended and nobody can sign in. It can be unfrozen by the password and a code.
message-account-frozen-sms = Propusk: your account is frozen, every session has ended.
message-account-unfrozen-subject = The account is unfrozen
message-account-unfrozen-text = At { $time } your account was unfrozen by the password and a code. It can be signed in to again.
message-account-unfrozen-sms = Propusk: your account is unfrozen.

action-account-frozen = The account was frozen
action-account-unfrozen = The account was unfrozen
