# Reasons that sites are told, for their logs: what happened to an account.
signal-signed-out = The citizen signed out
signal-ended-by-owner = The citizen ended the session from elsewhere
signal-password-changed = The password was changed
signal-blocked = The account was closed
signal-replaced = Another sign-in took the place of the session
signal-credential-password = The password was changed or taken back
signal-credential-key = A security key or passkey was added or removed
signal-credential-app = An authenticator app was added or removed
signal-credential-phone = Codes by SMS were switched on or off
signal-credential-email = Codes by e-mail were switched on or off
