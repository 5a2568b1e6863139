photographs-title = Prove who you are by photographs
photographs-about = Send photographs of your passport and of yourself with it. An operator of a centre compares them with your data; you need not go anywhere.
photographs-open = Upload photographs
photographs-waiting = waiting for an operator
photographs-waiting-about = An operator will compare the photographs with your data. We will tell you the decision.
photographs-withdraw = Withdraw and delete the photographs
photographs-refused = refused
photographs-expired = out of time
photographs-page-about = An operator compares the photographs with the data that registries have checked, and the level becomes verified.
photographs-files = JPEG or PNG, up to 5 MB each. Take them in good light: letters must be readable and the corners of pages visible.
photographs-again = The files have to be chosen again: the browser does not keep them.
photograph-passport-main = The passport open at the photograph
photograph-passport-main-hint = The whole of pages two and three
photograph-passport-registration = The page with the registration
photograph-passport-registration-hint = The latest stamp of your place of residence
photograph-selfie = You with the passport in your hands
photograph-selfie-hint = Your face and the open passport beside it, without glasses and headwear
photographs-consent = I agree that the photographs are processed to prove who I am
photographs-consent-hint = Only the operator who decides sees the photographs. You may withdraw your consent until it is decided: the photographs are deleted.
photographs-kept-not = They are deleted as soon as it is decided.
photographs-kept = { $count ->
    [one] They are kept for { $count } day after the decision and then deleted.
   *[other] They are kept for { $count } days after the decision and then deleted.
  }
photographs-send = Send for comparison
photographs-queue-title = Photographs to compare
photographs-queue-link = Photographs to compare
photographs-queue-count = { $count ->
    [one] { $count } case waits
   *[other] { $count } cases wait
  }
photographs-queue-oldest = The oldest was sent
photographs-queue-about = You get the oldest case that is free. Nobody else sees it for fifteen minutes.
photographs-take = Take a case
photographs-none-free = No case is free now: other operators are looking at them.
photographs-case-title = A case with photographs
photographs-held-until = Yours until
photographs-compare = Compare with the photographs
photographs-compare-about = Compare every field with the passport in the photographs, and the face with the picture in the passport. Tick everything that matches.
photographs-enlarge = Open large
photographs-release-about = You cannot decide? Another operator will take the case.
photographs-release = Put it back
photographs-lost = The case is no longer yours: the time is over, or it has been decided.
photographs-desk-confirmed = The person is confirmed and has been told.
photographs-desk-refused = The confirmation is refused. The citizen will see the reason.
action-photographs-sent = Photographs sent for comparison
action-photographs-opened = An operator opened the photographs
action-photographs-confirmed = Identity confirmed by photographs
action-photographs-refused = Confirmation by photographs refused
action-photographs-withdrawn = Photographs withdrawn and deleted
action-photographs-expired = Photographs deleted: nobody decided in time
message-photographs-confirmed-subject = You are confirmed by photographs
message-photographs-confirmed-text = An operator of a service centre compared your photographs with your data. Your account is now verified. If you sent no photographs, tell our support.
message-photographs-confirmed-sms = Propusk: you are confirmed by photographs. Sent none? Tell our support.
message-photographs-refused-subject = Confirmation by photographs was refused
message-photographs-refused-text = An operator of a service centre did not confirm you by photographs. The reason is in your account.
message-photographs-refused-sms = Propusk: confirmation by photographs was refused, the reason is in your account.
message-photographs-expired-subject = Photographs deleted without a decision
message-photographs-expired-text = Nobody compared your photographs in time, and we have deleted them. Send them again or come to a service centre.
message-photographs-expired-sms = Propusk: nobody compared your photographs in time, they are deleted. Please send them again.
