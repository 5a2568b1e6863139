//! The forms in which programs sign and send.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode as _, Encode as _};
use serde_json::json;

use super::{code, sent};
use crate::support::authority::{Kind, TERM};
use crate::support::esia::{AC_V2, Party, V1, ac, post, refresh, set, te, text};

/// Forms that only a lenient registration takes.
#[tokio::test]
async fn each_lenient_form_needs_the_setting() {
    for lenient in [true, false] {
        let party = Party::new(Kind::Gost256);
        let app = party.app(json!({ "lenient": lenient })).await;
        let good = |ended: &(String, bool)| ended.0 == "/sign-in";
        // CMS with the order of the first generation at the second.
        for hash in ["", &party.hash()] {
            let mut request = ac(&app, &format!("cms {hash}"), "openid");
            party.cms(&mut request);
            set(&mut request, "client_certificate_hash", hash);
            let ended = sent(&app, "/aas/oauth2/v2/ac", &request).await;
            assert_eq!(good(&ended), lenient, "{hash}");
        }
        // The same at the token endpoint: the signature is good, the code is not.
        let mut request = te(&app, "te", "no.such.code");
        party.cms(&mut request);
        let (_, answer) = post(&app, "/aas/oauth2/v3/te", &request).await;
        let expected = if lenient {
            "ESIA-007011"
        } else {
            "ESIA-007053"
        };
        assert_eq!(code(&answer), expected);
        // A bare signature at the first.
        let mut request = ac(&app, "raw", "openid");
        party.raw(&mut request, V1);
        assert_eq!(good(&sent(&app, "/aas/oauth2/ac", &request).await), lenient);
        app.end().await;
    }
    for sha1 in [true, false] {
        let party = Party::new(Kind::Rsa);
        let app = party.app(json!({ "sha1": sha1 })).await;
        let mut request = ac(&app, "sha1", "openid");
        let signed = text(&request, V1);
        let more = ["-binary", "-outform", "DER", "-md", "sha1"];
        let signature = party.certificate.sign_with(signed.as_bytes(), &more);
        let secret = STANDARD.encode(signature);
        set(&mut request, "client_secret", &secret);
        let ended = sent(&app, "/aas/oauth2/ac", &request).await;
        assert_eq!(ended.0 == "/sign-in", sha1, "{ended:?}");
        app.end().await;
    }
}

/// Codings of `client_secret` that programs send, each in the place where they
/// send it.
#[tokio::test]
async fn every_coding_and_form_of_a_signature_is_taken() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let codings: [fn(&[u8]) -> String; 7] = [
        |bytes| URL_SAFE_NO_PAD.encode(bytes),
        |bytes| URL_SAFE.encode(bytes),
        |bytes| STANDARD.encode(bytes),
        |bytes| STANDARD.encode(bytes).replace('+', " "),
        |bytes| URL_SAFE.encode(bytes).replacen('=', "", 1),
        |bytes| format!("{}\r\n", STANDARD.encode(bytes)),
        // UrlTokenEncode of .NET.
        |bytes| {
            let padded = URL_SAFE.encode(bytes);
            let bare = padded.trim_end_matches('=');
            format!("{bare}{}", padded.len() - bare.len())
        },
    ];
    let mut number = 0;
    for form in [
        &["-binary"][..],
        &["-binary", "-noattr"],
        &["-binary", "-nodetach"],
        &["-binary", "-nodetach", "-noattr"],
        &["-binary", "-cades"],
        &["-binary", "-nocerts"],
        &[
            "-binary",
            "-nodetach",
            "-noattr",
            "-econtent_type",
            "1.2.840.113549.1.7.5",
        ],
    ] {
        for coding in codings {
            number += 1;
            let mut request = te(&app, &format!("s{number}"), "no.such.code");
            let signed = text(&request, V1);
            let options = [form, &["-outform", "DER"]].concat();
            let signature = party.certificate.sign_with(signed.as_bytes(), &options);
            set(&mut request, "client_secret", &coding(&signature));
            // The signature is good, the code is not.
            let (_, answer) = post(&app, "/aas/oauth2/te", &request).await;
            assert_eq!(code(&answer), "ESIA-007011", "{form:?} {number}");
        }
    }
    app.end().await;
}

