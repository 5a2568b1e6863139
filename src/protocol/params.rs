//! Parameters as they came, each at most once (RFC 6749 §3.1, §3.2) but for
//! those that may repeat.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::error::{ErrorCode, OAuthError};

/// The parameters of a request. An empty value counts as absent (RFC 6749
/// §3.1).
#[derive(Clone, Debug, Default)]
pub struct Params {
    values: HashMap<String, String>,
    /// Every value of those that may repeat, in order.
    several: BTreeMap<String, Vec<String>>,
    repeated: BTreeSet<String>,
}

/// What may come more than once (RFC 8707 §2).
const MAY_REPEAT: [&str; 1] = ["resource"];

impl Params {
    /// Reads `application/x-www-form-urlencoded` text: a query or a body.
    pub fn parse(encoded: &[u8]) -> Self {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(encoded) {
            let name = name.into_owned();
            if MAY_REPEAT.contains(&name.as_str()) {
                params.add(&name, &value);
                continue;
            }
            if params
                .values
                .insert(name.clone(), value.into_owned())
                .is_some()
            {
                params.repeated.insert(name);
            }
        }
        params
    }

    /// The parameters as form-encoded text.
    pub fn encoded(&self) -> String {
        let mut names: Vec<_> = self.values.keys().collect();
        names.sort();
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(names.into_iter().map(|name| (name, &self.values[name])));
        for (name, values) in &self.several {
            text.extend_pairs(values.iter().map(|value| (name, value)));
        }
        text.finish()
    }

    /// Every value of a parameter that may repeat, but empty ones.
    pub fn every(&self, name: &str) -> Vec<&str> {
        let values = self.several.get(name).into_iter().flatten();
        values
            .map(String::as_str)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Adds a value of a parameter that may repeat.
    pub fn add(&mut self, name: &str, value: &str) {
        let values = self.several.entry(name.to_owned()).or_default();
        values.push(value.to_owned());
    }

    /// Puts this value in the place of any other.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), value.to_owned());
    }

    /// Leaves these out.
    pub fn remove(&mut self, names: &[&str]) {
        self.values
            .retain(|name, _| !names.contains(&name.as_str()));
    }

    /// Lets the values of `other` win over ours.
    pub fn lay_over(&mut self, other: Self) {
        self.values.extend(other.values);
        self.several.extend(other.several);
        self.repeated.extend(other.repeated);
    }

    /// Refuses a request that repeats a parameter.
    ///
    /// # Errors
    /// `invalid_request` when one came twice.
    pub fn each_once(&self) -> Result<(), OAuthError> {
        match self.repeated.first() {
            None => Ok(()),
            Some(name) if name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => {
                Err(ErrorCode::InvalidRequest.because(format!("the parameter {name} is repeated")))
            }
            Some(_) => Err(ErrorCode::InvalidRequest.because("a parameter is repeated")),
        }
    }

    /// Refuses a request that repeats this parameter.
    ///
    /// # Errors
    /// As [`Self::each_once`].
    pub fn once(&self, name: &str) -> Result<(), OAuthError> {
        if self.repeated.contains(name) {
            self.each_once()
        } else {
            Ok(())
        }
    }

    /// The value of a parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request` naming it.
    pub fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| ErrorCode::InvalidRequest.because(format!("{name} is missing")))
    }
}

impl FromIterator<(String, String)> for Params {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        Self {
            values: pairs.into_iter().collect(),
            several: BTreeMap::new(),
            repeated: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_is_refused_and_an_empty_one_is_absent() {
        let params = Params::parse(b"a=1&b=&c=%20x");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.get("b"), None);
        assert_eq!(params.get("c"), Some(" x"));
        assert!(params.each_once().is_ok());
        let twice = Params::parse(b"scope=a&scope=b").each_once().unwrap_err();
        assert_eq!(twice.description, "the parameter scope is repeated");
        let hostile = Params::parse(b"%22%5C=a&%22%5C=b").each_once().unwrap_err();
        assert_eq!(hostile.description, "a parameter is repeated");
    }
}
