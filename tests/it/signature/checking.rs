//! What is taken for a signature, and why anything else is not.

use proptest::prelude::*;
use propusk::account::proofing::e_signature::{
    Certified, Revocation, SignatureRefused as Refused, SignatureSettings, Trust, check,
};
use propusk::model::timestamp::Timestamp;

use crate::support::app::START;
use crate::support::authority::{ANNA, Authority, Certificate, Kind, QUALIFIED, TERM};

const TEXT: &[u8] = "Подпись для сайта\r\nНомер: 1\r\n".as_bytes();

fn trust(authority: &Authority) -> Trust {
    Trust::read(&authority.trusted(), &SignatureSettings::default()).unwrap()
}

fn checked(authority: &Authority, file: &[u8]) -> Result<Certified, Refused> {
    check(file, TEXT, &trust(authority), START)
}

fn refused(authority: &Authority, certificate: &Certificate) -> Refused {
    checked(
        authority,
        &certificate.sign_with(TEXT, &["-binary", "-outform", "DER"]),
    )
    .unwrap_err()
}

#[test]
fn each_algorithm_is_taken_and_the_person_is_named() {
    for kind in [Kind::Rsa, Kind::Ec, Kind::Gost256, Kind::Gost512] {
        let authority = Authority::new(kind, "Тестовый УЦ");
        let anna = authority.anna();
        for format in ["DER", "PEM"] {
            let file = anna.sign_with(TEXT, &["-outform", format, "-binary"]);
            let found =
                checked(&authority, &file).unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
            assert_eq!(found.subject.snils.as_str(), "00000030000");
            assert_eq!(found.subject.family_name, "СОКОЛОВА");
            assert_eq!(found.subject.given_names, "Анна Павловна");
            assert_eq!(found.subject.inn.unwrap().as_str(), "500100732259");
            assert_eq!(found.issuer, "Тестовый УЦ");
            assert_eq!(found.serial, "1001");
            assert_eq!(found.ends_at, Timestamp::from_seconds(1_798_761_600));
        }
        // Without signed attributes, with the text inside, taken for a letter.
        for more in [&["-noattr", "-binary"][..], &["-nodetach", "-binary"], &[]] {
            let mut more = more.to_vec();
            more.extend(["-outform", "DER"]);
            assert!(
                checked(&authority, &anna.sign_with(TEXT, &more)).is_ok(),
                "{kind:?} {more:?}"
            );
        }
    }
}

#[test]
fn base64_without_lines_around_it_is_read() {
    use base64::Engine as _;
    let authority = Authority::new(Kind::Ec, "CA");
    let file = authority.anna().sign(TEXT);
    let text = base64::engine::general_purpose::STANDARD.encode(file);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line))
        .collect();
    assert!(checked(&authority, lines.join("\r\n").as_bytes()).is_ok());
}

#[test]
fn another_text_and_a_broken_signature_are_told_apart() {
    let authority = Authority::new(Kind::Gost256, "CA");
    let anna = authority.anna();
    let other = anna.sign(b"another text\r\n");
    assert_eq!(checked(&authority, &other), Err(Refused::OtherText));
    // The text that was signed is in the file, and is not what we gave.
    let inside = anna.sign_with(b"another text\r\n", &["-nodetach", "-outform", "DER"]);
    assert_eq!(checked(&authority, &inside), Err(Refused::OtherText));
    let bare = anna.sign_with(b"another text\r\n", &["-noattr", "-outform", "DER"]);
    assert_eq!(checked(&authority, &bare), Err(Refused::OtherText));
    let mut broken = anna.sign(TEXT);
    let last = broken.len() - 1;
    broken[last] ^= 1;
    assert_eq!(checked(&authority, &broken), Err(Refused::Broken));
}

