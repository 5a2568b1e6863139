# Recovering access.

sign-in-recover = Cannot sign in?
sign-in-recovered = The new password is set. Sign in with it.

recover-title = Recover access
recover-vouched-title = By a bank or an electronic signature
recover-vouched-text = Sign in the way you have linked to your account and open Security: a new password can be set there at once, without the current one. If a second way to confirm sign-in is on, it is asked for as well.
recover-lead = Enter the phone, e-mail or SNILS of your account. We will send a code to its confirmed phone or e-mail.
recover-over = The time is over, or these steps are done. Begin again.
problem-recover-username = This does not look like a phone, an e-mail address or a SNILS. Example: +7 912 345‑67‑89
recover-resent = If we have such an account, a new code is on its way.
recover-code-sent = If we have an account with these details, we have sent a code to its confirmed phone or e-mail. You entered:
recover-code-change = Enter something else

recover-more-title = One more confirmation is needed
recover-factor-title = By another way
recover-factor-text = This account asks to confirm a sign-in. An app with codes, a key or a backup code will do. Then you set a new password at once.
recover-factor = Confirm by another way
recover-wait-title = None of the ways is left
recover-wait-text = { $count ->
    [one] You will have to wait { $count } hour. We will tell every contact of the account, and its owner can cancel the recovery.
   *[other] You will have to wait { $count } hours. We will tell every contact of the account, and its owner can cancel the recovery.
  }
recover-wait-after = Then come back here, enter a new code and set a password. The ways to confirm a sign-in will be switched off, and some actions will be closed for three days.
recover-wait = Begin to wait
problem-recover-too-many = Recovery was begun too often today. Try again after { $time }.
recover-waiting-title = The waiting time runs
recover-waiting-opens = A new password can be set from
recover-waiting-then = Come back to this page after that, enter the same details and a new code. Do it before
recover-waiting-other = The recovery was begun with another contact of this account. It can be finished only with that one.
recover-waiting-told = We remind every contact of it every day. The link in any of these messages cancels the recovery.
recover-closed-title = Access cannot be recovered now
recover-closed-text = The account is blocked or frozen. Please ask support.
recover-closed-until = Some actions of this account are closed. Try again after
recover-password-lead = Every session will end. All contacts of the account will be told.
recover-finish = Save the password

recover-cancel-title = Somebody is recovering access to your account
recover-cancel-begun = The recovery was begun at
recover-cancel-opens = Unless it is cancelled, a new password can be set from
recover-cancel-text = If it is not you, cancel the recovery. The password and the ways to confirm a sign-in stay as they are.
recover-cancel = Not me, cancel it
recover-cancel-was-me = If it is you, nothing needs to be done.
recover-cancelled-title = The recovery is cancelled
recover-cancelled-text = Everything is as it was. Whoever began it has access to your phone or mailbox: check them, and change the contact if need be.
recover-cancelled-before = This recovery was cancelled before. Nothing needs to be done.
recover-cancel-done-title = The new password is set already
recover-cancel-done-text = It is too late to cancel, but everything can be brought back: open the link “Was it not you?” in the message about the new password.
account-recovery-text = Somebody entered a code from your phone or mailbox and said that every way to confirm a sign-in is lost.
account-recovery-none = Nobody is recovering access to your account now.
warning-asked = { $device }: somebody has passed the first step of a sign-in and waits for it to be confirmed.
warning-asked-action = Answer
warning-recovery = Somebody is recovering access to your account and can set a new password from { $time }.
warning-recovery-action = Cancel it

not-me-event-recovery = Access was recovered, a new password was set

message-open-recovery = Open it in the account
message-recovery-code-subject = Code to recover access: { $code }
message-recovery-code-text = { $count ->
    [one] Enter this code on the page where you recover access. It is good for { $count } minute and works once. Tell it to nobody, not even to our staff. If you are not recovering anything, ignore this message.
   *[other] Enter this code on the page where you recover access. It is good for { $count } minutes and works once. Tell it to nobody, not even to our staff. If you are not recovering anything, ignore this message.
  }
message-recovery-code-sms = { $code } is your code to recover access. Tell it to nobody.

message-recovery-tried-subject = Somebody tries to recover access
message-recovery-tried-text = At { $time } somebody on { $device }, { $place } entered the right code from a message to your phone or mailbox to recover access. It is not enough to get in: we asked for another way to confirm. If it is not you, somebody reads your messages: change that contact.
message-recovery-tried-sms = Propusk: somebody tries to recover your account by a code. Not you? They read your messages: change that contact.

message-recovery-begun-subject = Access is being recovered
message-recovery-begun-text = At { $time } somebody began to recover access to your account without a second way to confirm a sign-in. Unless this is cancelled, a new password can be set from { $until }. If it is not you, cancel it by the link.
message-recovery-begun-sms = Propusk: access to your account is being recovered without a second way to confirm.

message-recovery-cancelled-subject = The recovery of access is cancelled
message-recovery-cancelled-text = At { $time } the recovery of access to your account was cancelled. The password and the ways to confirm a sign-in are as they were.
message-recovery-cancelled-sms = Propusk: the recovery of access is cancelled, the password is as it was.

