//! Distinguished names as they are compared: a registered one is text (RFC
//! 4514), that of a certificate DER, and the two may differ in case, blanks and
//! the kind of string without being different names (RFC 5280 §7.1).

use std::str::FromStr as _;

use der::asn1::ObjectIdentifier;
use der::{Encode as _, Tag, Tagged as _};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::RdnSequence;

/// A name in its normal form, the order of a certificate: country first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Vec<(ObjectIdentifier, String)>>);

impl DistinguishedName {
    /// Reads `CN=portal,O=Region,C=RU`. Blanks around the divisions count for
    /// nothing: programs print them.
    pub fn parse(text: &str) -> Option<Self> {
        let mut all = split(text, ',')
            .map(|relative| {
                let attributes = split(relative, '+')
                    .map(|one| AttributeTypeAndValue::from_str(one.trim()).ok())
                    .collect::<Option<Vec<_>>>()?;
                relative_name(&attributes)
            })
            .collect::<Option<Vec<_>>>()?;
        // RFC 4514 §2.1 writes the last first.
        all.reverse();
        Some(Self(all))
    }

    /// The name that a certificate carries; none where it is empty.
    pub fn of(name: &RdnSequence) -> Option<Self> {
        let all = name.0.iter().map(|one| relative_name(one.0.as_slice()));
        let all = all.collect::<Option<Vec<_>>>()?;
        (!all.is_empty()).then_some(Self(all))
    }
}

/// The parts of a text between marks that are not escaped.
fn split(text: &str, mark: char) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    text.split(move |c: char| {
        let divides = c == mark && !escaped;
        escaped = c == '\\' && !escaped;
        divides
    })
}

fn relative_name(attributes: &[AttributeTypeAndValue]) -> Option<Vec<(ObjectIdentifier, String)>> {
    let mut all = attributes
        .iter()
        .map(|one| Some((one.oid, normal_value(one)?)))
        .collect::<Option<Vec<_>>>()?;
    // A set has no order.
    all.sort();
    Some(all)
}

/// The value without case and repeated blanks, whatever string it was; another
/// kind of value by its bytes.
fn normal_value(attribute: &AttributeTypeAndValue) -> Option<String> {
    let value = &attribute.value;
    match value.tag() {
        Tag::PrintableString | Tag::Utf8String | Tag::Ia5String => {
            let text = std::str::from_utf8(value.value()).ok()?.to_lowercase();
            Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        _ => {
            let bytes = value.to_der().ok()?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            Some(format!("#{hex}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        DistinguishedName::parse(one).unwrap() == DistinguishedName::parse(other).unwrap()
    }

    #[test]
    fn case_blanks_and_the_kind_of_string_do_not_matter() {
        assert!(same(
            "CN=Portal,O=Region 34,C=RU",
            "cn=portal, o=Region  34, c=ru"
        ));
        assert!(same("CN=Портал,C=RU", "CN=ПОРТАЛ,C=RU"));
        assert!(same("CN=a+OU=b,C=RU", "OU=b+CN=a,C=RU"));
        assert!(same("2.5.4.3=portal,C=RU", "CN=portal,C=RU"));
        assert!(same(r"CN=a\, b,C=RU", r"CN=a\2c b,C=RU"));
    }

    #[test]
    fn other_names_are_other_names() {
        for other in [
            "CN=portal,O=Region",
            "CN=portal",
            "C=RU,O=Region,CN=portal",
            "CN=portal,CN=portal,O=Region,C=RU",
            "CN=portal2,O=Region,C=RU",
            r"CN=portal\,O=Region,C=RU",
            "CN=portal+O=Region,C=RU",
            "OU=portal,O=Region,C=RU",
        ] {
            assert!(!same("CN=portal,O=Region,C=RU", other), "{other}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "portal", "CN=a,", ",CN=a", "nonsense=a", "CN=#zz", "=a"] {
            assert!(DistinguishedName::parse(text).is_none(), "{text}");
        }
    }
}