/// While one certificate follows another, both sign; which one it was is told by
/// the signature or by the hash, of either function and in either case.
#[tokio::test]
async fn each_of_several_certificates_signs() {
    for (kind, v1) in [(Kind::Rsa, true), (Kind::Gost256, false)] {
        let mut party = Party::new(kind);
        let mut next = party
            .authority
            .certify("/C=RU/O=RP/CN=next.rp.example", TERM, "");
        let files = json!({ "certificate_files": [party.certificate.file, next.file] });
        let app = party.app(files).await;
        for number in 0..2 {
            let mut request = ac(&app, &format!("s{number}"), "openid");
            let path = match v1 {
                true => {
                    party.cms(&mut request);
                    "/aas/oauth2/ac"
                }
                false => {
                    party.raw(&mut request, AC_V2);
                    let pem = std::fs::read(&party.certificate.file).unwrap();
                    let read = propusk::signature::SignerCertificate::read(&pem).unwrap();
                    let hash = read.hashes()[1].to_lowercase();
                    set(&mut request, "client_certificate_hash", &hash);
                    "/aas/oauth2/v2/ac"
                }
            };
            assert_eq!(sent(&app, path, &request).await.0, "/sign-in", "{kind:?}");
            // Without a hash each is tried.
            let mut request = refresh(&app, &format!("r{number}"), "no such token");
            party.raw(&mut request, crate::support::esia::REFRESH_V3);
            request
                .retain(|(name, _)| !matches!(*name, "client_certificate_hash" | "redirect_uri"));
            let (_, answer) = post(&app, "/aas/oauth2/v3/te", &request).await;
            assert_eq!(code(&answer), "ESIA-007011", "{kind:?}");
            std::mem::swap(&mut party.certificate, &mut next);
        }
        app.end().await;
    }
}

/// Certificates are of whatever curve their authority likes.
#[tokio::test]
async fn every_gost_curve_signs_at_both_generations() {
    let short = ["A", "B", "C", "XA", "XB", "TCA", "TCB", "TCC", "TCD"];
    let long = ["A", "B", "C"];
    let kinds = [
        short
            .map(|set| Kind::Gost256Of(format!("paramset:{set}").leak()))
            .to_vec(),
        long.map(|set| Kind::Gost512Of(format!("paramset:{set}").leak()))
            .to_vec(),
    ];
    for kind in kinds.concat() {
        let party = Party::new(kind);
        let app = party.app(json!({})).await;
        let mut request = ac(&app, "first", "openid");
        party.cms(&mut request);
        let ended = sent(&app, "/aas/oauth2/ac", &request).await;
        assert_eq!(ended.0, "/sign-in", "{kind:?}");
        let mut request = ac(&app, "second", "openid");
        party.raw(&mut request, AC_V2);
        let ended = sent(&app, "/aas/oauth2/v2/ac", &request).await;
        assert_eq!(ended.0, "/sign-in", "{kind:?}");
        app.end().await;
    }
}

/// Some programs sign attributes in the order in which they send them, which is
/// not that of DER.
#[tokio::test]
async fn attributes_may_be_signed_in_another_order() {
    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({})).await;
    let mut request = ac(&app, "s", "openid");
    let signed = text(&request, V1);
    let options = ["-binary", "-outform", "DER"];
    let mut file = party.certificate.sign_with(signed.as_bytes(), &options);
    let info = ContentInfo::from_der(&file).unwrap();
    let data: SignedData = info.content.decode_as().unwrap();
    let signer = &data.signer_infos.0.as_slice()[0];
    let attributes = signer.signed_attrs.as_ref().unwrap();
    let written: Vec<Vec<u8>> = attributes.iter().map(|one| one.to_der().unwrap()).collect();
    let other: Vec<u8> = written.iter().rev().flatten().copied().collect();
    assert_ne!(written.concat(), other);
    let whole = attributes.to_der().unwrap();
    let head = &whole[..whole.len() - other.len()];
    let value = party.certificate.sign_raw(&[head, &other].concat());
    for (old, new) in [
        (written.concat(), other),
        (signer.signature.as_bytes().to_vec(), value),
    ] {
        let at = file
            .windows(old.len())
            .position(|part| part == old)
            .unwrap();
        file[at..at + old.len()].copy_from_slice(&new);
    }
    set(&mut request, "client_secret", &URL_SAFE_NO_PAD.encode(file));
    let ended = sent(&app, "/aas/oauth2/ac", &request).await;
    assert_eq!(ended.0, "/sign-in");
    app.end().await;
}