message-recovery-done-subject = Access is recovered, a new password is set
message-recovery-done-text = At { $time } access to your account was recovered and a new password was set. Every session has ended. If it is not you, open the link: we will bring back the password and the ways to confirm a sign-in.
message-recovery-done-sms = Propusk: access is recovered, a new password is set.

action-recovery-tried = A code to recover access was entered
action-recovery-begun = Recovery of access began
action-recovery-cancelled = Recovery of access was cancelled
action-access-recovered = Access was recovered

# Trusted contacts.
security-trusted = Trusted contact
security-trusted-about = A verified citizen who helps you to get back in when every way to sign in is lost.
security-trusted-open = Choose or change
security-trusting-open = Whom I help
trusted-title = Trusted contact
trusted-lead = Choose somebody you trust. If you lose every way to sign in, we send them a code, and they confirm that it is you. They cannot sign in to your account.
trusted-contact = Phone or e-mail of this person
trusted-contact-hint = They need a verified account and must be at least 18
trusted-invite = Send the invitation
trusted-invited = If somebody with this contact has a verified account, they will see the invitation in their account.
trusted-ended = The trust has ended
trusted-confirmed = Agreed
trusted-waits = Waiting for their consent
trusted-until = The invitation is good until
trusted-end = Remove
trusted-closed = A trusted contact can be chosen with a verified account.
problem-trusted-too-many = There were too many invitations today. Try again after { $time }.
trusting-title = Whom I help to get back in
trusting-lead = These people chose you as their trusted contact.
trusting-none = Nobody yet.
trusting-invited = Asks you to be their trusted contact. You may agree until
trusting-agree = Agree
trusting-end = Decline
trusting-agreed = You agreed
trusting-vouched = You confirmed this person. Now they can set a new password.
trusting-not-verified = Only somebody of age with a verified account can do this.
trusting-not-agreed = It did not work: the invitation is gone, or you help five people already.
trusting-over = This request is gone: its time is over or it was cancelled.
trusting-asked = Asks you to help to get back in
trusting-asked-at = Asked at
trusting-number = The number on their screen:
trusting-call = Call them and ask which number they see. Enter the code only if the numbers agree and you know the voice.
trusting-vouch = It is them, confirm
recover-trusted-title = By your trusted contact
recover-trusted-text = We send a code to the person you chose. They enter it in their account, and you can set a new password at once. Every contact of the account is told.
recover-trusted = Ask the trusted contact
recover-trusted-asked = We are waiting for your trusted contact. Call them and tell them this number:
recover-trusted-until = The page refreshes by itself. The request is good until
message-open-trusted = Open it in the account
message-recovery-vouched-subject = Your trusted contact confirmed the recovery of access
message-recovery-vouched-text = At { $time } your trusted contact confirmed that it is you who recovers access. A new password can be set at once. If it is not you, cancel the recovery by the link.
message-recovery-vouched-sms = Propusk: your trusted contact confirmed the recovery of access, a new password can be set at once.
message-vouch-code-subject = Code to help somebody to get back in: { $code }
message-vouch-code-text = { $count ->
    [one] Somebody who trusts you is recovering access to their account. Call them, compare the number and enter this code in your account. It is good for { $count } minute. Tell it to nobody, not even to them.
   *[other] Somebody who trusts you is recovering access to their account. Call them, compare the number and enter this code in your account. It is good for { $count } minutes. Tell it to nobody, not even to them.
  }
message-vouch-code-sms = { $code } is the code of a trusted contact. Only enter it yourself.
message-trusted-invited-subject = You are asked to be a trusted contact
message-trusted-invited-text = A citizen asks you to help them to get back in, should they ever lose access. You see who it is in your account. You may agree within seven days.
message-trusted-invited-sms = Propusk: you are asked to be a trusted contact. See your account.
message-trusted-chosen-subject = You are choosing a trusted contact
message-trusted-chosen-text = At { $time } an invitation to be your trusted contact was sent from your account. If it was not you, remove it on the security page and change the password.
message-trusted-chosen-sms = Propusk: a trusted contact was invited from your account. Not you? Remove it and change the password.
message-trusted-confirmed-subject = Your trusted contact agreed
message-trusted-confirmed-text = At { $time } the person you chose agreed to be your trusted contact. Now they can help you to get back in. If you chose nobody, remove them and change the password.
message-trusted-confirmed-sms = Propusk: your trusted contact agreed. Chose nobody? Remove them and change the password.
message-trusted-ended-subject = The trust has ended
message-trusted-ended-text = At { $time } the trust between you and another citizen ended: neither can help the other to get back in any more.
message-trusted-ended-sms = Propusk: the trusted contact is not in force any more.
action-recovery-vouched = The trusted contact confirmed the recovery of access
action-vouched = You confirmed somebody who trusts you
action-trusted-chosen = A trusted contact was invited
action-trusted-agreed = You became a trusted contact
action-trusted-confirmed = The trusted contact agreed
action-trusted-ended = The trust was ended by one of the two
