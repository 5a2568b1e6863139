# An account from papers: the desk of a centre, and the first sign-in with a temporary password.

papers-title = Make an account from papers
papers-about = For a person who has no account yet. Copy the data from the originals of the passport and the SNILS: the account is there at once, and the registries check the data within a few minutes. If there is an account and its password is forgotten, a temporary one is printed here too.
papers-no-registries = No registries are connected: nobody can check the data, and no account can be made. Ask your administrator.
papers-originals = Originals
papers-compared = Compared with the originals
papers-agreed = The person agrees in writing to the user agreement and the personal data policy
papers-register = Make the account and print the password
papers-reprint = Print a new temporary password
papers-own = You cannot make an account for yourself. Ask another operator.
papers-has-account = This person has an account already. Ask them to sign in and take a request number in the part “Level”, then open the request. If the account was made a moment ago and the data had a mistake, wait for the registries: a new one can be made after their answer.
papers-unused = An account from these papers is there already, but its temporary password has not been replaced yet. If the sheet was lost or the password is out of date, compare the papers and print a new one: the earlier one stops working at once.
papers-restorable = This person has an account with the same data. If the password is forgotten, compare the documents once more and print a temporary one: every session ends, and the contacts of the account are warned. A second way to confirm sign-in, if it is on, stays and is asked for.
papers-restore = Print a temporary password instead of the forgotten one
papers-too-many = That is enough accounts for today. The next one can be made { $time }
problem-papers-agreed = Without an agreement in writing no account can be made

login-sheet-title = A sheet for the visitor
login-sheet-about = Print this page and hand it to the visitor. The password is shown once and cannot be seen again.
login-sheet-heading = Your account
login-sheet-site = Sign in at { $site }
login-sheet-login = The login is your SNILS
login-sheet-password = Temporary password, with its hyphens:
login-sheet-until = The password works until
login-sheet-late = After that, come to the centre with your passport and SNILS for a new one.
login-sheet-step-password = Choose a password of your own at the first sign-in. The temporary one stops working.
login-sheet-step-agreements = Read and accept the agreements.
login-sheet-step-contact = Add a phone or an e-mail address, for warnings about sign-ins.
login-sheet-step-level = The registries check your data. When all agree the account is verified; see the part “Level”.
login-sheet-step-factor = If a second way to confirm sign-in is on, it is asked for as usual.
login-sheet-warning = Show this sheet to nobody. Sign in on the same day. If the temporary password does not fit, tell support at once: somebody else may have signed in.
login-sheet-next = Make another account

renew-temporary-title = Choose a password of your own
renew-temporary-text = You signed in with a temporary password from a service centre. Replace it with your own: the temporary one stops working.

accept-first-title = Accept the agreements
accept-first-text = Read and accept them: the account cannot be used without.

warning-no-contact = You have given neither a phone nor an e-mail address: warnings about sign-ins can be sent nowhere.
warning-no-contact-action = Add a contact

problem-snils-seen = An operator saw this SNILS, and registries are checking it. It can be changed after their answer
problem-snils-login = You sign in by SNILS. To remove it, add a phone or an e-mail address first

action-papers-registered = The account was made at a service centre from papers
action-papers-refused = Papers with your SNILS were shown at a service centre
action-login-restored = At a service centre a temporary password was printed from papers instead of a forgotten one
action-login-printed = A temporary password was printed

message-login-restored-subject = A service centre has restored sign-in
message-login-restored-text = At { $time } a service centre printed a temporary password instead of yours, by passport and SNILS. Every session has ended. If it is not you, open the link: we will bring back the password.
message-login-restored-sms = Propusk: a service centre printed a temporary password instead of yours.
