//! What a developer is told of a signature that does not fit: the usual mistakes
//! are tried, and the one that explains it is named.

use super::client_secret::SignedRequest;
use super::text::Endpoint;
use crate::signature::{Signature, SignerCertificate};

/// Nobody can tell another text from another key unless one of them is tried.
const NOBODY_KNOWS: &str =
    "the bare signature does not fit: another text was signed, or by another key";
/// The order of bytes that the endpoints take.
const ORDER: &str = "the order is s, then r, each with its highest byte first";

/// Why CMS does not fit, if it is a usual mistake.
pub(super) fn of_cms(request: &SignedRequest<'_>, signature: &Signature) -> Option<String> {
    let sha1 = request.settings.sha1;
    let fits = |certificate: &SignerCertificate, text: &str| {
        let sound = certificate.verify_cms(signature, text.as_bytes(), sha1);
        sound.is_ok()
    };
    let with_sha1 = |certificate: &&SignerCertificate| {
        let fits = |text: &String| {
            let sound = certificate.verify_cms(signature, text.as_bytes(), true);
            sound.is_ok()
        };
        request.texts().iter().any(fits)
    };
    if request.candidates().iter().any(with_sha1) {
        return Some("it is signed with SHA-1, which this system is not let (--sha1)".to_owned());
    }
    of_another_endpoint(request, fits)
}

/// Why a bare signature does not fit.
pub(super) fn of_bare(request: &SignedRequest<'_>, value: &[u8]) -> String {
    let texts = request.texts();
    let signed = |certificate: &SignerCertificate, value: &[u8]| {
        let fits = |text: &String| certificate.verify_raw(value, text.as_bytes()).is_ok();
        texts.iter().any(fits)
    };
    let candidates = request.candidates();
    let (s, r) = value.split_at(value.len() / 2);
    let turned = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    for (other, it_is) in [
        (turned(value), "all of its bytes stand the other way round"),
        ([r, s].concat(), "it is r, then s"),
        (
            [turned(s), turned(r)].concat(),
            "the bytes of s and of r stand the other way round",
        ),
    ] {
        if candidates.iter().any(|one| signed(one, &other)) {
            return format!("the signature is right, but {it_is}: {ORDER}");
        }
    }
    let by_another = |one: &&SignerCertificate| signed(one, value);
    if let Some(other) = request.client.certificates.iter().find(by_another) {
        let subject = &other.subject;
        return format!("client_certificate_hash is not that of the signer: {subject} signed it");
    }
    let fits = |certificate: &SignerCertificate, text: &str| {
        certificate.verify_raw(value, text.as_bytes()).is_ok()
    };
    of_another_endpoint(request, fits).unwrap_or_else(|| format!("{NOBODY_KNOWS}; {ORDER}"))
}

/// Whether the text was signed that another endpoint takes.
fn of_another_endpoint(
    request: &SignedRequest<'_>,
    fits: impl Fn(&SignerCertificate, &str) -> bool,
) -> Option<String> {
    let candidates = request.candidates();
    [Endpoint::AcV1, Endpoint::AcV2, Endpoint::TeV3]
        .into_iter()
        .filter(|other| *other != request.endpoint)
        .find(|other| {
            let texts = other.texts(request.params, false);
            let mut pairs = candidates
                .iter()
                .flat_map(|one| texts.iter().map(move |text| (*one, text)));
            pairs.any(|(one, text)| fits(one, text))
        })
        .map(|other| format!("the text was signed that {} takes", other.path()))
}
