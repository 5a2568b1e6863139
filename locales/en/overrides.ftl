# The registry is wrong: two operators look at the originals.

check-overridden = confirmed by originals
check-overridden-about = The registries still have these data otherwise, but two employees compared them with the originals of your documents. The data of your account were renewed.

override-title = If the registry is wrong
override-about = Do your documents say what you wrote? The registry may not have been renewed yet. Take a number and come to any centre with the originals: your passport, your SNILS and the papers that explain the difference, such as a marriage certificate. First one employee compares them, then another, so a decision takes up to 14 days. You need not come twice.
override-waiting = An employee of a centre compared the originals and proposed to take your data:
override-waiting-until = A second employee decides by
override-waiting-about = We will tell you the decision. If you send other data, this request is closed.
override-lapsed = The second employee did not decide in time. We are sorry: please take another number and come again.

override-case-about = The data do not match the registries. They cannot be confirmed here: compare the originals and propose to take the data; somebody else decides.
override-otherwise = Otherwise in: { $registry }
override-why = Why the registry is wrong
override-why-hint = Which documents you saw. The second operator reads it
override-propose = Propose to take the data
desk-proposed = The proposal was sent. Somebody else decides, and the visitor was told.

overrides-title = Proposals of colleagues
overrides-about = Colleagues saw the originals and propose to take data that do not match the registries. Your own proposals are not here.
overrides-none = There are no proposals.
overrides-confirmed = The data were taken. The visitor was told.
overrides-returned = The proposal was sent back. The visitor will see why.
override-centre = Seen at
override-proposer = Proposed by
override-proposed = Proposed on
override-decide-until = Decide by
override-open = Open the proposal
override-colleague = What your colleague proposes
override-compare-about = Get the originals or their copies from your colleague and compare each field yourself. Tick everything that agrees. What your colleague ticked is not shown.
override-confirm = Take the data
override-return-title = Send back
override-return = Send back with the reason

problem-no-why = Write why the registry is wrong
problem-needs-two = These data do not match the registries: it takes two operators. Propose to take them
problem-passport-over = This passport is no longer valid. The visitor has to send the data of the new one
problem-proposer-gone = The colleague who proposed this does not work here any more. Send the proposal back
problem-own-proposal = Somebody else confirms what you proposed
problem-override-snils = This SNILS is confirmed for another account. The proposal is closed, and both people were told
problem-override-unknown = There is no such proposal, or it was decided, or the data changed, or its time is over

action-override-requested = A number was taken: the registry is wrong
action-override-proposed = An operator compared the originals and proposed to take the data
action-override-opened = A second operator opened the proposal
action-override-confirmed = A second operator confirmed the data by the originals
action-override-returned = A second operator did not agree to take the data

message-override-proposed-subject = An employee proposed to take your data
message-override-proposed-text = An employee of a service centre compared the originals and proposed to take the data that do not match the registries. A second employee decides within 14 days. If you did not visit the centre, tell support.
message-override-proposed-sms = Propusk: an employee proposed to take your data. Were you not at the centre? Tell support.
message-override-confirmed-subject = Your data were taken, your identity is confirmed
message-override-confirmed-text = Two employees compared your data with the originals of your documents. The level of your account is now verified. If you did not visit the centre, tell support.
message-override-confirmed-sms = Propusk: your data were taken by the originals. Were you not at the centre? Tell support.
message-override-returned-subject = Your data were not taken
message-override-returned-text = A second employee did not agree to take the data that do not match the registries. The reason is in your account.
message-override-returned-sms = Propusk: your data were not taken, see your account for the reason.
