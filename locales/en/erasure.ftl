# Deleting the account.

deletion-title = Delete the account
deletion-back = Security
deletion-link = Delete the account
deletion-link-about = There is no way back: the data cannot be restored.
deletion-about = You may delete your account at any time. Nobody can bring it back afterwards, not even support.
deletion-lost-title = What is deleted
deletion-lost-data = Personal data, contacts, documents and their scans, photographs and letters
deletion-lost-level = The proof of who you are: after a new registration it has to be given again
deletion-lost-sign-in = Password, linked banks and signatures, known devices, all sessions
deletion-lost-history = Sign-in history, journal and notices
deletion-export = Download a copy of your data first
deletion-sites-title = Sites you signed in to
deletion-sites = You are signed out of every site and your consents are withdrawn. These sites get no more of your data. What you gave them before is kept there: to have it deleted as well, ask the site itself.
deletion-sites-none = You have no consents in force.
deletion-kept-title = What the law has us keep
deletion-kept = Some records must be kept. They hold neither your name nor your contacts, and your data cannot be read from them.
deletion-kept-consents = Which documents were accepted, which sites were given consent and when: three years
deletion-kept-audit = What the staff of service centres did: without end, without your data
deletion-anew = Your phone, e-mail address and SNILS become free: you may register with them again. For sites you will then be another person, and your accounts there do not open by themselves.
deletion-operator = You work at a service centre, so the account cannot be deleted yet. Ask an administrator to take this role from you.
deletion-next = We send a code to your confirmed contact. Nothing changes until you enter it. If you signed in a while ago, we ask you to sign in again first.
deletion-begin = Get a code
deletion-expired = The code is no longer good. Begin once more.
deletion-code-title = Confirm the deletion
deletion-code-about = Once you press the button, the account is deleted at once and for ever.
deletion-sure = I understand that the account cannot be brought back
deletion-final = Delete for ever
deletion-word = Control word
deletion-word-hint = You have no confirmed contact, so type the word “{ $word }” in place of a code.
problem-deletion-sure = Confirm that you understand: the account cannot be brought back
problem-deletion-word = To delete the account, type the word “{ $word }”
deleted-title = The account is deleted
deleted-text = Your data are destroyed and the sites are being told that you have left. A last message goes to your confirmed contacts. Thank you for having been with us!
deleted-anew = Should you need it, you may always register again.
deleted-home = To the home page

message-open-home = Open the site
message-deletion-code-subject = Code to delete the account: { $code }
message-deletion-code-text = { $count ->
    [one] This code deletes your account for ever. It is good for { $count } minute. If you are not deleting your account, tell the code to nobody and change your password.
   *[other] This code deletes your account for ever. It is good for { $count } minutes. If you are not deleting your account, tell the code to nobody and change your password.
  }
message-deletion-code-sms = { $code } is the code to DELETE your account. Tell it to nobody.
message-account-deleted-subject = The account is deleted
message-account-deleted-text = The account was deleted at { $time } and its data are destroyed. There will be no more messages. If it was not you, go to a service centre: the data cannot be restored, but you get help there. You may register again on the site.
message-account-deleted-sms = Propusk: your account is deleted, its data are destroyed. Not you? Go to a service centre.
