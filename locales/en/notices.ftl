# What to tell of, and how.

notice-settings-open = Notice settings
notice-settings-title = Notice settings
notice-settings-lead = Tick how you want to be told of each thing. Codes for signing in always arrive.
notice-settings-save = Save
notice-settings-saved = Saved.
notice-way-email = by e-mail
notice-way-sms = by text message
notice-way-inbox = in your account
notice-category-security = Security
notice-about-security = Sign-ins from new devices, the password, contacts, confirming a sign-in. These cannot all be turned off: keep at least the e-mail or the phone, so that you learn when somebody else gets in.
notice-category-consents = Consents
notice-about-consents = Whom you allowed to have which data.
notice-category-level = Level of the account
notice-about-level = Checks of your data and proof of who you are.
notice-category-account = The account
notice-about-account = Changes of your data.
notice-category-support = Support
notice-about-support = Answers to your requests.
notice-quiet = Quiet hours
notice-quiet-about = We do not disturb you then: everything but codes and messages about security comes later. The time is your local one.
notice-quiet-on = Do not disturb
notice-quiet-from = From
notice-quiet-until = To
problem-notices-security = Keep at least one way that reaches you for security: e-mail or phone.
problem-notices-quiet = The quiet hours begin and end at the same time. Choose different ones.

message-notices-changed-subject = How we warn you was changed
message-notices-changed-text = At { $time } it was changed in your account how we tell you of sign-ins and other matters of security.
message-notices-changed-sms = Propusk: it was changed how we warn you of dangers.
not-me-event-notices = Notices about security were changed
action-notices-changed = Notice settings were changed
