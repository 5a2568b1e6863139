# Problems of fields, and error pages.

problem-required = Fill in this field
problem-family-name = Enter your surname
problem-given-name = Enter your first name
problem-name-letters = A name may have letters, blanks, hyphens and apostrophes
problem-too-long = { $count ->
    [one] No more than { $count } character
   *[other] No more than { $count } characters
  }
problem-contact-empty = Enter a phone number or an e-mail address
problem-contact = This looks like neither a phone number nor an e-mail address. Example: +7 912 345‑67‑89 or name@example.ru
problem-phone-mobile = A mobile number is needed: we will send a text message to it
problem-terms = You cannot register without accepting the agreement
problem-privacy = You cannot register without agreeing to data processing
problem-accept = Without accepting the new version you cannot go on
problem-code-empty = Enter the code from the message
problem-code-format = The code has 6 digits
problem-code-wrong = The code does not fit. Check it and enter it again
problem-code-expired = The code is no longer valid. Ask for a new one
problem-code-spent = No tries left. Ask for a new code
problem-code-resend-soon = You can ask for a new code after { $time }
problem-code-resend-limit = Too many codes were asked for. Try later
problem-code-too-many = Too many codes were asked for. Try again after { $time }
problem-code-tries = Too many wrong codes. Try again after { $time }
problem-username-empty = Enter a phone number, an e-mail address or SNILS
problem-password-empty = Enter the password
problem-password-current = The current password does not fit
problem-password-locked = A wrong password was entered several times. Try again after { $time }. Block number for support: { $number }
problem-password-length = { $count ->
    [one] The password needs at least { $count } character
   *[other] The password needs at least { $count } characters
  }
problem-password-long = { $count ->
    [one] The password may have no more than { $count } character
   *[other] The password may have no more than { $count } characters
  }
problem-password-upper = Add a capital letter
problem-password-lower = Add a small letter
problem-password-digit = Add a digit
problem-password-special = Add a special character, such as ! or ?
problem-password-blanks = Take out blanks and invisible characters
problem-password-runs = Take out runs of characters, such as 1234, abcd or qwerty
problem-password-repeats = Take out the character repeated three times in a row
problem-password-personal = Take your name, contact or date of birth out of the password
problem-password-history = You have had this password before. Choose another
problem-password-breached = Attackers know this password. Choose another
problem-password-repeat = The passwords differ
problem-date = There is no such date. Enter it like this: 24.03.1990
problem-date-future = The date cannot be in the future
problem-date-past = Check the year of birth
problem-dates-order = The last day is before the first
problem-sex = Choose one of the options
problem-snils = SNILS has 11 digits. Check that all are there
problem-snils-sum = There is a typing error in SNILS: its check sum does not fit
problem-postal-code = A postal code has 6 digits
problem-choice = Choose one of the options
problem-value = Check this field
error-request = Request number for support:
error-home = To the front page

error-bad-request-title = The request did not work
error-bad-request-text = Go back and try again.
error-form-title = The form is out of date
error-form-text = The page was open for too long, or you signed out in another window. Open it again.
error-not-found-title = There is no such page
error-not-found-text = The address may be mistyped, or the page has moved.
error-method-title = The page cannot be opened this way
error-method-text = Go back and use the buttons on the page.
error-too-large-title = Too much data
error-too-large-text = Shorten what you send and try again.
error-encoding-title = The form could not be read
error-encoding-text = The browser sent it in an unknown way. Open the page in another browser.
error-too-many-title = Too many requests
error-too-many-text = Wait a moment and try again.
error-busy-title = There are very many visitors right now
error-busy-text = Wait half a minute and reload the page. Everything you have saved is safe.
error-internal-title = Something broke on our side
error-internal-text = We know already. Try again in a few minutes.
error-forbidden-title = Access denied
error-forbidden-text = This page is not available to you.
error-flow-title = This sign-in is out of date
error-flow-text = Return to the site you came from and press its sign-in button again.
error-client-title = The site is not registered
error-client-text = The site you came from is not registered with us or has been turned off. Please tell its owners.
error-redirect-title = The site gave a wrong return address
error-redirect-text = We cannot take you back to that address: it is not registered. Please tell the owners of the site.
error-authorization-title = The site sent a wrong request
error-authorization-text = Return to the site and try to sign in again. If that does not help, tell its owners.
