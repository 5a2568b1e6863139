# Unusual sign-ins: what was unusual, and what follows from it.

risk-new-country = new country
risk-new-network = new network
risk-impossible-travel = travelled too fast
risk-new-agent = new device
risk-rate = too many sign-ins
risk-bad-address = address of bad repute

risk-new-country-said = New country: { $country }
risk-new-network-said = New network: { $network }
risk-impossible-travel-said = Travelled too fast: { $kilometres } km in { $minutes } min
risk-new-agent-said = New browser or system: { $agent }
risk-rate-said = Too many sign-ins: { $sign_ins } in { $minutes } min
risk-bad-address-said = Network of bad repute: { $network }
risk-rule-said = Unusual sign-in: { $rule }

status-refused = refused
history-reasons = What was unusual
action-restricted = Some actions closed after an unusual sign-in
action-restriction-lifted = Restriction lifted early
action-sign-in-refused = Unusual sign-in refused
message-open-history = Open the sign-in history

sign-in-unusual-title = We did not let you in
sign-in-unusual-text = This sign-in is too unlike earlier ones to this account. Sign in from a device you usually use. If that does not work, go to a service centre with your passport.

restricted-title = Some actions are closed for a while
restricted-why = Somebody signed in to your account in an unusual way: from another place, from another device, too soon after, or after access was recovered. If it was not you, this keeps a stranger from doing harm.
restricted-until = Closed until
restricted-what = Until then the phone, the e-mail address and the password cannot be changed, banks and signatures cannot be linked, documents cannot be deleted, and other sites cannot be entered. Everything else in your account works.
restricted-sooner = A service centre can open it sooner: come with your passport and SNILS.
restricted-return = Back to the site
restricted-history = Look at the sign-in history
warning-restricted = After an unusual sign-in some actions are closed until { $time }.
warning-restricted-action = More about it

message-sign-in-unusual-subject = Unusual sign-in
message-sign-in-unusual-text = At { $time } somebody signed in to your account: { $device }, { $place }. What was unusual: { $reasons }. If it was not you, end the session and change the password.
message-sign-in-unusual-sms = Unusual sign-in to Propusk: { $device }. Not you? End the session and change the password.

message-sign-in-restricted-subject = Some actions are closed for a while
message-sign-in-restricted-text = At { $time } somebody signed in to your account: { $device }, { $place }. What was unusual: { $reasons }. Therefore contacts and the password cannot be changed and other sites cannot be entered until { $until }. A service centre can open it sooner: come with your passport and SNILS.
message-sign-in-restricted-sms = Unusual sign-in to Propusk: { $device }. Some actions are closed. See your account.

message-sign-in-refused-subject = Sign-in refused
message-sign-in-refused-text = At { $time } somebody typed your sign-in details: { $device }, { $place }. We did not let them in. What was unusual: { $reasons }. If it was not you, change the password.
message-sign-in-refused-sms = Sign-in to Propusk refused: { $device }. Your password is known. Not you? Change the password.

message-restriction-lifted-subject = Restriction lifted
message-restriction-lifted-text = At { $time } an operator lifted the restriction: all actions and sites are open again.
message-restriction-lifted-sms = Propusk: the restriction is lifted, all actions and sites are open again.
