//! An organisation that a relying party of ESIA's dialect belongs to, in the
//! words of its registration. People belong to none here.

use serde::{Deserialize, Serialize};

/// What kind of organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrganisationType {
    /// A legal entity.
    #[default]
    Legal,
    /// A sole trader.
    Business,
    /// An authority of the state.
    Agency,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its number in this dialect.
    pub oid: i64,
    pub full_name: String,
    pub short_name: String,
    /// 13 digits, 15 of a sole trader.
    pub ogrn: String,
    /// 10 digits, 12 of a sole trader.
    #[serde(default)]
    pub inn: Option<String>,
    /// 9 digits.
    #[serde(default)]
    pub kpp: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: OrganisationType,
    /// Keys (UUIDs) that its system names when it asks for a token without a
    /// person. Not secret: such a request is signed.
    #[serde(default)]
    pub api_keys: Vec<String>,
}

impl Organisation {
    /// What is wrong with it, with the mend.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let digits = |text: &str, lengths: &[usize]| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if self.oid < 1 {
            faults.push("oid must be a number from 1".to_owned());
        }
        if self.full_name.is_empty() || self.short_name.is_empty() {
            faults.push("full_name and short_name must be there".to_owned());
        }
        for (name, value, lengths) in [
            ("ogrn", Some(&self.ogrn), &[13, 15][..]),
            ("inn", self.inn.as_ref(), &[10, 12]),
            ("kpp", self.kpp.as_ref(), &[9]),
        ] {
            if value.is_some_and(|value| !digits(value, lengths)) {
                faults.push(format!("{name} must have {lengths:?} digits"));
            }
        }
        for key in &self.api_keys {
            let is_written_so =
                uuid::Uuid::parse_str(key).is_ok_and(|read| read.hyphenated().to_string() == *key);
            if !is_written_so {
                faults.push(format!("api_keys: {key} must be a UUID in small letters"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_name_the_field_and_the_mend() {
        let good = Organisation {
            oid: 1_000_000_777,
            full_name: "ООО «Пример»".to_owned(),
            short_name: "Пример".to_owned(),
            ogrn: "1000000000007".to_owned(),
            inn: None,
            kpp: None,
            kind: OrganisationType::Legal,
            api_keys: vec!["0f8fad5b-d9cb-469f-a165-70867728950e".to_owned()],
        };
        assert!(good.faults().is_empty());
        let bad = Organisation {
            oid: 0,
            short_name: String::new(),
            ogrn: "1".to_owned(),
            inn: Some("ИНН".to_owned()),
            kpp: Some("12345678".to_owned()),
            api_keys: vec!["key".to_owned()],
            ..good
        };
        let faults = bad.faults().join("; ");
        for field in ["oid", "short_name", "ogrn", "inn", "kpp", "api_keys"] {
            assert!(faults.contains(field), "{field}: {faults}");
        }
    }
}
