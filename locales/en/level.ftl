# The level of the account and the check of registries.

section-level = Level
level-ladder = Steps
level-current = your level
level-passed = passed
level-ahead = not reached yet
level-ends = The level holds until
level-ends-about = Get a new passport by then and send its data to be checked.
level-continue = Continue
level-site-waits = The site “{ $site }” needs the level “{ $level }”. Raise your level here, then you can return to the site.
level-site-met = Your level is high enough for the site “{ $site }”.
level-raise = Raise the level

check-title = Check of your data
check-about = Give the data of your passport and your SNILS. We compare them with the state registries, which usually takes a few minutes.
check-nobody = Data cannot be checked now: no registries are connected.
check-sent = Sent
check-live = The page renews itself
check-fields = Does not match:
check-waiting = waiting
check-in-progress = being checked
check-in-progress-about = We are comparing your data with the registries. You need not wait on this page: you will get a notice.
check-matched = matched
check-matched-about = All data match the registries.
check-mismatch = no match
check-mismatch-about = Compare the marked fields with your documents. If the documents say what you wrote, turn to the office that keeps the registry. The data of your account have not changed.
check-unavailable = no answer
check-unavailable-about = The registry is not available at the moment. We will ask it again by ourselves, you need not send anything.
check-snils-taken = SNILS in use
check-snils-taken-about = This SNILS is confirmed for another account. If that account is yours, sign in to it. If not, contact support.
registry-passports = Registry of passports
registry-pension-fund = Social Fund
registry-tax-service = Tax Service

level-data-title = Data to be checked
level-data-about = Fill in everything as it stands in your documents. Nothing changes in your account before the registries answer.
level-data-simulated = The registries here are for training. They know only people with a SNILS such as 000‑000‑300 00 (three zeros, then six digits divisible by 3) and a passport of series 00 01 with a number divisible by 3, such as 00 01 000300.
level-data-person = Who you are
level-data-passport = Passport of a citizen of Russia
level-data-registered = Registered address
level-data-residence = Address where you live
level-data-lives-there = The same as the registered address
level-data-send = Send to be checked
level-data-sent = Your data were sent to be checked.
level-data-fill = Fill in the data
level-data-correct = Correct the data
level-data-renew = Renew the data
level-data-too-many = You have sent data too many times today. Try again { $time }.

field-middle-name-hint = Leave empty if your passport has none
field-birthplace = Place of birth
field-birthplace-hint = As in the passport
field-inn = INN
field-inn-hint = 12 digits
field-passport = Series and number of the passport
field-passport-hint = 10 digits, for example 18 10 123456
field-issued-on = Date of issue
field-department-code = Department code
field-department-code-hint = For example, 340‑001
field-issued-by = Issued by
field-issued-by-hint = As in the passport

problem-name-cyrillic = Write the name in Russian letters, as in the passport
problem-snils-fixed = This SNILS differs from the confirmed one. Only an operator can change it
problem-passport-digits = Series and number of a passport have 10 digits
problem-passport-region = There is no such series. Check its first two digits
problem-passport-year = The series does not fit the date of issue. Check its third and fourth digits and the date
problem-passport-young = Passports are issued from the age of 14. Check the date of issue and the date of birth
problem-passport-expired = This passport is no longer valid: passports are replaced at 20 and at 45. Give the new one
problem-department-code = A department code has 6 digits
problem-inn = An INN has 12 digits
problem-inn-sum = There is a typing error in the INN: the check digits do not fit

attribute-from-level = shared from the level “{ $level }” on

profile-checked = Your name, birth date, sex and documents were checked by registries. They change only by another check.
profile-checked-link = Send new data
