# “It was not me”: the link in messages and the button in the history.

not-me-title = Was it not you?
not-me-lead = If you did not do this, press the button. We will put the account back to how it was before:
not-me-confirm = It was not me
not-me-was-me = If it was you, just close this page: nothing will change.
not-me-will-password = the password will count as known to somebody else: at the next sign-in we will ask for a code as well, and for a new password
not-me-will-sessions =
    { $count ->
        [one] we will end { $count } session
       *[other] we will end { $count } sessions
    }
not-me-will-device = we will forget the device it was done from
not-me-will-factors =
    { $count ->
        [one] we will take away { $count } way to confirm a sign-in that was added
       *[other] we will take away { $count } ways to confirm a sign-in that were added
    }
not-me-will-restore =
    { $count ->
        [one] we will bring back { $count } way to confirm a sign-in that was removed
       *[other] we will bring back { $count } ways to confirm a sign-in that were removed
    }
not-me-will-contacts =
    { $count ->
        [one] we will put back { $count } contact
       *[other] we will put back { $count } contacts
    }
not-me-will-links =
    { $count ->
        [one] we will unlink { $count } bank or certificate
       *[other] we will unlink { $count } banks or certificates
    }
not-me-will-consents =
    { $count ->
        [one] we will withdraw { $count } consent
       *[other] we will withdraw { $count } consents
    }
not-me-will-password-back = we will bring your earlier password back, so that you can sign in

not-me-done-title = Done, everything is undone
not-me-next = A confirmation went to your earlier contacts. Now sign in with the password you had before. We will ask for a code and for a new password.
not-me-sign-in = Sign in and change the password
not-me-did-sessions =
    { $count ->
        [one] { $count } session was ended
       *[other] { $count } sessions were ended
    }
not-me-did-device = the device was forgotten
not-me-did-factors =
    { $count ->
        [one] { $count } way to confirm a sign-in was taken away
       *[other] { $count } ways to confirm a sign-in were taken away
    }
not-me-did-restore =
    { $count ->
        [one] { $count } way to confirm a sign-in was brought back
       *[other] { $count } ways to confirm a sign-in were brought back
    }
not-me-did-contacts =
    { $count ->
        [one] { $count } contact is as it was before
       *[other] { $count } contacts are as they were before
    }
not-me-did-links =
    { $count ->
        [one] { $count } bank or certificate was unlinked
       *[other] { $count } banks or certificates were unlinked
    }
not-me-did-consents =
    { $count ->
        [one] { $count } consent was withdrawn
       *[other] { $count } consents were withdrawn
    }
not-me-did-password-back = the earlier password works again

not-me-before-title = This was undone already
not-me-before-text = Everything was undone by this link, or by another one of the same messages. If you have not changed the password yet, sign in: we will ask you to.
not-me-dead-title = The link does not work
not-me-dead-text = A link in a message works for ten days. If something worries you, sign in, look at the sign-in history and change the password.

not-me-event-sign-in = A sign-in from a new device
not-me-event-password-shown = The right password at a new device
not-me-event-factor-added = A way to confirm a sign-in was added
not-me-event-factor-removed = A way to confirm a sign-in was removed
not-me-event-backup-codes = A new list of backup codes was made
not-me-event-contact = The phone or the e-mail address was changed
not-me-event-password = The password was changed
not-me-event-consent = A consent was given
not-me-event-link-added = A bank or a certificate was linked
not-me-event-link-removed = A bank or a certificate was unlinked

not-me-short-sessions = sessions: { $count }
not-me-short-factors = sign-in confirmation: { $count }
not-me-short-contacts = contacts: { $count }
not-me-short-links = links: { $count }
not-me-short-consents = consents: { $count }
not-me-short-nothing = there was nothing to undo

not-me-later-title = You cannot sign in yet
not-me-later-text = The password is right, but somebody else knows it, and we could send a code only to where the link “It was not me” came. In case somebody else reads that mailbox or phone too, we wait for three days. After that you can sign in with the password and a code.
not-me-later-centre = Would you rather not wait? Come to a service centre with your passport.
not-me-later-home = To the home page

message-not-me = Was it not you? Undo it
message-not-me-sms = Not you? Undo:
message-not-me-done-subject = We have undone what was not you
message-not-me-done-text = You told us that at { $time } somebody else signed in to your account or changed it. We have undone everything since then ({ $undone }) and forgotten that device. At the next sign-in please choose a new password: somebody else knows the old one.
message-not-me-done-sms = Propusk: as you told us it was not you, the changes are undone. Sign in and change the password.

renew-exposed-title = Choose a new password
renew-exposed-text = You told us that somebody else was in your account. They know your password, so it has to be replaced.

history-disown = It was not me
history-not-me-done = The session is ended and the device forgotten. Now a new password is needed.
action-not-me = “It was not me” was said
