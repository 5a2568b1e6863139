//! Whether a certificate may say who somebody is: its own term, usage and
//! policies, and the chain up to an authority that is trusted.

use der::asn1::ObjectIdentifier as Oid;
use der::{Decode as _, Encode as _};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreRef;
use openssl::x509::verify::X509VerifyFlags;
use openssl::x509::{X509, X509StoreContext, X509VerifyResult};
use x509_cert::Certificate;
use x509_cert::ext::pkix::{CertificatePolicies, ExtendedKeyUsage, KeyUsage};

use super::trust::{Revocation, Trust};
use super::{SignatureRefused, SignatureSettings};
use crate::model::timestamp::Timestamp;
use crate::signature::{Key, may_sign_certificates};

/// `X509_V_ERR_CERT_REVOKED`.
const REVOKED: i32 = 23;

/// When the certificate ends.
pub(super) fn ends_at(certificate: &Certificate) -> Timestamp {
    let end = certificate.tbs_certificate.validity.not_after;
    Timestamp::default().plus(end.to_unix_duration())
}

/// Its own term, usage and policies.
pub(super) fn check_itself(
    certificate: &Certificate,
    settings: &SignatureSettings,
    now: Timestamp,
) -> Result<(), SignatureRefused> {
    let data = &certificate.tbs_certificate;
    let begin = data.validity.not_before.to_unix_duration();
    if now < Timestamp::default().plus(begin) {
        return Err(SignatureRefused::NotYetValid);
    }
    if ends_at(certificate) <= now {
        return Err(SignatureRefused::Expired);
    }
    let wrong = |_| SignatureRefused::WrongUsage;
    let usage = data.get::<KeyUsage>().map_err(wrong)?;
    if !usage.is_some_and(|(_, usage)| usage.digital_signature() || usage.non_repudiation()) {
        return Err(SignatureRefused::WrongUsage);
    }
    let extended = data.get::<ExtendedKeyUsage>().map_err(wrong)?;
    let extended = extended.map(|(_, usages)| usages.0).unwrap_or_default();
    if !one_of(&settings.extended_usages, &extended) {
        return Err(SignatureRefused::WrongUsage);
    }
    let policies = data.get::<CertificatePolicies>();
    let policies = policies.map_err(|_| SignatureRefused::NotQualified)?;
    let policies: Vec<Oid> = policies
        .into_iter()
        .flat_map(|(_, all)| all.0)
        .map(|policy| policy.policy_identifier)
        .collect();
    if one_of(&settings.policies, &policies) {
        Ok(())
    } else {
        Err(SignatureRefused::NotQualified)
    }
}

fn one_of(wanted: &[String], have: &[Oid]) -> bool {
    wanted.is_empty() || have.iter().any(|oid| wanted.contains(&oid.to_string()))
}

/// The chain, and that nobody in it was taken back.
pub(super) fn check_chain(
    certificate: &X509,
    others: &[Certificate],
    trust: &Trust,
    now: Timestamp,
) -> Result<(), SignatureRefused> {
    let unknown = |_| SignatureRefused::UnknownAuthority;
    let mut between = Stack::new().map_err(unknown)?;
    for other in others {
        let der = other
            .to_der()
            .map_err(|_| SignatureRefused::NotASignature)?;
        if let Ok(other) = X509::from_der(&der) {
            between.push(other).map_err(unknown)?;
        }
    }
    for other in &trust.intermediates {
        between.push(other.clone()).map_err(unknown)?;
    }
    let verify = |leaf: &X509, at: Option<Timestamp>, flags: X509VerifyFlags| {
        let store = trust.store(at, flags).map_err(unknown)?;
        verify(&store, leaf, &between).map_err(unknown)
    };
    let (outcome, chain) = verify(certificate, Some(now), X509VerifyFlags::empty())?;
    if outcome != X509VerifyResult::OK {
        return Err(SignatureRefused::UnknownAuthority);
    }
    check_algorithms(&chain)?;
    match trust.settings.revocation {
        Revocation::Required => {
            let all = X509VerifyFlags::CRL_CHECK | X509VerifyFlags::CRL_CHECK_ALL;
            match verify(certificate, Some(now), all)?.0 {
                X509VerifyResult::OK => Ok(()),
                outcome if outcome.as_raw() == REVOKED => Err(SignatureRefused::Revoked),
                _ => Err(SignatureRefused::RevocationUnknown),
            }
        }
        Revocation::IfPresent => {
            // Each by itself: OpenSSL stops at the first list that is missing.
            // An old list still tells whom it names.
            let one = X509VerifyFlags::CRL_CHECK | X509VerifyFlags::NO_CHECK_TIME;
            let (_root, below) = chain
                .split_last()
                .ok_or(SignatureRefused::UnknownAuthority)?;
            for der in below {
                let link = X509::from_der(der).map_err(unknown)?;
                if verify(&link, None, one)?.0.as_raw() == REVOKED {
                    return Err(SignatureRefused::Revoked);
                }
            }
            Ok(())
        }
    }
}

fn verify(
    store: &X509StoreRef,
    certificate: &X509,
    between: &Stack<X509>,
) -> Result<(X509VerifyResult, Vec<Vec<u8>>), openssl::error::ErrorStack> {
    let mut context = X509StoreContext::new()?;
    context.init(store, certificate, between, |context| {
        context.verify_cert()?;
        let chain = context.chain().into_iter().flatten();
        let chain = chain.map(|one| one.to_der()).collect::<Result<_, _>>()?;
        Ok((context.error(), chain))
    })
}

/// Every key of the chain, and every signature but the authority's of itself.
fn check_algorithms(chain: &[Vec<u8>]) -> Result<(), SignatureRefused> {
    for (place, der) in chain.iter().enumerate() {
        let read = Certificate::from_der(der).map_err(|_| SignatureRefused::UnknownAuthority)?;
        let opened = X509::from_der(der).and_then(|read| read.public_key());
        let opened = opened.map_err(|_| SignatureRefused::UnknownAuthority)?;
        let kind = Key::of(&read.tbs_certificate.subject_public_key_info)?;
        let is_root = place + 1 == chain.len();
        let signed_well = is_root || may_sign_certificates(read.signature_algorithm.oid);
        if !signed_well || !kind.is_long_enough(&opened) {
            return Err(SignatureRefused::WeakAlgorithm);
        }
    }
    Ok(())
}
