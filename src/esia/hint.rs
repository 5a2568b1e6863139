//! What a developer is told of a signature that does not fit: the usual mistakes
//! are tried, and the one that explains it is named.

use super::client_secret::SignedRequest;
use super::text::Endpoint;
use crate::signature::{Signature, SignerCertificate, Unsound};

/// Why CMS does not fit.
pub(super) fn of_cms(
    request: &SignedRequest<'_>,
    signature: &Signature,
    unsound: Unsound,
) -> String {
    let fits = |certificate: &SignerCertificate, text: &str, sha1| {
        let sound = certificate.verify_cms(signature, text.as_bytes(), sha1);
        sound.is_ok()
    };
    let texts = request.texts();
    let with_sha1 = |one: &&SignerCertificate| texts.iter().any(|text| fits(one, text, true));
    if unsound == Unsound::WeakAlgorithm && request.candidates().iter().any(with_sha1) {
        return "it is signed with SHA-1, which this system is not let (--sha1)".to_owned();
    }
    let sha1 = request.settings.sha1;
    of_another_endpoint(request, |one, text| fits(one, text, sha1))
        .unwrap_or_else(|| unsound.to_string())
}

/// Why a bare signature does not fit.
pub(super) fn of_bare(request: &SignedRequest<'_>, value: &[u8], unsound: Unsound) -> String {
    if unsound != Unsound::OtherText {
        return unsound.to_string();
    }
    let texts = request.texts();
    let signed = |certificate: &SignerCertificate, value: &[u8]| {
        let fits = |text: &String| certificate.verify_raw(value, text.as_bytes()).is_ok();
        texts.iter().any(fits)
    };
    let candidates = request.candidates();
    let is_gost = candidates.iter().any(|one| one.is_gost());
    if is_gost
        && let Some(order) = another_order(value, |other| {
            candidates.iter().any(|one| signed(one, other))
        })
    {
        return format!(
            "the signature is right, but {order}: it is s, then r, each with its highest byte first"
        );
    }
    // With a hash; without one all are candidates.
    let by_another = |one: &&SignerCertificate| {
        !candidates.iter().any(|tried| tried.der == one.der) && signed(one, value)
    };
    if let Some(other) = request.client.certificates.iter().find(by_another) {
        let hashes = other.hashes().join(" or ");
        return format!("client_certificate_hash is not that of the signer: it is {hashes}");
    }
    let fits = |certificate: &SignerCertificate, text: &str| {
        certificate.verify_raw(value, text.as_bytes()).is_ok()
    };
    // Nobody can tell another text from another key unless one of them is tried.
    of_another_endpoint(request, fits).unwrap_or_else(|| {
        "the bare signature does not fit: another text was signed, or by another key".to_owned()
    })
}

/// In which order the bytes of a GOST signature stand, if `fits` takes them in
/// the right one.
fn another_order(value: &[u8], fits: impl Fn(&[u8]) -> bool) -> Option<&'static str> {
    let (s, r) = value.split_at(value.len() / 2);
    let turned = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    let orders = [
        (turned(value), "all of its bytes stand the other way round"),
        ([r, s].concat(), "r stands before s"),
        (
            [turned(s), turned(r)].concat(),
            "the bytes of s and of r stand the other way round",
        ),
    ];
    let right = orders.into_iter().find(|(other, _)| fits(other));
    right.map(|(_, order)| order)
}

/// Whether the text was signed that another endpoint takes.
fn of_another_endpoint(
    request: &SignedRequest<'_>,
    fits: impl Fn(&SignerCertificate, &str) -> bool,
) -> Option<String> {
    let (candidates, tried) = (request.candidates(), request.texts());
    [Endpoint::AcV1, Endpoint::AcV2, Endpoint::TeV3]
        .into_iter()
        .find(|other| {
            let mut texts = other.texts(request.params, false);
            texts.retain(|text| !tried.contains(text));
            let by_one = |one: &&SignerCertificate| texts.iter().any(|text| fits(one, text));
            candidates.iter().any(by_one)
        })
        .map(|other| format!("the text was signed that {} takes", other.path()))
}
