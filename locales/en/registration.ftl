# Registration, confirmation code, password, agreements.

register-title = Registration
register-step = Step { $step } of 3
register-for = After registration you will return to
register-contact = Phone or e-mail
register-contact-hint = We will send a code. You will sign in with it too.
register-terms = I accept the user agreement
register-terms-read = Read the agreement
register-privacy = I agree to the processing of my personal data
register-privacy-read = Read how data are processed
register-get-code = Get a code
register-have-account = Already registered?
register-finish = Finish registration
register-over = That registration is over: it was finished or its time ran out. If you have set a password, sign in; otherwise register again.
register-taken = There already is an account with this contact. Sign in to it, or give another contact.

code-title = Enter the code
code-sent-sms = We have sent a text message with a code to
code-sent-email = We have sent an e-mail with a code and a link to
code-label = Code from the message
code-hint = 6 digits. The code is valid until { $time }.
code-tries-left = { $count ->
    [one] { $count } try left.
   *[other] { $count } tries left.
  }
code-delayed = Messages are delayed: the sending service does not answer. We keep trying by ourselves and nothing is lost; the code may take longer to arrive.
code-missing-title = No code?
code-missing-sms = A text message may take a minute. Check that the number is right.
code-missing-email = Look in the spam folder and check that the address is right.
code-resend = Send the code again
code-resend-at = You can ask for another code after { $time }.
code-resent = A new code has been sent. The earlier one no longer works.
code-change-contact = Use another phone or e-mail

link-title = Confirm your address
link-text = You have opened the link from our e-mail. Press the button to confirm the address and choose a password.
link-confirm = Confirm and continue
link-dead-title = The link does not work
link-dead-text = It is too old or has been used. If you have already chosen a password, sign in; otherwise register again, it does not take long.
link-dead-again = Start registration

password-title = Choose a password
password-new = New password
password-current = Current password
password-repeat = New password again
password-rules-title = A good password:
password-rule-length = { $count ->
    [one] has at least { $count } character
   *[other] has at least { $count } characters
  }
password-rule-kinds = has a small and a capital letter, a digit and a special character such as ! or ?
password-rule-blanks = has no blanks
password-rule-runs = has no runs such as 1234, abcd, qwerty and no character three times in a row
password-rule-personal = does not contain your name, contact or date of birth
password-rule-history = { $count ->
    [one] differs from your last password
   *[other] differs from your last { $count } passwords
  }
password-rule-breached = is not among the passwords known to attackers
password-tip = Tip: take three random words and join them with digits and special characters; such a password is strong and easy to remember.
password-strength-weak = Strength of the password you entered: weak
password-strength-fair = Strength of the password you entered: fair
password-strength-good = Strength of the password you entered: good
password-strength-strong = Strength of the password you entered: strong
password-advice-words = Add another rare word or two: the longer a password is, the harder it is to guess.
password-advice-sequences = Avoid rows of neighbouring keys and runs of the alphabet: they are tried first.
password-advice-repeats = Do not repeat words or characters: repeats make a password longer but hardly any harder to guess.
password-advice-dates = Do without dates and years: they are among the first things to be tried.
password-advice-substitutions = Capital letters, look-alike characters and reversed words hardly get in the way of guessing: add another word instead.

agreement-version = Version { $version }
agreement-since = in force since { $date }
accept-title = The terms have changed
accept-text = To go on, please read and accept the new version.
accept-later = Not now, sign out
