//! A bare signature value that a stranger sends as `client_secret`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &[u8]| {
    propusk_fuzz::registered::is_of_one_at_most(|certificate, text| {
        certificate.verify_raw(value, text).is_ok()
    });
});