#[test]
fn terms_usages_policies_and_subjects_are_looked_at() {
    let authority = Authority::new(Kind::Ec, "CA");
    let with = |subject: &str, term, extensions: &str| {
        refused(&authority, &authority.certify(subject, term, extensions))
    };
    let over = ["20250101000000Z", "20260324000000Z"];
    assert_eq!(with(ANNA, over, QUALIFIED), Refused::Expired);
    let ahead = ["20260401000000Z", "20270101000000Z"];
    assert_eq!(with(ANNA, ahead, QUALIFIED), Refused::NotYetValid);
    let policy = "certificatePolicies=1.2.643.100.113.1\n";
    let usage = format!("keyUsage=critical,keyEncipherment\n{policy}");
    assert_eq!(with(ANNA, TERM, &usage), Refused::WrongUsage);
    assert_eq!(with(ANNA, TERM, policy), Refused::WrongUsage);
    assert_eq!(
        with(ANNA, TERM, "keyUsage=digitalSignature\n"),
        Refused::NotQualified
    );
    let simple = "keyUsage=digitalSignature\ncertificatePolicies=1.2.3.4\n";
    assert_eq!(with(ANNA, TERM, simple), Refused::NotQualified);
    let company = format!("{ANNA}/O=ООО Ромашка");
    assert_eq!(with(&company, TERM, QUALIFIED), Refused::OfOrganisation);
    let company = format!("{ANNA}/OGRN=1027700132195");
    assert_eq!(with(&company, TERM, QUALIFIED), Refused::OfOrganisation);
    let nobody = "/CN=Соколова Анна/SN=Соколова/GN=Анна";
    assert_eq!(with(nobody, TERM, QUALIFIED), Refused::NoSnils);
    let wrong = "/SN=Соколова/GN=Анна/SNILS=12345678900";
    assert_eq!(with(wrong, TERM, QUALIFIED), Refused::NoSnils);
    assert_eq!(
        with("/CN=Анна/SNILS=00000030000", TERM, QUALIFIED),
        Refused::NoName
    );
    // Names of the common name alone.
    let common = "/CN=Соколова Анна Павловна/SNILS=00000030000";
    let anna = authority.certify(common, TERM, QUALIFIED);
    let found = checked(&authority, &anna.sign(TEXT)).unwrap();
    assert_eq!(found.subject.given_names, "Анна Павловна");
}

#[test]
fn weak_algorithms_are_refused() {
    let authority = Authority::new(Kind::Rsa, "CA");
    let short = authority.certify_kind(Kind::Rsa1024, ANNA, TERM, QUALIFIED);
    assert_eq!(refused(&authority, &short), Refused::WeakAlgorithm);
    let anna = authority.anna();
    for digest in ["sha1", "md5"] {
        let file = anna.sign_with(TEXT, &["-outform", "DER", "-md", digest]);
        assert_eq!(
            checked(&authority, &file),
            Err(Refused::WeakAlgorithm),
            "{digest}"
        );
    }
}

#[test]
fn only_trusted_authorities_count_and_their_lists_are_kept_to() {
    let authority = Authority::new(Kind::Gost512, "CA");
    let (anna, taken_back) = (authority.anna(), authority.anna());
    // Of the same name, and not the same.
    let other = Authority::new(Kind::Gost512, "CA");
    assert_eq!(
        refused(&authority, &other.anna()),
        Refused::UnknownAuthority
    );
    authority.revoke(&taken_back);
    assert_eq!(refused(&authority, &taken_back), Refused::Revoked);
    let file = anna.sign(TEXT);
    assert!(checked(&authority, &file).is_ok());
    // A list that is out of date, and none at all.
    authority.publish(["20260101000000Z", "20260301000000Z"]);
    assert_eq!(checked(&authority, &file), Err(Refused::RevocationUnknown));
    let lenient = SignatureSettings {
        revocation: Revocation::IfPresent,
        ..SignatureSettings::default()
    };
    let read = || Trust::read(&authority.trusted(), &lenient).unwrap();
    assert_eq!(read().lists(START), (0, 1));
    assert!(check(&file, TEXT, &read(), START).is_ok());
    // Whom an old list names is still named.
    let named = check(&taken_back.sign(TEXT), TEXT, &read(), START);
    assert_eq!(named, Err(Refused::Revoked));
    std::fs::remove_file(authority.trusted().join("ca.crl")).unwrap();
    assert_eq!(checked(&authority, &file), Err(Refused::RevocationUnknown));
    assert!(check(&file, TEXT, &read(), START).is_ok());
}

