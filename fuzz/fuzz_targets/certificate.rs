//! A certificate as somebody registers it: what is read is written and read
//! again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use propusk_fuzz::signature::SignerCertificate;

fuzz_target!(|file: &[u8]| {
    let Ok(certificate) = SignerCertificate::read(file) else {
        return;
    };
    let pem = SignerCertificate::to_be_kept(file).expect("what was read can be written");
    let again = SignerCertificate::read(pem.as_bytes()).expect("and read again");
    assert_eq!(certificate.subject, again.subject);
    assert_eq!(certificate.not_before, again.not_before);
    assert_eq!(certificate.not_after, again.not_after);
});
