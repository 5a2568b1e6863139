# Recovering access by an application.

recover-form-title = No access to the phone or the mailbox
recover-form-text = Send an application with your passport data and two photographs. Two people of support will check it. You will need a new phone or mailbox.
recover-form-open = Send an application

appeal-title = Recovering access by an application
appeal-lead = This way is for you if your old phone and mailbox are lost. It takes several days: that keeps strangers out of your account.
appeal-step-contact = Give a new phone or mailbox and enter the code that comes there.
appeal-step-form = Fill in the application and add photographs of your passport and of yourself with it.
appeal-step-wait = Wait for the decision. A link to set a password will then come to the new contact.
appeal-contact = New phone or e-mail
appeal-contact-hint = The code, the decision and the link will come here
appeal-contact-taken = There is an account with this contact already. Recover access by it, or give another contact.
appeal-resent = A new code was sent.
appeal-code-sent = We sent a code to the new contact:
appeal-form-title = Application to recover access
appeal-form-lead = Write everything as it stands in your passport. We will tell you the decision at
appeal-birth-date-hint = For example, 24.03.1990
appeal-passport-hint = 10 digits, for example 18 10 123456
appeal-text = Anything else we should know
appeal-text-hint = For example, when you lost the phone. Write no passwords and no codes
appeal-consent-hint = Only the people who decide will see the photographs.
appeal-send = Send the application
problem-appeal-many = There were too many such applications today. Try again { $time }
appeal-sent-title = We have your application
appeal-sent-number = Number of the application:
appeal-sent-text = We sent the number to the new contact. The decision will come there as well: watch for messages. If there is an account with such data, its contacts will learn of the application too.
appeal-sent-home = To the start page
appeal-password-lead = All sessions will end, and the new contact will take the place of the old phone and mailbox. Some actions will be closed for three days.
appeal-finish-taken = The new contact has been added to another account meanwhile. Send a new application with another contact.

appeal-cancel-title = Somebody asks for access to your account
appeal-cancel-begun = The application was sent
appeal-cancel-text = It says that the old phone and mailbox are lost. If it was not you, cancel the application. The password and the ways to confirm a sign-in will stay as they are.
appeal-cancelled-text = The application is no longer in force. Everything stayed as it was. Whoever sent it may have your passport data.
account-appeal-text = Somebody sent an application to recover access to your account and said that the old phone and mailbox are lost.
warning-appeal = Somebody sent an application to recover access to your account.

appeals-title = Applications for access
appeals-none = All applications are decided
appeal-number = Application { $number }
appeal-proposed = A second operator is needed
appeal-taken = Another operator has taken the application, or it was withdrawn.
appeal-own-proposal = You agreed to this application already. Another operator has to decide.
appeal-lost = You do not have this application: the time is over, it was withdrawn or decided.
appeal-done-proposed = The application was passed to a second operator.
appeal-done-confirmed = The application was approved. The waiting time has begun and was told on every contact.
appeal-done-refused = The application was refused. The applicant was told.
appeal-second = Another operator agreed to the application already. Check everything again: the decision is yours.
appeal-cancelled-before = { $count ->
    [one] The owner of the account has cancelled { $count } application about it.
   *[other] The owner of the account has cancelled { $count } applications about it.
  }
appeal-compare = Comparison
appeal-compare-about = On the left is what the applicant wrote, on the right whether it agrees with the confirmed data of the account. Those data are not shown.
appeal-equal = equal
appeal-differs = differs
appeal-unknown = not in the account
appeal-new-contact = New contact:
appeal-propose = Agree and pass to a second operator
appeal-confirm = Confirm
appeal-look-scan = The data on the photograph of the passport are those of the application
appeal-look-face = The person with the passport is the one in the passport
appeal-factors-lost = The applicant has lost the second factor too: switch it off
problem-appeal-looked = Compare both photographs and tick that
problem-appeal-fits = You cannot agree: the data differ from the account, its level is too low, or it is closed to recovery now
problem-appeal-reason = Choose a reason. “Other” needs a comment
appeal-refuse = Refuse
appeal-reason-choose = Choose a reason
appeal-reason-unreadable = The photographs are unclear
appeal-reason-data = The data were not confirmed
appeal-reason-face = The face was not confirmed
appeal-reason-other = Other
appeal-comment = Comment
appeal-comment-hint = Up to 80 characters. The applicant and the owner of the account will read it

