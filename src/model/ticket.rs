//! Kinds of one-time secrets. A ticket is found only under its own kind, so
//! one cannot be passed off as another.

/// An authorization code (RFC 6749 §4.1).
pub const AUTHORIZATION_CODE: &str = "authorization_code";
/// An authorization request that was pushed beforehand (RFC 9126).
pub const PUSHED_REQUEST: &str = "pushed_request";
/// What a device asks for its tokens with (RFC 8628 §3.2).
pub const DEVICE_CODE: &str = "device_code";
/// What a site asks for its tokens with (CIBA §7.3).
pub const BACKCHANNEL_REQUEST: &str = "backchannel_request";
/// The `jti` of a signed request of a site that was seen.
pub const BACKCHANNEL_OBJECT: &str = "backchannel_object";
/// The code that its owner enters.
pub const USER_CODE: &str = "user_code";
/// The `jti` of a DPoP proof that was seen (RFC 9449 §11.1).
pub const DPOP_PROOF: &str = "dpop_proof";
/// A registration under way, found by the browser's form.
pub const REGISTRATION: &str = "registration";
/// The link in a registration e-mail.
pub const REGISTRATION_LINK: &str = "registration_link";
/// A confirmed contact that may now set a password.
pub const REGISTRATION_CONFIRMED: &str = "registration_confirmed";
/// A contact being added to an account.
pub const CONTACT_CHANGE: &str = "contact_change";
/// A sign-in that waits for a second factor.
pub const SECOND_STEP: &str = "second_step";
/// A code that is sent for a second factor.
pub const SECOND_CODE: &str = "second_code";
/// A challenge to a key that was answered.
pub const KEY_CHALLENGE: &str = "key_challenge";
/// A sign-in that was asked for by a QR code: what the code leads to.
pub const APPROVAL_ASKED: &str = "approval_asked";
/// The same for the browser that waits.
pub const APPROVAL_AWAITED: &str = "approval_awaited";
/// A signed request of ESIA's dialect that was seen, and in which browser.
pub const ESIA_REQUEST: &str = "esia_request";
/// A refresh token of ESIA's dialect: which of its grant's it is.
pub const ESIA_REFRESH: &str = "esia_refresh";
/// The owner's answer, until that browser goes in by it.
pub const APPROVAL: &str = "approval";
/// A sign-in by SNILS and phone that waits for its code.
pub const SIGN_IN_CODE: &str = "sign_in_code";
/// The link of a message to who has not done what it tells of.
pub const NOT_ME: &str = "not_me";
/// Access being recovered that waits for its code.
pub const RECOVERY: &str = "recovery";
/// Access being recovered whose code was right.
pub const RECOVERY_OPEN: &str = "recovery_open";
/// The link of a message that cancels a recovery.
pub const RECOVERY_CANCEL: &str = "recovery_cancel";
/// A contact shown by who recovers access by a form.
pub const APPEAL: &str = "appeal";
/// The same once its code was right: the form may be sent.
pub const APPEAL_FORM: &str = "appeal_form";
/// The link of a message that cancels an application.
pub const APPEAL_CANCEL: &str = "appeal_cancel";
/// The link of a message that sets a password at the end of an application.
pub const APPEAL_OPEN: &str = "appeal_open";
/// A code of who vouches for somebody that recovers access.
pub const VOUCH_CODE: &str = "vouch_code";
/// A contact being made a second factor.
pub const NEW_FACTOR: &str = "new_factor";
/// An account being deleted.
pub const ERASURE: &str = "erasure";
/// What a bank or a certificate asserts of a person, until it is used.
pub const ASSERTION: &str = "assertion";
/// A text to be signed with a certificate.
pub const SIGNATURE: &str = "signature";
/// A citizen who was sent to a bank and is to come back.
pub const BANK_ROUND: &str = "bank_round";
/// A message to nobody, kept for the time its like would be.
pub const NEVER_SENT: &str = "never_sent";
/// The `jti` of a client assertion that was seen (RFC 7523 §3).
pub const CLIENT_ASSERTION: &str = "client_assertion";
/// An access token revoked on its own (RFC 7009).
pub const REVOKED_TOKEN: &str = "revoked_token";
/// What lets a program register clients, so many times (RFC 7591 §3).
pub const INITIAL_ACCESS: &str = "initial_access";
