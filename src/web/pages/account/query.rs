//! What the address of a list asks for: filters, order, number of the page.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use crate::texts::Texts;
use crate::web::page::Pages;

/// The fields after `?`. Strange ones are ignored: an address is typed, kept
/// and cut off by mail programs.
pub struct Query(Vec<(String, String)>);

/// Nobody leafs further; and an offset must not overflow.
const LAST_PAGE: u64 = 100_000;

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

impl Query {
    /// A field; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// A field that must be one of these.
    pub fn one_of<'a>(
        &self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        let text = self.text(name);
        known.into_iter().find(|known| *known == text)
    }

    /// What has just been done, if the address names one of these flags: the
    /// flag after a redirect chooses a text and brings none of its own.
    pub fn done(&self, flags: &[(&str, &str)], texts: Texts) -> Option<String> {
        let flag = self.text("done");
        let (_, key) = flags.iter().find(|(name, _)| *name == flag)?;
        Some(texts.t(key))
    }

    /// The number of the page, from 1.
    pub fn page(&self) -> u64 {
        self.text("page").parse().unwrap_or(1).clamp(1, LAST_PAGE)
    }
}

/// An address with those fields that say something.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A part of a long list. One line more than is shown is asked for: it tells
/// whether another page follows, and nothing has to be counted.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Number of the page, from 1.
    pub number: u64,
    /// Lines on a page.
    pub lines: usize,
}

impl Part {
    /// How many lines to ask for.
    pub fn limit(self) -> i64 {
        i64::try_from(self.lines)
            .unwrap_or(i64::MAX)
            .saturating_add(1)
    }

    /// How many lines to leave out.
    pub fn offset(self) -> i64 {
        let before = (self.number - 1).saturating_mul(self.lines as u64);
        i64::try_from(before).unwrap_or(i64::MAX)
    }

    /// Cuts the extra line off and links the neighbouring pages; `fields` are
    /// kept in their addresses.
    pub fn cut<T>(self, lines: &mut Vec<T>, path: &str, fields: &[(&str, &str)]) -> Pages {
        let more = lines.len() > self.lines;
        lines.truncate(self.lines);
        let page = |number: u64| {
            let number = number.to_string();
            let mut fields = fields.to_vec();
            if number != "1" {
                fields.push(("page", &number));
            }
            address(path, &fields)
        };
        Pages {
            previous: (self.number > 1).then(|| page(self.number - 1)),
            next: more.then(|| page(self.number + 1)),
            number: self.number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    #[test]
    fn strange_fields_are_harmless() {
        assert_eq!(query("page=0").page(), 1);
        assert_eq!(query("page=-3").page(), 1);
        assert_eq!(query("page=99999999999999999999999").page(), 1);
        let last = Part {
            number: query("page=18446744073709551615").page(),
            lines: 50,
        };
        assert!(last.offset() > 0);
        assert_eq!(query("status=nonsense").one_of("status", ["success"]), None);
        assert_eq!(
            query("done=<b>").done(&[("saved", "save")], Texts::default()),
            None
        );
    }

    #[test]
    fn neighbouring_pages_keep_the_filter() {
        let part = Part {
            number: 2,
            lines: 2,
        };
        assert_eq!((part.limit(), part.offset()), (3, 2));
        let mut lines = vec![1, 2, 3];
        let pages = part.cut(&mut lines, "/list", &[("from", ""), ("kind", "a b")]);
        assert_eq!(lines, [1, 2]);
        assert_eq!(pages.previous.as_deref(), Some("/list?kind=a+b"));
        assert_eq!(pages.next.as_deref(), Some("/list?kind=a+b&page=3"));
        assert_eq!(part.cut(&mut lines, "/list", &[]).next, None);
    }
}