action-appeal-received = An application to recover access came
action-appeal-opened = Support read the application for access
action-appeal-proposed = An operator of support agreed to the application for access
action-appeal-confirmed = A second operator approved the application for access
action-appeal-refused = The application for access was refused
action-appeal-cancelled = The application for access was cancelled
action-appeal-expired = The application for access was closed: its time is over

export-appeals = Applications to recover access
export-appeal-number = Number
message-open-appeal = Set a new password
message-appeal-code-subject = Code for your application: { $code }
message-appeal-code-text = { $count ->
    [one] This contact was given as the new one in an application to recover access. Enter the code on the page of the application. It works for { $count } minute and once. Tell it to nobody. If it was not you, just do not answer this mail.
   *[other] This contact was given as the new one in an application to recover access. Enter the code on the page of the application. It works for { $count } minutes and once. Tell it to nobody. If it was not you, just do not answer this mail.
  }
message-appeal-code-sms = { $code } is the code of your application for access. Tell it to nobody.
message-appeal-received-subject = We have your application for access
message-appeal-received-text = We have received application { $number } to recover access. The decision will come here. If there is no answer until { $until }, the application is closed. Tell codes and links from our messages to nobody, not even to our people.
message-appeal-received-sms = Propusk: we have application { $number }. The decision will come here until { $until }.
message-appeal-begun-subject = An application to recover access came
message-appeal-begun-text = { $time } somebody sent an application: the old phone and mailbox are lost, and access to your account is needed. Support will look at it. If it was not you, cancel the application by the link.
message-appeal-begun-sms = Propusk: an application to recover access to your account came.
message-appeal-confirmed-subject = The application to recover access was approved
message-appeal-confirmed-text = The application of { $time } was approved. Unless it is cancelled, it can be used from { $until } to set a new password and to replace your contacts. If it was not you, cancel the application by the link.
message-appeal-confirmed-sms = Propusk: an application for access was approved. A new password can be set from { $until }.
message-appeal-accepted-subject = The application for access was approved
message-appeal-accepted-text = Application { $number } was approved. We wait until { $until }, so that the owner of the account can object. Then a link to set a new password will come here.
message-appeal-accepted-sms = Propusk: application { $number } was approved. The link will come after { $until }.
message-appeal-refused-subject = The application to recover access was refused
message-appeal-refused-text = { $time } support refused an application for access to your account. Reason: { $reason }. { $comment }
message-appeal-refused-sms = Propusk: an application for access to your account was refused.
message-appeal-declined-subject = The application for access was refused
message-appeal-declined-text = The decision about application { $number } is to refuse. Reason: { $reason }. { $comment } You can send a new application, or bring your passport to a service centre.
message-appeal-declined-sms = Propusk: application { $number } was refused. { $reason }
message-appeal-cancelled-subject = The application to recover access was cancelled
message-appeal-cancelled-text = { $time } the application for access to your account was cancelled. The password and the contacts stayed as they were.
message-appeal-cancelled-sms = Propusk: the application for access was cancelled, the password is unchanged.
message-appeal-stopped-subject = The application for access is closed
message-appeal-stopped-text = Application { $number } is closed without a new password: it was cancelled, or its time is over. You can send a new application, or bring your passport to a service centre.
message-appeal-stopped-sms = Propusk: application { $number } is closed, no password was set.
message-appeal-open-subject = Set a new password by your application
message-appeal-open-text = The waiting time of application { $number } is over. Open the link and set a new password until { $until }. The link works once. Give it to nobody.
message-appeal-open-sms = Propusk: set a password by application { $number } until { $until }.
