//! A CMS file that a stranger sends as `client_secret`, or uploads as a
//! qualified signature: read, asked everything, and checked by every registered
//! certificate.

#![no_main]

use libfuzzer_sys::fuzz_target;
use propusk_fuzz::signature::Signature;

fuzz_target!(|file: &[u8]| {
    let Ok(signature) = Signature::read(file) else {
        return;
    };
    let _ = signature.serial_number();
    propusk_fuzz::registered::is_of_one_at_most(|certificate, text| {
        let _ = certificate.is_named_by(&signature);
        let _ = certificate.is_numbered_by(&signature);
        certificate.verify_cms(&signature, text, true).is_ok()
    });
});
