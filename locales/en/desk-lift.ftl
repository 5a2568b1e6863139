# Lifting a restriction at a service centre.

papers-liftable = This person has an account with the same data, and some actions there are closed for a while after an unusual sign-in. If the owner is before you, compare the originals once more, give the reason and lift the restriction: every contact of the account is told. It changes neither the password nor the ways to confirm a sign-in.
papers-restricted-until = Closed until
papers-lift = Lift the restriction
papers-lift-reason = Why the restriction may be lifted
papers-lifted = The restriction has been lifted. The owner is being told.
