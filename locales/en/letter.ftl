# Codes on paper: registered letters, and codes printed at a service centre.

letter-title = Confirm your identity by registered letter
letter-about = We send a registered letter with a code. The post office hands it to you in person, against your passport. Enter the code here, and the level becomes verified.
letter-to = To
letter-state = The letter
letter-ordered = Ordered, waits to be printed
letter-printed = Printed, will be posted soon
letter-posted = Posted
letter-track = Tracking number
letter-track-hint = 14 digits of the receipt, for instance 80108312345676
letter-address = Address
letter-no-address = Give an address with post code, town, street and house in the data to be checked.
letter-order = Order a letter
letter-post = Posted under this number
letter-return = The letter came back
letter-returned = The letter came back, its code does not work.

code-letter = Code of the letter
code-centre = Code you were given at the centre
paper-code-hint = 8 digits. The code works until
code-send = Confirm
code-right = The code is right. Your identity is confirmed.
code-accepted = You have entered this code, but your data have changed since. Confirm your identity again.
code-spent = The code works no more: no tries are left. Get a new one.
code-expired = The time of the code is over. Get a new one.
code-returned = The letter with the code came back. Check the address and order another.
problem-proof-code-digits = A code has 8 digits
problem-proof-code-wrong = { $count ->
    [one] The code is wrong. { $count } try is left
   *[other] The code is wrong. { $count } tries are left
}
problem-letters-too-many = You have ordered too many letters. You may order the next { $time }

letters-title = Letters with codes
letters-waiting-title = Waiting to be printed
letters-waiting = { $count ->
    [one] { $count } letter
   *[other] { $count } letters
}
letters-none = No letter waits to be printed.
letters-print = Make a batch
letters-batches = Batches to be posted
letters-batches-none = Everything is posted.
letters-batch = Batch { $number }
letters-find-title = Find a letter
letters-number = Number of the letter
letters-number-hint = Below the barcode at the foot of the letter
letters-find = Find
letters-pdf-about = Print the letters, put them into envelopes and post them as registered. Then write down the number the post gave: from that day the code works.
letters-pdf = Download the letters to print
problem-letter-unknown = No such letter was printed at your centre
problem-track-form = The number has 14 digits, or the form RR473124829RU
problem-track-digit = There is a slip in the number: the check digit does not fit
action-letters-downloaded = Letters with codes were downloaded

console-nav = Parts of the desk
case-code = Print a code
code-sheet-title = A code for the visitor
code-sheet-about = Print this page and hand it to the visitor. The code is shown once.
code-sheet-until = The code works until
code-sheet-back = To the requests

paper-product = Propusk
paper-title = Your code of confirmation
paper-about = Sign in to your account at { $site }, open the part “Level” and enter the code:
paper-rules = The code can be entered once. At most five wrong tries.
paper-warning = Tell nobody the code. If you did not ask for it, tell support.
