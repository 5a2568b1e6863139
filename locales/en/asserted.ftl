# Signing in and proving who one is by the word of others: a bank, a signature.

factor-bank = through a bank
factor-signature = electronic signature
action-link-added = Way to sign in linked
action-link-removed = Way to sign in unlinked
action-link-mismatch = Data did not match, the way to sign in was not linked
action-identity-proven = Identity confirmed
security-password-none = There is no password yet: you sign in another way. With a password you get in even when that way is not available.
security-password-first = Set a password