#[test]
fn whoever_is_taken_back_counts_anywhere_in_the_chain() {
    let authority = Authority::new(Kind::Ec, "CA");
    let (intermediate, below) = authority.below();
    let file = below.anna().sign(TEXT);
    let lenient = SignatureSettings {
        revocation: Revocation::IfPresent,
        ..SignatureSettings::default()
    };
    let read = || Trust::read(&authority.trusted(), &lenient).unwrap();
    // There is no list of the authority below.
    assert_eq!(checked(&authority, &file), Err(Refused::RevocationUnknown));
    assert!(check(&file, TEXT, &read(), START).is_ok());
    authority.revoke(&intermediate);
    let named = check(&file, TEXT, &read(), START);
    assert_eq!(named, Err(Refused::Revoked));
}

#[test]
fn a_certificate_of_a_person_certifies_nobody() {
    let authority = Authority::new(Kind::Ec, "CA");
    let anna = authority.anna();
    let [file, key] = anna.files();
    // Anna's key signs a certificate for somebody else.
    std::fs::copy(file, authority.folder.join("ca.pem")).unwrap();
    std::fs::copy(key, authority.folder.join("ca.key")).unwrap();
    let forged = authority.certify("/CN=X/SN=Иванов/GN=Иван/SNILS=00000030300", TERM, QUALIFIED);
    let signed = forged.sign_with(TEXT, &["-outform", "DER", "-certfile", file]);
    assert_eq!(checked(&authority, &signed), Err(Refused::UnknownAuthority));
}

#[test]
fn what_is_no_signature_is_said_to_be_none() {
    let authority = Authority::new(Kind::Ec, "CA");
    let anna = authority.anna();
    for none in [
        &b""[..],
        b"MIIB",
        b"\x30\x82",
        b"%PDF-1.7",
        "привет".as_bytes(),
        b"-----BEGIN CMS-----\n",
    ] {
        assert_eq!(
            checked(&authority, none),
            Err(Refused::NotASignature),
            "{none:?}"
        );
    }
    let file = anna.sign(TEXT);
    let mut longer = file.clone();
    longer.push(0);
    assert_eq!(checked(&authority, &longer), Err(Refused::NotASignature));
    let without = anna.sign_with(TEXT, &["-outform", "DER", "-nocerts"]);
    assert_eq!(checked(&authority, &without), Err(Refused::NoCertificate));
    assert_eq!(
        checked(&authority, &vec![b'A'; 65 * 1024]),
        Err(Refused::TooLarge)
    );
}

#[test]
fn no_bytes_make_the_reader_panic() {
    let authority = Authority::new(Kind::Ec, "CA");
    let (file, trust) = (authority.anna().sign(TEXT), trust(&authority));
    proptest!(ProptestConfig::with_cases(300), |(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        at in 0..file.len(), flip in 1..=255_u8, cut in 0..file.len(),
    )| {
        prop_assert!(check(&bytes, TEXT, &trust, START).is_err());
        let mut sequence = vec![0x30, 0x82, 1, 0];
        sequence.extend(&bytes);
        prop_assert!(check(&sequence, TEXT, &trust, START).is_err());
        prop_assert!(check(&file[..cut], TEXT, &trust, START).is_err());
        // A bit of what nobody signed may change; nobody else comes of it.
        let mut changed = file.clone();
        changed[at] ^= flip;
        if let Ok(found) = check(&changed, TEXT, &trust, START) {
            prop_assert_eq!(found.subject.snils.as_str(), "00000030000");
        }
    });
}

/// Signatures made by another program, of every GOST parameter set in use. Their
/// certificates begin after the moment of tests and are nobody's: what is looked
/// at before that is right.
#[test]
fn signatures_of_another_program_are_read() {
    let authority = Authority::new(Kind::Ec, "CA");
    let vectors = include_str!("vectors.json");
    let vectors: Vec<serde_json::Value> = serde_json::from_str(vectors).unwrap();
    assert_eq!(vectors.len(), 10);
    for vector in &vectors {
        let of = |name: &str| vector[name].as_str().unwrap().as_bytes();
        let verdict = |text: &[u8]| check(of("cms"), text, &trust(&authority), START).unwrap_err();
        assert_eq!(
            verdict(of("text")),
            Refused::NotYetValid,
            "{}",
            vector["key"]
        );
        assert_eq!(verdict(b"another"), Refused::OtherText, "{}", vector["key"]);
    }
}
