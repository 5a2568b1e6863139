# A device without a keyboard: the code it shows is entered here.

device-title = Sign in on a device
device-about = Enter the code that your television, speaker or other device shows.
device-beware = Enter only a code you see on a device in your hands. Nobody from support or a bank will ask you to enter their code.
field-user-code = Code from the device
field-user-code-hint = Eight letters, for example WDJB-MJHT
problem-user-code-empty = Enter the code that the device shows
problem-user-code = There is no such code, or its time is over. Check the letters or get a new code on the device
device-given-title = The device is signed in
device-given-text = Go back to it: it will continue by itself within a few seconds. You may close this page.
device-denied-title = Access refused
device-denied-text = The device gets nothing of your data. You may close this page.
device-to-consents = My consents
asked-given-title = Access allowed
asked-given-text = The site will continue by itself. You may close this page.
asked-denied-title = Access refused
asked-denied-text = The site gets nothing of your data. You may close this page.

# A site asks by itself (CIBA).
warning-site-asks = { $site } asks for access to your data right now.
warning-site-asks-action = Look and answer
message-site-asks-subject = A site asks for access to your data
message-site-asks-text = { $site } asks for access to your data and waits for an answer. Answer in your account. If you are not dealing with this site now, refuse there or do nothing: the request ends by itself.
message-site-asks-sms = Propusk: { $site } asks for access to your data. Answer in your account; if it is not you, refuse.
