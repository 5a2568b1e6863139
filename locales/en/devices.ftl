# Devices and their rights.

devices-title = Devices and sessions
devices-about = Leave fewer rights to a device that others use. They hold as long as one signs in there as before: a new device begins with all rights.
devices-change = Rights and actions
devices-rights = What may be done from this device
devices-save = Save the rights
devices-trusted = no code is asked for until
devices-locked = sign-in closed
devices-locked-until = after wrong passwords sign-in is closed until
devices-nobody = nobody is signed in now
devices-end = End the sessions
devices-forget = Forget the device
devices-forget-about = A forgotten device leaves the list and its sessions end. If somebody signs in there again it is a new one, with all rights.
devices-done-rights = The rights of the device have been changed.
devices-done-forgotten = The device has been forgotten and its sessions have ended.
devices-done-ended = The sessions on the device have ended.

device-rights-view = look only
device-rights-confirm = look and approve
device-rights-full = everything

last-full-title = No device would be left with all rights
last-full-text = { $device } is your only device with all rights. After this no device you have now can change your data or give rights back.
last-full-back = The way back: sign in on a new device, which begins with all rights, or recover access.
last-full-confirm = Change it anyway

error-view-title = This device may look only
error-view-text = Nothing has changed. From this device you can sign out, freeze the account and say “it was not me”. Rights are changed on a device with all rights: Security, Devices and sessions. If there is none, sign in on a new device.
error-confirm-title = This device may not change anything
error-confirm-text = Nothing has changed. From this device you can look, approve sign-ins, give and withdraw consents. Rights are changed on a device with all rights: Security, Devices and sessions. If there is none, sign in on a new device.
error-rights-open = See the devices

action-device-rights-changed = The rights of a device were changed
action-device-forgotten = A device was forgotten
not-me-event-device = The rights of a device were changed

message-device-rights-subject = The rights of a device were changed
message-device-rights-text = { $time }: somebody in your account changed what may be done from the device { $device }. Its rights are shown under Security.
message-device-rights-sms = Propusk: the rights of the device { $device } were changed. Not you? Change your password.

message-device-forgotten-subject = A device was forgotten
message-device-forgotten-text = { $time }: somebody in your account made it forget the device { $device }: its sessions have ended and its limits are gone. At the next sign-in it will be a new one.
message-device-forgotten-sms = Propusk: the device { $device } was forgotten. Not you? Change your password.
