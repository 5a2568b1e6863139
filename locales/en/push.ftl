# Notices in a browser.

browsers-open = Notices in this browser
browsers-title = Notices in a browser
browsers-lead = The browser shows a notice even when Propusk is closed: about a sign-in from a new device, a new consent, an answer from support.
browsers-hint = Turn this on only on a device of your own: everyone who looks at the screen sees the notice. It never holds a code or a link that changes anything. About security we write to your e-mail or phone all the same.
browsers-turn-on = Turn on in this browser
browsers-again = Turn on anew
browsers-need-script = To turn notices on here, allow JavaScript on this page. The list below works without it.
browsers-cannot = This browser cannot show notices. On an iPhone, add the site to the Home Screen first.
browsers-failed = The browser could not turn notices on. Try again or choose another way in the notice settings.
browsers-denied = Notices from this site are not allowed. Allow them in the settings of the browser and press the button again.
browsers-no-room = Notices are on in ten browsers already. Remove those you do not use.
browsers-list = Where they are on
browsers-none = Nowhere yet
browsers-here = this browser
browsers-added = turned on
browsers-remove = Remove
browsers-on = Done: notices will come to this browser.
browsers-removed = Removed. That browser will show no more notices.
problem-browsers-unusable = This browser sent a subscription that we cannot use. Press “Turn on” again; if that does not help, choose another way.
problem-browsers-full = Notices are on in ten browsers already. Remove one and try again.
notice-way-push = in the browser
demo-channel-push = Browser
export-browsers = Browsers with notices

message-browser-told-subject = Notices in a browser were turned on
message-browser-told-text = On { $time } you turned on Propusk notices in a browser: { $device }. It will show what we write to you about sign-ins and other events.
message-browser-told-sms = Propusk: notices were turned on in the browser { $device }.
not-me-event-browser = Notices in a browser were turned on
action-browser-told = Notices in a browser turned on
action-browser-silenced = Notices in a browser turned off
