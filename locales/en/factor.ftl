# The second factor: the step of the sign-in, the settings, backup codes.

second-title = Confirm it is you
second-about-totp = Enter the six digits that your authenticator app shows.
second-about-sms = A code is sent by SMS to { $contact }.
second-about-email = A code is sent to { $contact }.
second-about-backup = Enter one of the backup codes you have put away. Each works once.
second-backup-label = Backup code, 10 digits
second-trust =
    { $count ->
        [one] Do not ask on this device for { $count } day
       *[other] Do not ask on this device for { $count } days
    }
second-submit = Confirm
second-send = Send a code
second-others = Another way
second-way-totp = A code from the app
second-way-sms = A code by SMS to { $contact }
second-way-email = A code to { $contact }
second-way-elsewhere = Confirm on another device where you are signed in
second-about-elsewhere = We will ask on another device or in another browser where you are already signed in. The answer is given there.
second-ask = Ask
second-elsewhere-open = Open your account there: the question stands on the first page. Or point that device’s camera at the code.
second-elsewhere-number = There, press the number that is shown here.
second-elsewhere-agreed = The sign-in was confirmed on another device.
second-elsewhere-over = The sign-in was not confirmed on the other device, or the time is over.
problem-second-asked-often = There were too many questions. Ask again { $time } or choose another way.
second-way-backup = A backup code
problem-second-wrong = This is not the code. Check the digits; the code in the app changes every 30 seconds and works once.
problem-second-backup-format = A backup code has 10 digits. Check that all of them are there.
problem-second-too-many = Too many wrong codes. Try again { $time }.
sign-in-second-over = The time to confirm is over. Please sign in again.

step-up-title = Please confirm it is you
step-up-text = A password is not enough for this site: confirm in a second way that it is you.
step-up-none = A password is not enough for this site. Add a second way to confirm a sign-in, such as an app with codes, and you will be back at the site.
step-up-begin = Confirm
step-up-add = Add a way

factors-title = Confirming a sign-in
factors-about = A second way protects your account even if somebody learns your password: at a new device a code is asked for as well.
factors-required = Your account must have a second way to confirm sign-in. Add any one, and you go on.
factors-site-waits = A site waits for a sign-in confirmed in a second way.
factors-onward = Back to the site
factors-yours = Your ways
factors-first = Asked first
factors-added-at = added
factors-used-at = used
factors-prefer = Ask for this first
factors-remove = Remove
factors-rename = Rename
factors-name = Name
factors-add = Add a way
factors-add-one = Add
factors-totp = App with codes
factors-sms = Code by SMS
factors-email = Code by e-mail
factors-totp-about = An authenticator app on your phone shows a new code every 30 seconds. It works offline and is safer than SMS.
factors-sms-about = A code is sent to your confirmed phone. A number can be intercepted or taken over, so an app is safer.
factors-email-about = A code is sent to your confirmed address. It protects less than the others: whoever opens the mailbox has the code too.
factors-added = The way is added. Now put backup codes away: they help if the phone is lost.
factors-renamed = The name is changed.
factors-preferred = This way is asked for first from now on.
factors-removed = The way is removed.
factor-contact-about = We send a code to make sure that it reaches you.
factor-code-sent = The code was sent to:
factor-totp = app with codes
factor-backup-code = backup code

app-scan = Open an authenticator app and scan the picture.
app-qr = QR code for an authenticator app
app-type = If you cannot scan, type this key into the app:
app-open = Open an app on this device
app-name-hint = To tell several apps apart: “Phone”, for example.
app-code = Code from the app
app-confirm = Add
problem-app-code = This is not the code. Wait for the next one in the app; check that the clock of the phone is right.

backups-title = Backup codes
backups-about = Ten codes, each good once, for when the phone is lost or broken. Print them and keep them with your documents.
backups-left =
    { $count ->
        [0] There are no backup codes.
        [one] { $count } code is left.
       *[other] { $count } codes are left.
    }
backups-make = Get codes
backups-make-anew = Get new codes
backups-once = The codes are shown once. Save or print them now; earlier ones do not work any more.
backups-how = When signing in, choose “A backup code” and enter any that was not used.
backups-kept = I have saved the codes

security-factors = Confirming a sign-in
security-factors-none = A password is all that a sign-in needs now. Add a second way, and the password alone is of no use to a thief.
security-factors-some =
    { $count ->
        [one] At a new device a code is asked for as well: { $count } way is set up.
       *[other] At a new device a code is asked for as well: { $count } ways are set up.
    }
security-factors-open = Set up

action-factor-added = A way to confirm a sign-in was added
action-factor-removed = A way to confirm a sign-in was removed
action-backup-codes-made = New backup codes were made
action-session-strengthened = The sign-in was confirmed in a second way
action-second-factor-failed = A wrong code to confirm a sign-in
action-first-factor-shown = The right password was entered at a new device

factors-key = Passkey or security key
factors-key-about = Sign in with the fingerprint, face or PIN of your device, or with a hardware key. The safest way: it can neither be intercepted nor talked out of you.
factor-security-key = security key
factor-passkey = passkey
key-how = Press the button, and the browser offers to keep a key: in this device, in your phone or on a hardware key. From then on you can sign in without a password.
key-make = Make a key
key-needs-script = Keys need JavaScript. The other ways work without it.
problem-key = The key did not fit, or you cancelled. Try again or choose another way.
second-way-key = Passkey or security key
second-about-key = Press the button and confirm with your key: by fingerprint, face, PIN or hardware key.
second-key = Use the key
sign-in-by-key = Sign in with a passkey
sign-in-bad-key = This key did not sign you in. It may have been removed from the account. Sign in another way.

no-key-title = Only a key opens this workplace
no-key-none = Staff work only after signing in with a key: it can neither be intercepted nor talked out of anybody. Add a key, and the workplace opens.
no-key-used = You signed in without your key. Sign in once more and confirm with it.
no-key-add = Add a key
no-key-sign-in = Sign in with the key
no-key-account = To my account
