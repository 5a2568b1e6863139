# Recovering access.

sign-in-recover = Cannot sign in?
sign-in-recovered = The new password is set. Sign in with it.

recover-title = Recover access
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
