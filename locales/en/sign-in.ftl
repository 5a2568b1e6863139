# Signing in and out.

sign-in-title = Sign in
sign-in-username = Phone, e-mail or SNILS
sign-in-username-hint = In any notation, such as +7 912 345‑67‑89
sign-in-password = Password
sign-in-for = You are signing in to
sign-in-no-account = No account yet?
sign-in-idle = { $count ->
    [one] For safety you will be signed out after { $count } minute without activity.
   *[other] For safety you will be signed out after { $count } minutes without activity.
  }
sign-in-expired = Your session ended because nothing happened for a while. Please sign in again.
sign-in-signed-out = This session was ended from your account. Please sign in again.
sign-in-password-changed = The password was changed, so this session has ended. Sign in with the new password.
sign-in-prove-again = To be safe we ask you to confirm that it is you. Enter your password.
sign-in-too-many = Too many wrong passwords came from your network. Try again after { $time }.
sign-in-blocked-title = The account is blocked
sign-in-blocked-text = Signing in is closed. Please contact support.
sign-in-again = The site asks you to confirm once more that it is you. Enter your password.
sign-in-busy = A lot of people are signing in right now. Wait a moment and try again: your password was not checked.
sign-in-bad-title = You were not signed in
sign-in-bad-text = These sign-in details and password do not match. Check the keyboard layout and Caps Lock.
sign-in-locked-title = Signing in with a password is paused
sign-in-locked-until = A wrong password was entered several times. Try again after { $time }.
sign-in-locked-block = Block number for support:

renew-title = Time to change your password
renew-text = { $count ->
    [one] A password is valid for { $count } day, and yours has expired. Set a new one to go on.
   *[other] A password is valid for { $count } days, and yours has expired. Set a new one to go on.
  }
renew-submit = Change the password and continue

sign-out-title = Sign out of your account?
sign-out-asked = You are asked to sign out by
sign-out-text = You will need your password to sign in again.
sign-out-sites = We will also tell these sites you have signed in to:
sign-out-stay = Stay signed in
signing-out-title = Signing out
signing-out-text = Other sites are being told; then you return to the site you came from.
signed-out-title = You are signed out
signed-out-text = On a shared computer, close the browser window too.
signed-out-sites = We are telling these sites that you have signed out:
signed-out-return = Return to the site
signed-out-again = Sign in again

form-post-title = Taking you back to the site
form-post-text = All is ready. Press Continue to return.
