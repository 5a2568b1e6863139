# Electronic signatures: signing in, registering and proving who one is.

signature-title = Electronic signature
signature-sign-in = Sign in with an electronic signature
signature-prove-title = Prove who you are with an electronic signature
signature-prove-about = If you have a qualified electronic signature, sign our file. We compare the name and SNILS in the certificate with your account. The level lasts as long as the certificate.
signature-prove = Prove with a signature
signature-about-prove = Sign the file with your qualified signature, and your identity is proven.
signature-about-enter = Sign the file with your qualified signature to sign in. No account yet? We will offer to create one.
signature-step-file = 1. Download the file
signature-file-about = It says for which site and for what the signature is. The file is good for one use, until
signature-download = Download the file
signature-step-sign = 2. Sign it
signature-sign-about = Open the file in the program you sign documents with and make a detached signature that includes your certificate. Do not change the file itself.
signature-step-send = 3. Send the signature
signature-file = Signature file
signature-file-hint = Usually .sig or .p7s, up to 64 KB
signature-pasted = Or paste the text of the signature
signature-send = Send the signature
signature-here = Sign in the browser
signature-another = Get a new file
signature-expired = The file was good for ten minutes, and they are over. Get a new one and sign it.
signature-used = This file has been signed already. Each time needs a new one.
signature-unknown = This file was given to another browser or before you signed in. Get a new one here.
signature-empty = Choose the signature file
signature-too-many = Too many signatures came from your network. Try again after { $time }.

signature-too-large = The file is larger than 64 KB. Send the signature only, without the document
signature-not-one = This is no signature file. It should be the .sig or .p7s file that your signing program made
signature-signers = There must be one signature in the file. Sign anew, with your signature only
signature-no-certificate = Your certificate is not in the signature. Switch on “include the certificate” in the program and sign again
signature-weak = The signature was made by an outdated algorithm. It must be GOST R 34.10-2012, RSA of 2048 bits or more, or ECDSA
signature-gost-off = This server cannot check GOST signatures just now. Choose another way or try later
signature-other-text = Another file was signed. Download the file from this page and sign it without changing anything
signature-broken = The signature is damaged or was not made with the key of the certificate. Sign the file anew
signature-authority = We do not trust this certification authority. The certificate must come from an accredited one
signature-not-yet = The certificate is not valid yet. Try again once its term has begun
signature-certificate-over = The certificate has expired. Get a new one from your certification authority
signature-usage = This certificate is not meant for signing. Choose another one
signature-not-qualified = This is not a qualified signature. A qualified certificate of a person is needed
signature-revoked = The certificate was revoked. Get a new one from your certification authority
signature-revocation = We cannot check just now whether the certificate was revoked. Try later
signature-organisation = This is a certificate of an organisation. Yours must be a personal one
signature-no-snils = There is no SNILS in the certificate. A qualified certificate of a person is needed
signature-no-name = There is no name in the certificate. A qualified certificate of a person is needed

# The file that is signed.
signature-text =
    Electronic signature for the site { $site }

    { $purpose }

    Time: { $time }
    Valid until: { $until }
    One-time number: { $number }

    Do not sign this file unless you have opened the signing page of this site yourself.
signature-text-prove = With this signature I prove who I am, and that the account I have signed in to on this site is mine.
signature-text-enter = With this signature I sign in to this site.
